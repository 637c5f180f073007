import type { SQSEvent } from 'aws-lambda';
import type { DeliverDependencies } from '../../lambda/deliver/dependencies';
import { createHandler } from '../../lambda/deliver/handler';
import { BREAKER_TAG, GONE_TAG, readBreakerState } from '../../lib/contract/breaker';
import type { DeliverConfig } from '../../lib/contract/config';
import type { LogLine } from '../../lib/contract/log';
import type { Delivery, SendResult } from '../../lib/contract/sender';
import { type Environment, type Handler, SimulatedFunction } from './environment';
import { type CallFault, never } from './faults';
import { judgeAttempt, judgeDeadLetter } from './judge';
import type { EventRecord } from './ledger';
import { functionTimeoutSeconds, STANDARD_RETRY } from './options';
import { numberIn, readHandle } from './post';
import { kills, react } from './script';
import { STORE } from './store';
import { GATEWAY, queuesOf, targetOptions, type WorldParts } from './world-parts';

const CALL = { timeoutMs: 2_000, tries: 2 };

/** From a request to a target's answer, in milliseconds. */
const LATENCY_MS = 50;

/** A function remembers so many finished messages. */
const REMEMBERED = 10_000;

/** What an environment has done, for the judge. */
interface Deeds {
  event: DeliverEvent;
  /** The events for which the invocation has achieved something that SQS does not know yet: one for each message. */
  achieved: number[];
  /** The events of the invocation that were sent, by event id. */
  readonly sent: Map<string, EventRecord>;
  /** How often an event was delivered here, by event id. */
  readonly delivered: Map<string, number>;
}

type DeliverEvent = SQSEvent & { readonly probe?: boolean };

/** A target's delivery function, with AWS and the target around it. */
export function createDeliver(target: string, parts: WorldParts): SimulatedFunction {
  const { clock, faults } = parts;
  const deeds = new WeakMap<Environment, Deeds>();
  const config = deliverConfig(target, parts);
  return new SimulatedFunction({
    clock,
    timeoutSeconds: functionTimeoutSeconds(targetOptions(parts, target)),
    refuses: () => faults.happens('no-invoke', 'Invoke'),
    create: (environment) => {
      const own: Deeds = { event: { Records: [] }, achieved: [], sent: new Map(), delivered: new Map() };
      deeds.set(environment, own);
      const handler = createHandler(dependencies(config, environment, own, parts)) as Handler;
      return (event, context) => {
        own.event = event as DeliverEvent;
        own.achieved = [];
        own.sent.clear();
        return handler(event, context);
      };
    },
    onEnd: (environment, outcome) => {
      const hidden = outcome === 'returned' && faults.happens('return-lost', 'Invoke');
      const own = deeds.get(environment);
      if (own && (outcome === 'died' || hidden)) explain(target, own, outcome, parts);
      return hidden;
    },
  });
}

function deliverConfig(target: string, parts: WorldParts): DeliverConfig {
  const { retry = STANDARD_RETRY, timeoutSeconds = 15, ratePerSecond, permanentStatusCodes } = targetOptions(parts, target);
  const { queue, deadLetterQueue } = queuesOf(parts, target);
  return {
    gateway: GATEWAY, target, queueUrl: queue.url, deadLetterQueueUrl: deadLetterQueue.url, retry, timeoutSeconds, payloadBucket: 'payloads', settings: {},
    ...(parts.store && { store: STORE }),
    ...(ratePerSecond !== undefined && { ratePerSecond }), ...(permanentStatusCodes && { permanentStatusCodes }),
  };
}

/** The invocation ended, and SQS does not know what it achieved: that comes again. */
function explain(target: string, { event: { Records }, achieved }: Deeds, outcome: 'returned' | 'died', { ledger }: WorldParts): void {
  const what = outcome === 'died' ? 'the delivery function died' : 'the delivery function\'s answer was lost';
  const events = (numbers: number[]) => numbers.flatMap((number) => ledger.events[number] ?? []);
  for (const event of events(achieved)) ledger.explain(event, target, what);
  for (const event of events(Records.map(({ body }) => numberIn(body)))) ledger.disturb(event, target, what);
}

function dependencies(config: DeliverConfig, environment: Environment, deeds: Deeds, parts: WorldParts): DeliverDependencies {
  const { clock, faults, ledger, metrics, payloads, random, store } = parts;
  const { target } = config;
  const { queue, deadLetterQueue } = queuesOf(parts, target);
  const call = <T>(name: string, work: () => T, onUnknown?: (fault: CallFault) => void) => faults.call(environment, name, CALL, work, onUnknown);
  return {
    config,
    sender: { send: (delivery) => send(delivery, environment, deeds, target, parts) },
    changeVisibility: (receiptHandle, seconds) => {
      const { handle, number } = readHandle(receiptHandle);
      return call('ChangeMessageVisibility', () => queue.changeVisibility(handle, seconds)).catch((error: unknown) => {
        const event = ledger.events[number];
        if (event) ledger.disturb(event, target, 'its visibility was not changed');
        throw error;
      });
    },
    sendDeadLetter: (body, attributes, order) => {
      const event = ledger.events[numberIn(body)];
      return call('SendMessage (dead letter)', () => {
        deadLetterQueue.send({ body, messageAttributes: attributes, ...order });
        if (!event) return;
        deeds.achieved.push(event.number);
        judgeDeadLetter(event, target, attributes, 'deliver', parts);
      }, (fault) => {
        if (!event || fault !== 'lost-response') return;
        deeds.achieved.splice(deeds.achieved.indexOf(event.number), 1);
        ledger.explain(event, target, 'the dead letter was sent, and the function does not know');
      }).catch((error: unknown) => {
        if (event) ledger.disturb(event, target, 'no dead letter could be sent');
        throw error;
      });
    },
    deleteMessage: (receiptHandle) => {
      const { handle, number } = readHandle(receiptHandle);
      return call('DeleteMessage', () => queue.delete(handle)).catch((error: unknown) => {
        const event = ledger.events[number];
        if (event) ledger.explain(event, target, 'the message was not deleted');
        throw error;
      });
    },
    ...(store && { table: store.of(environment, CALL, '', true) }),
    readPayload: (key) => call('GetObject', () => payloads.get(key)),
    inFlight: () => call('GetQueueAttributes', () => queue.counts().inFlight),
    breaker: () => call('ListQueueTags', () => readBreakerState(queue.tags.get(BREAKER_TAG))),
    flagGone: () => call('TagQueue', () => void queue.tags.set(GONE_TAG, new Date(clock.now()).toISOString())),
    now: () => clock.now(),
    random: random.fork(`jitter of ${target} ${environment.id}`).next,
    sleep: (milliseconds) => faults.wait(milliseconds),
    log: (line) => { if (!environment.dead) watch(line, deeds, target, parts); },
    metrics: (line) => { if (!environment.dead) metrics.take(line); },
  };
}

/** One request to the target. */
async function send(delivery: Delivery, environment: Environment, deeds: Deeds, target: string, parts: WorldParts): Promise<SendResult> {
  const { id, headers, signal } = delivery;
  const { clock, faults, ledger, random, start } = parts;
  const event = ledger.events[Number(headers['x-github-delivery'])];
  if (environment.dead || !event) return never();
  if (faults.crash(environment, 'target', 'crash-before')) return never();
  const { script, ordered = false } = targetOptions(parts, target);
  if (kills(script, event.number)) {
    environment.die();
    return never();
  }
  deeds.sent.set(id, event);
  const probe = deeds.event.probe === true;
  judgeAttempt(event, target, id, probe, parts);
  const reaction = react(script, (clock.now() - start) / 1_000, event.number, random);
  const copy = ledger.attempt(event, target, probe);
  copy.lastStatus = reaction.answer?.status ?? null;
  if (reaction.taken) {
    if (copy.delivered === 0) parts.latencies[target]?.push(clock.now() - event.postedAt);
    ledger.deliver(event, target, ordered);
    if (reaction.cause === undefined) deeds.achieved.push(event.number);
    else ledger.explain(event, target, reaction.cause);
  }
  if (faults.crash(environment, 'target', 'crash-after')) return never();
  return new Promise((resolve) => {
    signal.addEventListener('abort', () => resolve({ outcome: 'timeout', status: null, detail: 'no answer in time' }));
    const { answer } = reaction;
    if (answer) clock.schedule(clock.now() + (script.latencyMs ?? LATENCY_MS), () => resolve(answer));
  });
}

/** A message that this environment has delivered comes to it again: it must be acknowledged without another attempt. */
function watch(line: LogLine, { delivered, sent }: Deeds, target: string, { ledger }: WorldParts): void {
  if (line.event !== 'delivered') return;
  const count = (delivered.get(line.id) ?? 0) + 1;
  delivered.delete(line.id);
  delivered.set(line.id, count);
  if (count > 1) {
    const event = sent.get(line.id);
    const messages = event ? ledger.copy(event, target).messages : 0;
    if (count <= messages) return;
    ledger.violate('repeated', event?.number ?? null, target, `delivered ${count} times by one environment, from ${messages} messages`);
  }
  if (delivered.size > REMEMBERED) for (const oldest of delivered.keys()) return void delivered.delete(oldest);
}
