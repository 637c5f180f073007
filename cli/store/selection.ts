import {
  EVENT_ROW, INDEXES, outcomeIndexKey, quarantineIndexKey, SHARDS, sourceIndexKey, TARGET_ROW_PREFIX, type TargetOutcome,
} from '../../lib/contract/store';
import type { Plain } from './attributes';
import type { EventTable } from './event-table';
import { readIndex, type Direction, type Group, type IndexQuery } from './index-query';
import { targetRows } from './lookup';
import type { TimeRange } from './time-range';

/** Which events are meant. */
export interface Selection {
  readonly range: TimeRange;
  /** Names to look under. The store has its events by source, and what failed by target. */
  readonly sources: readonly string[];
  readonly targets: readonly string[];
  /** What was asked for. */
  readonly source?: string;
  readonly type?: string;
  readonly target?: string;
  readonly outcome?: TargetOutcome;
  /** Only what is in quarantine. */
  readonly quarantine?: boolean;
}

/** An event that an index has. */
export interface Found {
  readonly id: string;
  readonly source: string;
  readonly type?: string;
  readonly time: string;
  /** What the index by time has, so that the event's row need not be read. */
  readonly summary?: Summary;
  /** The targets for whose sake it was selected. Undefined: the event itself, and so all of them. */
  readonly matched?: readonly string[];
  /** What became of it is in a row of a newer version, so whether it is meant is not known. */
  readonly newer?: true;
}

export interface Summary {
  readonly bytes: number;
  /** Names of those that want it. */
  readonly targets: readonly string[];
  readonly quarantined?: string;
  readonly unrouted: boolean;
}

/** One step: where it stands, and the event where it was one that is meant. */
export interface Step {
  readonly position: string;
  readonly found?: Found;
}

export interface Walk {
  readonly direction: Direction;
  readonly after?: string;
  readonly chunk: number;
}

/** Of delivered and waiting ones there is no index: most events are the one, and what was never tried has no row. They are looked up by so many. */
const LOOKED_UP_AT_ONCE = 50;

/** The selected events in the order of time. Nothing is scanned, and memory does not grow with what is there. */
export async function* walk(table: EventTable, selection: Selection, { direction, after, chunk }: Walk): AsyncGenerator<Step> {
  const { range, outcome } = selection;
  const groups = readIndex(table, { ...indexOf(selection), range, direction, chunk, ...(after !== undefined && { after }) });
  if (outcome !== 'delivered' && outcome !== 'waiting') {
    for await (const group of groups) yield step(group, selection);
    return;
  }
  let held: Group[] = [];
  for await (const group of groups) {
    held.push(group);
    if (held.length < Math.min(LOOKED_UP_AT_ONCE, chunk * SHARDS)) continue;
    yield* await lookUp(table, held, selection, outcome);
    held = [];
  }
  yield* await lookUp(table, held, selection, outcome);
}

function indexOf({ outcome, quarantine, sources, source, targets, target }: Selection): Pick<IndexQuery, 'index' | 'keysOf'> {
  const shards = Array.from({ length: SHARDS }, (_, i) => i);
  const fromSources = source === undefined ? sources : [source];
  const fromTargets = target === undefined ? targets : [target];
  const over = (names: readonly string[], keyOf: (name: string, day: string, shard: number) => string): IndexQuery['keysOf'] => (
    (day) => names.flatMap((name) => shards.map((shard) => keyOf(name, day, shard))));
  if (quarantine) return { index: INDEXES.byOutcome, keysOf: over(fromSources, quarantineIndexKey) };
  if (outcome === undefined || outcome === 'delivered' || outcome === 'waiting') return { index: INDEXES.byTime, keysOf: over(fromSources, sourceIndexKey) };
  return { index: INDEXES.byOutcome, keysOf: over(fromTargets, (name, day, shard) => outcomeIndexKey(name, outcome, day, shard)) };
}

function step({ position, entries }: Group, selection: Selection): Step {
  const first = entries.find((entry) => entry['sk'] === EVENT_ROW || isTargetRow(entry));
  if (!first || !suits(first, selection)) return { position };
  const rows = entries.filter(isTargetRow).map(({ sk }) => String(sk).slice(TARGET_ROW_PREFIX.length));
  const matched = rows.length > 0 ? rows : selection.target === undefined ? undefined : [selection.target];
  return { position, found: { ...describe(position, first), ...(matched && { matched }) } };
}

const isTargetRow = ({ sk }: Plain): boolean => String(sk).startsWith(TARGET_ROW_PREFIX);

function suits(entry: Plain, { source, type, target }: Selection): boolean {
  if (source !== undefined && entry['source'] !== source) return false;
  if (type !== undefined && entry['type'] !== type) return false;
  return target === undefined || isTargetRow(entry) || wanted(entry).includes(target);
}

function describe(position: string, entry: Plain): Omit<Found, 'matched'> {
  const cut = position.indexOf('#');
  const { source, type } = entry;
  return {
    id: position.slice(cut + 1), time: position.slice(0, cut), source: String(source), ...(typeof type === 'string' && { type }),
    ...(typeof entry['bytes'] === 'number' && { summary: summarise(entry, entry['bytes']) }),
  };
}

function summarise(entry: Plain, bytes: number): Summary {
  const { quarantined, unrouted } = entry;
  return { bytes, targets: wanted(entry), unrouted: unrouted === true, ...(typeof quarantined === 'string' && { quarantined }) };
}

function wanted({ targets }: Plain): string[] {
  return Array.isArray(targets) ? targets as string[] : [];
}

async function lookUp(table: EventTable, groups: readonly Group[], selection: Selection, outcome: TargetOutcome): Promise<Step[]> {
  const steps = groups.map((group) => ({ ...step(group, selection), names: namesOf(group, selection) }));
  const newer = new Set<string>();
  const pairs = steps.flatMap(({ found, names }) => (found ? names.map((target) => ({ id: found.id, target })) : []));
  const rows = await targetRows(table, pairs, (id) => newer.add(id));
  const outcomes = new Map(rows.map((row) => [`${row.id} ${row.target}`, row.outcome]));
  return steps.map(({ position, found, names }) => {
    if (!found || found.summary?.quarantined !== undefined) return { position };
    if (newer.has(found.id)) return { position, found: { ...found, newer: true } };
    const matched = names.filter((name) => (outcomes.get(`${found.id} ${name}`) ?? 'waiting') === outcome);
    return matched.length > 0 ? { position, found: { ...found, matched } } : { position };
  });
}

function namesOf({ entries }: Group, { target }: Selection): string[] {
  const entry = entries.find(({ sk }) => sk === EVENT_ROW);
  if (!entry) return [];
  return target === undefined ? wanted(entry) : [target];
}
