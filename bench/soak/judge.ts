import { BATCH, INVOCATIONS, type RoundFigures } from './functions';
import type { Outcomes } from './functions-process';
import type { SoakTarget } from './targets';

export interface Observed {
  /** The rounds after the warm-up. */
  readonly rounds: readonly RoundFigures[];
  readonly outcomes: Outcomes;
  /** Events handed over, by target, and how many of all were to come again. */
  readonly sent: { readonly [target: string]: number };
  readonly kept: number;
  /** Connections that are open at the targets when nothing was under way for a while. */
  readonly idleSockets: number;
}

export interface Figures {
  readonly deliveries: number;
  readonly rssStartMb: number;
  readonly rssEndMb: number;
  readonly rssGrowthPercent: number;
  readonly heapGrowthPercent: number;
  readonly peakSockets: number;
  readonly idleSockets: number;
  readonly outcomes: Outcomes;
}

const MAX_GROWTH_PERCENT = 10;

/** Holds what was seen to its limits. A miss is a sentence. */
export function judge(
  targets: readonly SoakTarget[],
  { rounds, outcomes, sent, kept, idleSockets }: Observed,
): { figures: Figures; misses: string[] } {
  const [rssStart, rssEnd] = startAndEnd(rounds.map(({ rssBytes }) => rssBytes));
  const rssGrowthPercent = growth(rssStart, rssEnd);
  // A record in flight needs one connection, to the target or to AWS.
  const maxSockets = targets.length * INVOCATIONS * BATCH;
  const peakSockets = Math.max(...rounds.map((round) => round.peakSockets));
  const failed = sum(Object.values(outcomes).flatMap(({ delivered: _delivered, ...others }) => Object.values(others)));
  const misses = [
    ...targets.flatMap(({ name, outcomes: expected }) => wrongOutcomes(name, expected, outcomes[name] ?? {}, sent[name] ?? 0)),
    ...(kept === failed ? [] : [`${failed} attempts failed, but ${kept} events were to come again`]),
    ...(rssGrowthPercent < MAX_GROWTH_PERCENT ? [] : [`the resident memory has grown by ${rssGrowthPercent} %; the limit is ${MAX_GROWTH_PERCENT} %`]),
    ...(peakSockets <= maxSockets ? [] : [`${peakSockets} connections were in use at once; the limit is ${maxSockets}`]),
    ...(idleSockets === 0 ? [] : [`${idleSockets} connections were still open when nothing was under way`]),
  ];
  const figures = {
    deliveries: sum(Object.values(sent)),
    rssStartMb: megabytes(rssStart), rssEndMb: megabytes(rssEnd), rssGrowthPercent,
    heapGrowthPercent: growth(...startAndEnd(rounds.map(({ heapBytes }) => heapBytes))),
    peakSockets, idleSockets, outcomes,
  };
  return { figures, misses };
}

function wrongOutcomes(name: string, expected: readonly string[], counts: { readonly [outcome: string]: number }, sent: number): string[] {
  const attempts = sum(Object.values(counts));
  const others = Object.keys(counts).filter((outcome) => !expected.includes(outcome));
  return [
    ...(attempts === sent ? [] : [`${name}: ${sent} events, ${attempts} attempts`]),
    ...others.map((outcome) => `${name}: ${counts[outcome]} attempts ended with ${outcome}; only ${expected.join(' or ')} can be`),
  ];
}

/** The medians of the first three rounds and of the last three. */
function startAndEnd(values: readonly number[]): [start: number, end: number] {
  return [median(values.slice(0, 3)), median(values.slice(-3))];
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] as number;
}

function growth(start: number, end: number): number {
  return Math.round((end / start - 1) * 1_000) / 10;
}

function megabytes(bytes: number): number {
  return Math.round(bytes / 1024 / 102.4) / 10;
}
