import type { TargetOutcome } from '../../lib/contract/store';
import { closest, usage, type Arguments } from '../arguments';
import { CliError, Exit } from '../cli-error';
import type { OptionSpec } from '../command';
import type { Store } from './open-store';
import type { Selection } from './selection';
import { readTimeRange, TIME_OPTIONS } from './time-range';

export const OUTCOMES: readonly TargetOutcome[] = ['waiting', 'delivered', 'dead-lettered', 'dropped', 'unavailable'];

/** Options that name events. */
export const FILTER_OPTIONS: { readonly [name: string]: OptionSpec } = {
  ...TIME_OPTIONS,
  source: { type: 'string', value: 'NAME', description: 'of this source' },
  type: { type: 'string', value: 'TYPE', description: 'of this type' },
  target: { type: 'string', value: 'NAME', description: 'that this target wants' },
  outcome: { type: 'string', value: 'OUTCOME', description: `with this outcome, for the target or for any: ${OUTCOMES.join(', ')}` },
};

/** The events that the options of a command name. */
export function readSelection(command: string, args: Arguments, { gateway: { parts }, now, retentionSeconds }: Store): Selection {
  const [source, type, target] = [args.text('source'), args.text('type'), args.text('target')];
  const outcome = readOutcome(command, args);
  return {
    range: readTimeRange(command, args, now, retentionSeconds),
    sources: Object.keys(parts.sources), targets: Object.keys(parts.targets), ...(outcome && { outcome }),
    ...(source !== undefined && { source }), ...(type !== undefined && { type }), ...(target !== undefined && { target }),
  };
}

/** Whether any option names events. */
export function hasFilter(args: Arguments): boolean {
  return Object.keys(FILTER_OPTIONS).some((name) => args.flag(name));
}

function readOutcome(command: string, args: Arguments): TargetOutcome | undefined {
  const text = args.text('outcome');
  const outcome = OUTCOMES.find((each) => each === text);
  if (text === undefined || outcome) return outcome;
  const near = closest(text, OUTCOMES);
  throw usage(command, `--outcome is ${JSON.stringify(text)}; ${near ? `did you mean ${near}?` : `write one of ${OUTCOMES.join(', ')}`}`);
}

/**
 * To be called where nothing was found. What was taken away from a gateway has its events for as long as they are kept, so a name
 * that the gateway does not have is wrong only where it has none.
 */
export function checkNames({ source, target, sources, targets }: Selection): void {
  if (source !== undefined && !sources.includes(source)) throw unknown('source', source, sources);
  if (target !== undefined && !targets.includes(target)) throw unknown('target', target, targets);
}

export function unknown(kind: 'source' | 'target', name: string, known: readonly string[]): CliError {
  return new CliError(Exit.NO_MATCH, `there is no ${kind} ${JSON.stringify(name)}; there are ${known.join(', ') || 'none'}`);
}
