import type { GatewayParts } from '../../lib/contract/parts';
import { interrupted } from '../cli-error';
import { summaryOf } from '../store/overview';
import type { EventTable } from '../store/event-table';
import { eventsById } from '../store/lookup';
import type { Found, Step } from '../store/selection';
import { QUEUE_GONE_CURE } from './target-queues';

/** An event that is to be delivered again, and to whom. */
export interface Planned {
  readonly position: string;
  readonly found: Found;
  readonly names: readonly string[];
  /** Why an event that was selected goes nowhere, or not to all: how many copies each. */
  readonly skipped: readonly string[];
}

export interface Plan {
  /** Messages: one for each event and target. */
  readonly count: number;
  readonly events: number;
  readonly byTarget: { readonly [target: string]: number };
  readonly skipped: ReadonlyMap<string, number>;
}

/** Events are looked at by so many. */
const AT_ONCE = 50;

export type Resolve = (steps: readonly (Step & { readonly found: Found })[]) => Promise<Planned[]> | Planned[];

/** Ends without the rest once the signal is aborted. */
export async function* planned(steps: AsyncIterable<Step>, resolve: Resolve, signal: AbortSignal): AsyncGenerator<Planned[]> {
  let held: (Step & { readonly found: Found })[] = [];
  for await (const { position, found } of unlessAborted(steps, signal)) {
    if (found) held.push({ position, found });
    if (held.length < AT_ONCE) continue;
    yield await resolve(held);
    held = [];
  }
  if (held.length > 0 && !signal.aborted) yield await resolve(held);
}

/** An abort ends the wait for the next value too: where little matches, that is long in coming. */
async function* unlessAborted<T>(values: AsyncIterable<T>, signal: AbortSignal): AsyncGenerator<T> {
  const iterator = values[Symbol.asyncIterator]();
  while (!signal.aborted) {
    const next = await new Promise<IteratorResult<T> | undefined>((resolve, reject) => {
      const onAbort = (): void => resolve(undefined);
      signal.addEventListener('abort', onAbort, { once: true });
      void iterator.next().then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
    });
    if (!next || next.done) return;
    yield next.value;
  }
}

/** Counts what would be done, without doing any of it. Throws once the signal is aborted. */
export async function countPlan(batches: AsyncIterable<readonly Planned[]>, signal: AbortSignal): Promise<Plan> {
  const [byTarget, skipped] = [new Map<string, number>(), new Map<string, number>()];
  let [events, messages] = [0, 0];
  for await (const each of flat(batches)) {
    if (each.names.length > 0) events++;
    messages += each.names.length;
    for (const name of each.names) add(byTarget, name);
    for (const reason of each.skipped) add(skipped, reason);
  }
  if (signal.aborted) throw interrupted();
  return { count: messages, events, byTarget: Object.fromEntries(byTarget), skipped };
}

async function* flat<T>(batches: AsyncIterable<readonly T[]>): AsyncGenerator<T> {
  for await (const batch of batches) yield* batch;
}

export function add(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1);
}

/** To the target that was asked for, or to those for whose sake the event was selected, or to all that want it. */
export function resolveReplay({ targets }: GatewayParts, to: string | undefined): Resolve {
  return (steps) => steps.map(({ position, found }) => {
    if (found.summary?.quarantined !== undefined) return { position, found, names: [], skipped: [IN_QUARANTINE] };
    if (found.newer) return { position, found, names: [], skipped: [NEWER] };
    const names = to === undefined ? found.matched ?? found.summary?.targets ?? [] : [to];
    const gone = names.filter((name) => !Object.hasOwn(targets, name));
    return {
      position, found, names: names.filter((name) => Object.hasOwn(targets, name)),
      skipped: names.length === 0 ? [UNROUTED] : gone.map((name) => `the gateway has no target ${JSON.stringify(name)} any more`),
    };
  });
}

const UNROUTED = 'no target wants it; name one with --to';
export const NEWER = 'a row of it is of a newer version; use the cdk-webhooks that your stack was deployed with, or a newer one';
export const IN_QUARANTINE = 'it is in quarantine; use quarantine release';

/** The same without the targets whose queue is gone: the others are to have what is theirs. */
export async function* withoutGone(
  batches: AsyncIterable<readonly Planned[]>, isGone: (target: string) => Promise<boolean>,
): AsyncGenerator<Planned[]> {
  for await (const batch of batches) {
    yield await Promise.all(batch.map(async (each) => {
      const gone: string[] = [];
      for (const name of each.names) if (await isGone(name)) gone.push(name);
      if (gone.length === 0) return each;
      return { ...each, names: each.names.filter((name) => !gone.includes(name)), skipped: [...each.skipped, ...gone.map(queueOfIsGone)] };
    }));
  }
}

export const queueOfIsGone = (target: string): string => `the queue of target ${JSON.stringify(target)} is gone; ${QUEUE_GONE_CURE}`;

/** To the targets that want it, or else to those that take its source now. What a target could not take goes to that target. */
export function resolveRelease({ targets }: GatewayParts, table: EventTable): Resolve {
  const takers = (source: string): string[] => Object.entries(targets)
    .filter(([, { sources, retired }]) => !retired && (sources === undefined || sources.includes(source))).map(([name]) => name);
  return async (steps) => {
    const newer = new Set<string>();
    const events = await eventsById(table, steps.map(({ found }) => found.id), (id) => newer.add(id));
    return steps.map(({ position, found: each }) => {
      if (newer.has(each.id)) return { position, found: each, names: [], skipped: [NEWER] };
      const summary = summaryOf(events.get(each.id));
      const found = { ...each, ...(summary && { summary }) };
      if (!each.matched && summary?.quarantined === undefined) return { position, found, names: [], skipped: ['it is in quarantine no more'] };
      const wanted = each.matched ?? (summary?.targets.length ? summary.targets : takers(each.source));
      const names = wanted.filter((name) => Object.hasOwn(targets, name));
      return { position, found, names, skipped: names.length === 0 ? [`no target takes source ${JSON.stringify(each.source)}`] : [] };
    });
  };
}
