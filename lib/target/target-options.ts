import { Duration } from 'aws-cdk-lib';
import { EventFormat } from './event-format';
import { OrderingKey } from './ordering-key';
import { RetryPolicy } from './retry-policy';
import { WebhookTransform } from './webhook-transform';

/** Of an attempt, where a target says nothing. */
export const DEFAULT_ATTEMPT_TIMEOUT = Duration.seconds(15);

/**
 * Patterns in the grammar of EventBridge, each for a part of an event: all that are given must match. A pattern is JSON, or made with
 * `Match` of `aws-cdk-lib/aws-events`.
 */
export interface WebhookFilter {
  /**
   * A pattern for the body. A body that is not JSON does not match it.
   *
   * @default - any body
   */
  readonly body?: { [field: string]: any };

  /**
   * A pattern for the headers of the sender's request, by lower-case name. What proves the request, such as a signature or a token,
   * cannot be asked for.
   *
   * @default - any headers
   */
  readonly headers?: { [name: string]: any };

  /**
   * A pattern for `id`, `source`, `type`, `time` and `providerId`.
   *
   * @default - any event
   */
  readonly metadata?: { [field: string]: any };
}

/**
 * Which events a target takes.
 */
export interface WebhookRouteOptions {
  /**
   * Names of the sources whose events the target takes, one or more.
   *
   * @default - all sources of the gateway
   */
  readonly sources?: string[];

  /**
   * Types of the events that the target takes, e.g. `invoice.paid`. `*` stands for any run of characters, dots too: `invoice.*`. An event
   * without a type is taken only where `*` itself is in the list.
   *
   * @default - events of all types, and those without one
   */
  readonly eventTypes?: string[];

  /**
   * What an event must hold. It is asked before the event is queued, so what a target does not want costs it nothing; an event that no
   * target wants is acknowledged and logged as `unrouted`.
   *
   * @default - anything
   */
  readonly filter?: WebhookFilter;
}

/**
 * What every target can say, whatever its kind.
 */
export interface WebhookTargetOptions extends WebhookRouteOptions {
  /**
   * What becomes of an event before it is sent. It runs in the target's own function, at each attempt.
   *
   * @default - the event stays as it is
   */
  readonly transform?: WebhookTransform;

  /**
   * The form in which the target gets its events. It is given to them after the transform.
   *
   * @default EventFormat.ORIGINAL
   */
  readonly format?: EventFormat;

  /**
   * Names of further headers of the sender's request that travel with the event. An HTTP target gets them as headers; a transform and the
   * JSON document of an event have them among the others. Messages of queues and topics and objects have no place for them.
   *
   * They are kept in the queue. Refused are names that HTTP itself or the signature uses: `Host`, `Content-Length`, `Connection` and its
   * like, `Authorization`, `Cookie`, and all that begin with `webhook-`; a header that travels from none of its
   * sources, as signatures and tokens never do, is an error at synth.
   *
   * @default - none: those travel that tell what the body is, who sent it, and what its id, type and time are. Of these an HTTP target
   * gets `Content-Type` and `Content-Encoding`
   */
  readonly forwardHeaders?: string[];

  /**
   * When a failed delivery is tried again, and when it is given up.
   *
   * @default RetryPolicy.standard()
   */
  readonly retryPolicy?: RetryPolicy;

  /**
   * Total time of one attempt, from the name look-up to the response's headers: 1 to 30 seconds, whole.
   *
   * @default Duration.seconds(15)
   */
  readonly timeout?: Duration;

  /**
   * Keeps the order of events that have the same value: the next one waits until the one before it is delivered or given up, so
   * one that fails holds up those behind it for as long as its retries last.
   *
   * The queue is a FIFO queue then, which costs a quarter more. Turning the order on or off gives the target a new queue, and what
   * waits in the old one is delivered by nobody: add a second target with the order, and set `retired` on the first.
   *
   * @default - no order
   */
  readonly orderingKey?: OrderingKey;

  /**
   * Requests that may be on their way to the target at once: a whole number from 2 to 10,000, with an `orderingKey` to 1,000. The
   * limit of Lambda is in functions, of which there are at least two, with up to ten events each: it is rounded down to an even
   * number below 20, and to a multiple of ten above. A probe of a target that is down is one request more.
   *
   * @default - as many as Lambda takes from the queue, up to some thousands
   */
  readonly maxInFlight?: number;

  /**
   * Attempts a second, 0.1 to 5,000, about. Lambda has no such limit, so it is shared out: each of the functions that may run at
   * once begins no more than its share. There are so many as `maxInFlight` says, or one for each five attempts a second, but at least two.
   *
   * Within a second there are never more attempts than this and one for each of these functions. There may be as few as one function's
   * share, while no more than one runs because few events wait.
   *
   * @default - no limit
   */
  readonly maxRatePerSecond?: number;

  /**
   * False pauses the target: its events wait in the queue, for as long as its retries may last, and nothing is delivered.
   *
   * A deployment that takes this away again may leave the event source mapping off, because the template then says nothing of it: a target
   * that the gateway paused itself must stay paused. Enable the mapping once in that case.
   *
   * @default true
   */
  readonly enabled?: boolean;

  /**
   * True lets the target run empty: it takes no new events, and what waits in its queues is delivered or stays. Remove the target once
   * both queues are empty.
   *
   * @default false
   */
  readonly retired?: boolean;
}
