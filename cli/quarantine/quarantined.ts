import type { Arguments } from '../arguments';
import type { OptionSpec } from '../command';
import { readSelection } from '../store/filters';
import type { Store } from '../store/open-store';
import type { Selection } from '../store/selection';
import { TIME_OPTIONS } from '../store/time-range';

/** Options that name events in quarantine. */
export const QUARANTINE_OPTIONS: { readonly [name: string]: OptionSpec } = {
  ...TIME_OPTIONS,
  source: { type: 'string', value: 'NAME', description: 'of this source' },
  type: { type: 'string', value: 'TYPE', description: 'of this type' },
  target: { type: 'string', value: 'NAME', description: 'that this target could not take, because its queue was gone or closed to the gateway; default: those that their schema refused' },
};

/** With a target, what that target could not take; else what a schema refused. */
export function readQuarantine(command: string, args: Arguments, store: Store): Selection {
  const selection = readSelection(command, args, store);
  return selection.target === undefined ? { ...selection, quarantine: true } : { ...selection, outcome: 'unavailable' };
}
