import type { GatewayParts } from '../../lib/contract/parts';
import { summaryOf } from '../store/overview';
import type { EventTable } from '../store/event-table';
import { eventsById } from '../store/lookup';
import type { Found, Step } from '../store/selection';

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

export async function* planned(steps: AsyncIterable<Step>, resolve: Resolve): AsyncGenerator<Planned[]> {
  let held: (Step & { readonly found: Found })[] = [];
  for await (const { position, found } of steps) {
    if (found) held.push({ position, found });
    if (held.length < AT_ONCE) continue;
    yield await resolve(held);
    held = [];
  }
  if (held.length > 0) yield await resolve(held);
}

/** Counts what would be done, without doing any of it. */
export async function countPlan(batches: AsyncIterable<readonly Planned[]>): Promise<Plan> {
  const [byTarget, skipped] = [new Map<string, number>(), new Map<string, number>()];
  let [events, messages] = [0, 0];
  for await (const each of flat(batches)) {
    if (each.names.length > 0) events++;
    messages += each.names.length;
    for (const name of each.names) add(byTarget, name);
    for (const reason of each.skipped) add(skipped, reason);
  }
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
    const names = to === undefined ? found.matched ?? found.summary?.targets ?? [] : [to];
    const gone = names.filter((name) => !Object.hasOwn(targets, name));
    return {
      position, found, names: names.filter((name) => Object.hasOwn(targets, name)),
      skipped: names.length === 0 ? [UNROUTED] : gone.map((name) => `the gateway has no target ${JSON.stringify(name)} any more`),
    };
  });
}

const UNROUTED = 'no target wants it; name one with --to';
export const IN_QUARANTINE = 'it is in quarantine; use quarantine release';

/** To the targets that want it, or else to those that take its source now. What a target could not take goes to that target. */
export function resolveRelease({ targets }: GatewayParts, table: EventTable): Resolve {
  const takers = (source: string): string[] => Object.entries(targets)
    .filter(([, { sources, retired }]) => !retired && (sources === undefined || sources.includes(source))).map(([name]) => name);
  return async (steps) => {
    const events = await eventsById(table, steps.map(({ found }) => found.id));
    return steps.map(({ position, found: each }) => {
      const summary = summaryOf(events.get(each.id));
      const found = { ...each, ...(summary && { summary }) };
      if (!each.matched && summary?.quarantined === undefined) return { position, found, names: [], skipped: ['it is in quarantine no more'] };
      const wanted = each.matched ?? (summary?.targets.length ? summary.targets : takers(each.source));
      const names = wanted.filter((name) => Object.hasOwn(targets, name));
      return { position, found, names, skipped: names.length === 0 ? [`no target takes source ${JSON.stringify(each.source)}`] : [] };
    });
  };
}
