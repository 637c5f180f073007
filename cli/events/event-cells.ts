import type { TargetOutcome } from '../../lib/contract/store';
import { shortTime, type Cell, type Tone } from '../print';
import type { Overview, TargetState } from '../store/overview';

export const EVENT_COLUMNS = ['TIME (UTC)', 'ID', 'SOURCE', 'TYPE', 'BYTES', 'TARGETS'];

export const OUTCOME_TONES: { readonly [outcome in TargetOutcome]: Tone } = {
  'waiting': 'warn', 'delivered': 'good', 'dead-lettered': 'bad', 'dropped': 'plain', 'unavailable': 'bad',
};

/** An event as a row of a table. */
export function eventCells(event: Overview): (string | Cell)[] {
  const { id, source, type, time, bytes } = event;
  return [shortTime(time), id, source, type ?? '-', { text: bytes === null ? '-' : String(bytes) }, fate(event)];
}

/** What became of it, in one cell, in the colour of the worst. */
function fate({ targets, quarantined, unrouted }: Overview): Cell {
  if (quarantined !== undefined) return { text: `quarantined: ${quarantined}`, tone: 'warn' };
  const entries = Object.entries(targets);
  if (entries.length === 0) return { text: unrouted ? 'no target wants it' : '-', tone: 'plain' };
  const worst = WORST_FIRST.find((outcome) => entries.some(([, state]) => state.outcome === outcome));
  return { text: entries.map(([name, state]) => `${name} ${describeState(state)}`).join(', '), tone: worst ? OUTCOME_TONES[worst] : 'plain' };
}

const WORST_FIRST: readonly TargetOutcome[] = ['dead-lettered', 'unavailable', 'waiting', 'delivered', 'dropped'];

export function describeState({ outcome, attempts, status }: TargetState): string {
  const after = attempts > 0 && outcome !== 'delivered' ? ` after ${attempts}` : '';
  return `${outcome}${after}${status !== null && outcome !== 'delivered' ? ` (${status})` : ''}`;
}
