import type { KeeperCalls, MetricPoint, ProbeEvent, ReceivedMessage } from '../../lambda/keeper/calls';
import { createHandler } from '../../lambda/keeper/handler';
import { BREAKER_TAG, readBreakerState } from '../../lib/contract/breaker';
import type { KeeperConfig } from '../../lib/contract/config';
import { VISIBILITY_PER_FUNCTION_TIMEOUT } from '../../lib/contract/retry';
import type { Timer } from '../../local/clock';
import type { QueueMessage } from '../../local/lambda/sqs-event';
import { type Environment, type Handler, SimulatedFunction } from './environment';
import { judgeDeadLetter } from './judge';
import type { TargetMapping } from './mapping';
import { functionTimeoutSeconds, STANDARD_RETRY } from './options';
import { markHandle, numberIn, readHandle } from './post';
import { STORE } from './store';
import { GATEWAY, queuesOf, targetOptions, type WorldParts } from './world-parts';

const CALL = { timeoutMs: 2_000, tries: 2 };
const MINUTE_MS = 60_000;
const TIMEOUT_SECONDS = 55;

interface Message {
  readonly target: string;
  readonly number: number;
  /** Done with, and SQS does not know it yet. */
  achieved: boolean;
}

/** Messages that an invocation has received, by receipt handle. */
type Held = Map<string, Message>;

/** What is deleted is done with: of several messages of an event it was this one, and not another, that was taken for it. */
function claim(held: Held, handle: string): void {
  const own = held.get(handle);
  if (!own || own.achieved) return;
  const other = [...held.values()].find(({ achieved, target, number }) => achieved && target === own.target && number === own.number);
  if (other) [own.achieved, other.achieved] = [true, false];
}

/** The keeper's function on its schedule, with AWS around it. */
export class Keeper {
  private readonly function: SimulatedFunction;
  private readonly changes = new Map<string, { opened: number; closed: number }>();
  private timer: Timer | undefined;

  constructor(
    private readonly functions: { readonly [target: string]: SimulatedFunction },
    private readonly mappings: { readonly [target: string]: TargetMapping },
    private readonly parts: WorldParts,
  ) {
    const { clock, metrics, store } = parts;
    const helds = new WeakMap<Environment, Held>();
    const config = this.config();
    this.function = new SimulatedFunction({
      clock,
      timeoutSeconds: TIMEOUT_SECONDS,
      create: (environment) => {
        const held: Held = new Map();
        helds.set(environment, held);
        const handler = createHandler({
          config, calls: this.calls(environment, held), ...(store && { table: store.of(environment, CALL, 'keeper: ') }),
          now: () => clock.now(), log: () => undefined,
          metrics: (line) => { if (!environment.dead) metrics.take(line); },
        }) as Handler;
        return (event, context) => {
          held.clear();
          return handler(event, context);
        };
      },
      onEnd: (environment, outcome) => {
        if (outcome === 'died') this.explainAll(helds.get(environment));
        return false;
      },
    });
  }

  start(): void {
    const { clock } = this.parts;
    this.timer = clock.schedule(clock.now() + MINUTE_MS, () => {
      void this.function.invoke({ 'detail-type': 'Scheduled Event' });
      this.start();
    });
  }

  stop(): void {
    this.timer?.cancel();
  }

  opened(target: string): number {
    return this.changes.get(target)?.opened ?? 0;
  }

  closed(target: string): number {
    return this.changes.get(target)?.closed ?? 0;
  }

  private config(): KeeperConfig {
    return {
      gateway: GATEWAY,
      ...(this.parts.store && { store: STORE }),
      targets: Object.fromEntries(Object.keys(this.functions).map((name) => {
        const { queue, deadLetterQueue } = queuesOf(this.parts, name);
        const options = targetOptions(this.parts, name);
        return [name, {
          queueUrl: queue.url, deadLetterQueueUrl: deadLetterQueue.url, mappingId: name, functionName: name, retry: options.retry ?? STANDARD_RETRY,
          visibilityTimeoutSeconds: functionTimeoutSeconds(options) * VISIBILITY_PER_FUNCTION_TIMEOUT,
        }];
      })),
    };
  }

  private calls(environment: Environment, held: Held): KeeperCalls {
    const { engine, faults, ledger, metrics } = this.parts;
    const call = <T>(name: string, work: () => T, onUnknown?: (fault: string) => void) => (
      faults.call(environment, `keeper: ${name}`, CALL, work, onUnknown)
    );
    const targetOf = (url: string) => Object.keys(this.functions).find((name) => {
      const { queue, deadLetterQueue } = queuesOf(this.parts, name);
      return queue.url === url || deadLetterQueue.url === url;
    }) as string;
    return {
      queue: (url) => call('GetQueueAttributes', () => {
        const { arn } = engine.queue(url);
        const { available: visible, inFlight, delayed } = engine.queue(url).counts();
        return { arn, visible, inFlight, delayed };
      }),
      tags: (url) => call('ListQueueTags', () => Object.fromEntries(engine.queue(url).tags)),
      tag: (url, key, value) => call('TagQueue', () => {
        if (key === BREAKER_TAG) this.noteChange(targetOf(url), engine.queue(url).tags.get(key), value);
        engine.queue(url).tags.set(key, value);
      }),
      untag: (url, key) => call('UntagQueue', () => void engine.queue(url).tags.delete(key)),
      receive: (url, most, visibilitySeconds) => call('ReceiveMessage', () => {
        const messages = engine.queue(url).receive({ maxMessages: most, visibilityTimeoutSeconds: visibilitySeconds }).map(received);
        for (const { ReceiptHandle, Body } of messages) held.set(ReceiptHandle, { target: targetOf(url), number: numberIn(Body), achieved: false });
        return messages;
      }),
      changeVisibility: (url, handle, seconds) => call('ChangeMessageVisibility', () => engine.queue(url).changeVisibility(readHandle(handle).handle, seconds)),
      deleteMessage: (url, handle) => {
        claim(held, handle);
        return call('DeleteMessage', () => engine.queue(url).delete(readHandle(handle).handle)).then(
          () => void held.delete(handle),
          (error: unknown) => {
            const message = held.get(handle);
            if (message?.achieved) this.explain(message, 'the keeper did not delete the message');
            held.delete(handle);
            throw error;
          },
        );
      },
      sendDeadLetter: (url, body, attributes, order) => {
        const target = targetOf(url);
        const event = ledger.events[numberIn(body)];
        let message: Message | undefined;
        return call('SendMessage', () => {
          engine.queue(url).send({ body, messageAttributes: attributes, ...order });
          // There may be several messages of one event.
          message = [...held.values()].find((found) => !found.achieved && found.target === target && found.number === event?.number);
          if (message) message.achieved = true;
          if (event) judgeDeadLetter(event, target, attributes, 'keeper', this.parts);
        }, (fault) => {
          if (!message || fault !== 'lost-response') return;
          message.achieved = false;
          this.explain(message, 'the dead letter was sent, and the keeper does not know');
        });
      },
      mappingState: (id) => call('GetEventSourceMapping', () => this.mapping(id).state),
      setMapping: (id, enabled) => call('UpdateEventSourceMapping', () => this.mapping(id).update(enabled)),
      probe: (name, event, timeoutMs) => this.probe(environment, held, name, event, timeoutMs),
      metricData: (queries, from, to) => call('GetMetricData', () => Object.fromEntries(queries.map(({ id, name, dimensions, stat }) => [
        id, metrics.read(name, dimensions, from, to).map(({ at, count, sum, max }): MetricPoint => ({
          at, value: { SampleCount: count, Sum: sum, Maximum: max }[stat],
        })),
      ]))),
    };
  }

  /** Calls a delivery function. The call may end, or its caller, before the function does. */
  private async probe(environment: Environment, held: Held, target: string, event: ProbeEvent, timeoutMs: number): Promise<unknown> {
    let unknown = false;
    const result = await this.parts.faults.call(environment, 'keeper: Invoke', { timeoutMs, tries: 1 }, async () => {
      const ended = await (this.functions[target] as SimulatedFunction).invoke(event);
      if (ended.outcome !== 'success') return ended;
      const { batchItemFailures } = JSON.parse(ended.payload) as { batchItemFailures: { itemIdentifier: string }[] };
      for (const { messageId, receiptHandle, body } of event.Records) {
        if (batchItemFailures.some(({ itemIdentifier }) => itemIdentifier === messageId)) continue;
        const message = held.get(receiptHandle);
        if (!unknown && !environment.dead && message) message.achieved = true;
        else this.explain({ target, number: numberIn(body) }, 'the keeper does not know what its probe achieved');
      }
      return ended;
    }, () => { unknown = true; });
    if (result.outcome !== 'success') throw new Error('the delivery function ended with an error');
    return JSON.parse(result.payload) as unknown;
  }

  private explainAll(held: Held | undefined): void {
    for (const message of held?.values() ?? []) if (message.achieved) this.explain(message, 'the keeper died');
    held?.clear();
  }

  private explain({ target, number }: Pick<Message, 'target' | 'number'>, cause: string): void {
    const event = this.parts.ledger.events[number];
    if (event) this.parts.ledger.explain(event, target, cause);
  }

  private noteChange(target: string, before: string | undefined, after: string): void {
    const [from, to] = [readBreakerState(before)?.phase ?? 'closed', readBreakerState(after)?.phase ?? 'closed'];
    const change = this.changes.get(target) ?? { opened: 0, closed: 0 };
    this.changes.set(target, change);
    if (from === 'closed' && to !== 'closed') change.opened++;
    if (from !== 'closed' && to === 'closed') change.closed++;
  }

  private mapping(id: string): TargetMapping {
    return this.mappings[id] as TargetMapping;
  }
}

function received({ messageId, receiptHandle, body, md5OfBody, attributes }: QueueMessage): ReceivedMessage {
  return { MessageId: messageId, ReceiptHandle: markHandle(receiptHandle, numberIn(body)), Body: body, MD5OfBody: md5OfBody, Attributes: attributes };
}
