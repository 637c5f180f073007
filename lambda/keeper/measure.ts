import { BREAKER_TAG, readBreakerState } from '../../lib/contract/breaker';
import type { KeeperTargetConfig } from '../../lib/contract/config';
import { DIMENSIONS, TARGET_METRICS } from '../../lib/contract/metrics';
import { JITTER } from '../../lib/contract/retry';
import { EVIDENCE_MS, type Outcomes } from './breaker';
import type { MetricPoint, MetricQuery } from './calls';
import { decisionOf } from './state';
import type { Memory, Run, Turn } from './turn';

const MINUTE_MS = 60_000;

/** An event that waits has failed within so long: the longest pause by default, and the minutes until CloudWatch knows. */
const LEAST_AGE_HORIZON_MS = 75 * MINUTE_MS;
const CLOUDWATCH_LAG_MS = 3 * MINUTE_MS;

/** Depth and tags of one target. */
export async function look(name: string, target: KeeperTargetConfig, memory: Memory, { calls, now }: Run): Promise<Turn> {
  const [queue, tags] = await Promise.all([calls.queue(target.queueUrl), calls.tags(target.queueUrl)]);
  const state = readBreakerState(tags[BREAKER_TAG]);
  const empty = queue.visible + queue.inFlight + queue.delayed === 0;
  const emptyAt = empty ? now() : latest(memory.emptyAt, state?.emptyAt) ?? now();
  memory.emptyAt = emptyAt;
  memory.state = state;
  const paused = target.enabled === false || state?.phase === 'open';
  return { name, target, memory, queue, empty, emptyAt, tags, state, known: new Set([decisionOf(state)]), paused, probe: 0, deadLetters: 0 };
}

function latest(...times: (number | undefined)[]): number | undefined {
  const known = times.filter((time) => time !== undefined);
  return known.length > 0 ? Math.max(...known) : undefined;
}

export interface Measured {
  readonly outcomes: Outcomes;
  /** Of events that an attempt failed to deliver: their ages in seconds, by minute. */
  readonly ages: MetricPoint[];
}

export const NOTHING_MEASURED: Measured = { outcomes: { attempts: 0, unavailable: 0 }, ages: [] };

/** How attempts of late went. One call for all targets, and none for those whose queue is empty: CloudWatch takes money for each metric. */
export async function measureOutcomes(turns: readonly Turn[], { gateway, calls, now }: Run): Promise<Map<Turn, Measured>> {
  const asked = turns.filter(({ empty }) => !empty);
  if (asked.length === 0) return new Map();
  const until = now();
  const from = until - Math.max(...asked.map(ageHorizonMs));
  const queries = asked.flatMap((turn, index) => queriesFor(turn, gateway, index));
  const points = await calls.metricData(queries, floorToMinute(from), floorToMinute(until) + MINUTE_MS);
  return new Map(asked.map((turn, index) => [turn, {
    outcomes: {
      attempts: sum(points[`attempts${index}`], evidenceFrom(turn, until)),
      unavailable: sum(points[`unavailable${index}`], evidenceFrom(turn, until)),
    },
    ages: (points[`age${index}`] ?? []).filter(({ at }) => at >= until - ageHorizonMs(turn)),
  }]));
}

function queriesFor({ name, target, paused }: Turn, gateway: string, index: number): MetricQuery[] {
  const dimensions = { [DIMENSIONS.gateway]: gateway, [DIMENSIONS.target]: name };
  const age: MetricQuery = { id: `age${index}`, name: TARGET_METRICS.undeliveredAge, dimensions, stat: 'Maximum' };
  if (paused || target.enabled === false) return [age];
  return [
    age,
    { id: `attempts${index}`, name: TARGET_METRICS.unavailable, dimensions, stat: 'SampleCount' },
    { id: `unavailable${index}`, name: TARGET_METRICS.unavailable, dimensions, stat: 'Sum' },
  ];
}

/** Attempts from before the breaker closed, its probes among them, say nothing about the time after. */
function evidenceFrom({ state }: Turn, now: number): number {
  return Math.max(now - EVIDENCE_MS, state?.since ?? 0);
}

/** Nobody who waits was tried longer ago, unless the breaker is open. */
function ageHorizonMs({ target: { retry } }: Turn): number {
  return Math.max(LEAST_AGE_HORIZON_MS, longestPauseMs(retry.delaysSeconds) + CLOUDWATCH_LAG_MS);
}

/** With the jitter that lengthens it. */
export function longestPauseMs(delaysSeconds: readonly number[]): number {
  return Math.max(0, ...delaysSeconds) * (1 + JITTER) * 1_000;
}

function sum(points: readonly MetricPoint[] | undefined, from: number): number {
  return (points ?? []).reduce((total, { at, value }) => at >= from ? total + value : total, 0);
}

function floorToMinute(time: number): number {
  return Math.floor(time / MINUTE_MS) * MINUTE_MS;
}

/**
 * The age of the oldest event that waits, in seconds. SQS has a metric of that name, which leaves out what was received three
 * times and more, and so just what this is about:
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html
 */
export function oldestUndeliveredSeconds({ empty, emptyAt, oldestSentAt, state }: Turn, ages: readonly MetricPoint[], now: number): number {
  if (empty) return 0;
  const began = [
    ...ages.map(({ at, value }) => at - value * 1_000),
    ...(oldestSentAt === undefined ? [] : [oldestSentAt]),
    ...(state?.phase === 'open' ? [state.since] : []),
  ];
  // Nothing is older than the queue has been other than empty, whatever else is said about events that have since been delivered.
  const oldest = Math.max(emptyAt, Math.min(now, ...began));
  return Math.round((now - oldest) / 1_000);
}
