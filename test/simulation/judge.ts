import { BREAKER_TAG, readBreakerState } from '../../lib/contract/breaker';
import { DEAD_LETTER_ATTRIBUTES } from '../../lib/contract/dead-letter';
import { DEFAULT_PERMANENT_STATUSES, FULL_BACKLOG, JITTER, PERMANENT_AFTER_SECONDS, type RetrySchedule } from '../../lib/contract/retry';
import type { EventRecord } from './ledger';
import { STANDARD_RETRY } from './options';
import { queuesOf, targetOptions, type WorldParts } from './world-parts';

export interface StringAttributes {
  readonly [name: string]: { readonly StringValue?: string };
}

/** A pause of the mapping takes effect within this time, and so does the news that it is over. */
const BREAKER_LAG_MS = 3 * 60_000;

/** The functions look at the queue's state at most so often. */
const CACHED_MS = 60_000;

/** What must hold whenever a target is asked. */
export function judgeAttempt(event: EventRecord, target: string, id: string, probe: boolean, parts: WorldParts): void {
  const { clock, ledger } = parts;
  const copy = ledger.copy(event, target);
  if (copy.id !== undefined && copy.id !== id) ledger.violate('identity', event.number, target, `it was ${copy.id} and is ${id} now`);
  copy.id = id;
  if (copy.messages === 0) ledger.violate('identity', event.number, target, 'it was never put into the queue');
  const breaker = readBreakerState(queuesOf(parts, target).queue.tags.get(BREAKER_TAG));
  const deployed = deploysUntil(clock.now(), parts).at(-1) ?? -Infinity;
  if (!probe && breaker?.phase === 'open' && clock.now() - Math.max(breaker.since, deployed) > BREAKER_LAG_MS) {
    ledger.violate('open', event.number, target, 'it was tried although the breaker is open');
  }
}

/** The times of deployments, milliseconds since 1970. */
function deploysUntil(now: number, { options, start }: WorldParts): number[] {
  return (options.deploysAtSeconds ?? []).map((seconds) => start + seconds * 1_000).filter((at) => at <= now);
}

/** Whether an event was given up in due time, and for what it says. */
export function judgeDeadLetter(event: EventRecord, target: string, attributes: StringAttributes, by: 'deliver' | 'keeper', parts: WorldParts): void {
  const read = (name: keyof typeof DEAD_LETTER_ATTRIBUTES) => attributes[DEAD_LETTER_ATTRIBUTES[name]]?.StringValue;
  const reason = read('reason') ?? 'crashed';
  const ageMs = parts.clock.now() - Date.parse(read('enqueuedAt') ?? '');
  const wrong = !(ageMs >= 0) ? 'it does not say when it was put into the queue' : objection(reason, event, target, ageMs, by, parts);
  if (wrong !== undefined) parts.ledger.violate('early', event.number, target, `dead letter of reason ${reason} by ${by}: ${wrong}`);
  parts.ledger.deadLetter(event, target, reason);
}

/** What speaks against a dead letter. */
function objection(reason: string, event: EventRecord, target: string, ageMs: number, by: 'deliver' | 'keeper', parts: WorldParts): string | undefined {
  const { clock, ledger } = parts;
  const { retry = STANDARD_RETRY, permanentStatusCodes = DEFAULT_PERMANENT_STATUSES } = targetOptions(parts, target);
  const { queue } = queuesOf(parts, target);
  const copy = ledger.copy(event, target);
  const age = `its age is ${Math.round(ageMs / 1_000)} s`;
  const tooYoung = ageMs < PERMANENT_AFTER_SECONDS * 1_000 ? age : undefined;
  switch (reason) {
    case 'expired': {
      if (retry.delaysSeconds.length > 0 && ageMs <= retry.maxAgeSeconds * 1_000) return age;
      const breaker = readBreakerState(queue.tags.get(BREAKER_TAG));
      const resumedMs = breaker?.phase === 'closed' && by === 'deliver' ? clock.now() - breaker.since : Infinity;
      return resumedMs < threePausesMs(retry) - CACHED_MS ? `the breaker let attempts through only ${Math.round(resumedMs / 1_000)} s ago` : undefined;
    }
    case 'rejected':
      return permanentStatusCodes.includes(copy.lastStatus ?? 0) ? tooYoung : `the last status is ${copy.lastStatus}`;
    case 'gone':
      return copy.lastStatus === 410 ? undefined : `the last status is ${copy.lastStatus}`;
    case 'retry-backlog-full':
      // The backlog may have shrunk since the function looked.
      return queue.counts().inFlight > FULL_BACKLOG * 0.9 ? tooYoung : `${queue.counts().inFlight} messages are in flight`;
    default:
      return 'nothing in this run is a reason for it';
  }
}

function threePausesMs({ delaysSeconds }: RetrySchedule): number {
  const last = delaysSeconds.at(-1) ?? 0;
  return [0, 1, 2].reduce((sum, index) => sum + (delaysSeconds[index] ?? last), 0) * (1 + JITTER) * 1_000;
}

/** The reasons in the targets' dead-letter queues, by number of the event. */
export type DeadLetters = { readonly [target: string]: ReadonlyMap<number, string> };

/** What is left to see when everything has come to rest. `closings`: how often each breaker closed. */
export function judgeEnd(letters: DeadLetters, closings: { readonly [target: string]: number }, parts: WorldParts): void {
  const { ledger } = parts;
  for (const event of ledger.events) {
    for (const [target, copy] of Object.entries(event.copies)) {
      const reason = letters[target]?.get(event.number);
      const accepted = event.acceptedAt !== undefined;
      if (accepted && copy.delivered === 0 && reason === undefined) {
        ledger.violate('lost', event.number, target, `accepted, and neither delivered nor a dead letter; attempts: ${copy.attempts}`);
      }
      if (copy.deadLetters > 0 && reason === undefined) ledger.violate('lost', event.number, target, 'its dead letter is not in the dead-letter queue');
      const { retry = STANDARD_RETRY } = targetOptions(parts, target);
      // A deployment lets what waits behind an open breaker through, until the keeper sees it.
      const lives = copy.messages * (1 + (closings[target] ?? 0) + deploysUntil(parts.clock.now(), parts).length);
      const allowed = copy.disturbances + lives * mostAttempts(retry, (copy.lastAttemptAt - copy.firstAttemptAt) / 1_000);
      if (copy.attempts - copy.probes > allowed) {
        ledger.violate('hammered', event.number, target, `${copy.attempts} attempts, ${copy.probes} of them probes, where ${allowed} are allowed`);
      }
    }
  }
}

/** The most attempts that a schedule allows in a time: one at each end, and all pauses as short as they can be. */
export function mostAttempts({ delaysSeconds }: RetrySchedule, seconds: number): number {
  let attempts = 1;
  let spent = 0;
  for (let index = 0; delaysSeconds.length > 0; index++) {
    spent += (delaysSeconds[index] ?? delaysSeconds.at(-1) as number) * (1 - JITTER);
    if (spent > seconds) break;
    attempts++;
  }
  return attempts;
}
