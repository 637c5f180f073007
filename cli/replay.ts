import { EVENT_ROW, eventKey } from '../lib/contract/store';
import { usage, type Arguments } from './arguments';
import { CliError, Exit, interrupted } from './cli-error';
import { JSON_OPTION, type Command, type Context, type OptionSpec } from './command';
import { ONE_GATEWAY_OPTIONS } from './gateway';
import { planned, resolveReplay } from './move/planned';
import { newReplayId, readReplayToken, writeReplayToken, type ReplayState } from './move/replay-token';
import { runReplay } from './move/run-replay';
import { Printer } from './print';
import { readInteger } from './read-integer';
import type { EventTable } from './store/event-table';
import { checkNames, FILTER_OPTIONS, hasFilter, readSelection, unknown } from './store/filters';
import { openStore, type Store } from './store/open-store';
import type { StoredEvent } from './store/rows';
import { walk, type Selection, type Step } from './store/selection';
import { checkIds, stepsOfIds } from './store/steps-of-ids';

/** The most that SQS moves dead letters by, and far above what most receivers take. */
const MAX_RATE = 500;
export const DEFAULT_RATE = 50;

/** Options of everything that puts messages into queues. */
export const MOVE_OPTIONS: { readonly [name: string]: OptionSpec } = {
  rate: { type: 'string', value: 'N', description: `messages a second, 1 to ${MAX_RATE}; default: ${DEFAULT_RATE}` },
  yes: { type: 'boolean', short: 'y', description: 'do not ask, even where there are more than 100' },
  'dry-run': { type: 'boolean', description: 'say how many there are, and do nothing' },
};

export function readRate(command: string, args: Arguments): number {
  return readInteger(command, args, 'rate', { least: 1, most: MAX_RATE }) ?? DEFAULT_RATE;
}

export const replay: Command = {
  positionals: [{ name: 'ID', description: 'ids of events; or name events by the options', any: true }],
  options: {
    ...FILTER_OPTIONS,
    to: { type: 'string', value: 'TARGET', description: 'deliver to this target, whether it wanted the event or existed then; default: to those that the events are selected for' },
    ...MOVE_OPTIONS,
    resume: { type: 'string', value: 'TOKEN', description: 'go on with a replay that was stopped' },
    ...ONE_GATEWAY_OPTIONS,
    json: JSON_OPTION,
  },
  notes: `
Events keep their id and time, and are marked as a replay. Oldest first. With --target or --outcome, an event goes only to the targets for
which it was selected. Stops when the breaker of a target opens, on Ctrl-C, and when something refuses; the token it prints goes on from there.
A dead letter stays in its queue: redrive is what takes it away. Events in quarantine are for quarantine release.
Needs dynamodb:Query, BatchGetItem and UpdateItem, and sqs:SendMessage and ListQueueTags.`,
  closesItself: true,
  run: runCommand,
};

async function runCommand(args: Arguments, context: Context): Promise<Exit> {
  const perSecond = readRate('replay', args);
  const token = args.text('resume');
  checkInput(args, token);
  const resumed = token === undefined ? undefined : readReplayToken(token);
  const store = await openStore(args, context);
  const state = resumed ?? newState(args, store);
  if (state.gateway !== store.gateway.parts.gateway) throw usage('replay', `the replay of --resume is of gateway ${JSON.stringify(state.gateway)}; name its --stack or --gateway`);
  const { parts } = store.gateway;
  if (state.to !== undefined && !Object.hasOwn(parts.targets, state.to)) throw unknown('target', state.to, Object.keys(parts.targets));
  for (const id of state.ids ?? []) {
    if (context.signal.aborted) throw interrupted();
    await checkIds(store, [id]);
  }
  return runReplay({
    store, context, perSecond, replay: state.replay, verb: 'replay', print: new Printer(args), yes: args.flag('yes'), dryRun: args.flag('dry-run'),
    batches: () => planned(stepsOf(store, state), resolveReplay(parts, state.to), context.signal),
    resumeToken: (position = state.position) => writeReplayToken({ ...state, ...(position !== undefined && { position }) }),
    nothing: () => nothing(state.selection),
    onSent: (event, names) => remember(store.table, event, names),
  });
}

function checkInput(args: Arguments, token: string | undefined): void {
  const ids = args.positionals;
  if (token !== undefined && (ids.length > 0 || hasFilter(args) || args.flag('to'))) {
    throw usage('replay', '--resume goes on with the events that the replay began with; leave ids, filters and --to out');
  }
  if (token === undefined && ids.length === 0 && !hasFilter(args)) throw usage('replay', 'no events are named; write their ids, or at least one filter such as --since 1h');
  if (ids.length > 0 && hasFilter(args)) throw usage('replay', 'events are named by id and by filters; write one of the two');
}

function newState(args: Arguments, store: Store): ReplayState {
  const to = args.text('to');
  const ids = [...new Set(args.positionals)];
  return {
    gateway: store.gateway.parts.gateway, replay: newReplayId(), ...(to !== undefined && { to }),
    ...(ids.length > 0 ? { ids } : { selection: readSelection('replay', args, store) }),
  };
}

function stepsOf(store: Store, { ids, selection, position }: ReplayState): AsyncIterable<Step> {
  if (ids) return stepsOfIds(store, ids, position);
  return walk(store.table, selection as Selection, { direction: 'oldest', chunk: 100, ...(position !== undefined && { after: position }) });
}

function nothing(selection: Selection | undefined): CliError {
  if (selection) checkNames(selection);
  return new CliError(Exit.NO_MATCH, 'there is nothing to replay: no event matches that can be delivered');
}

/** A target that the event did not go to before is one of its targets from now on, so that it is counted. */
export async function remember(table: EventTable, { id, targets = [] }: StoredEvent, names: readonly string[]): Promise<void> {
  for (const name of names.filter((each) => !targets.includes(each))) {
    await table.update({ pk: eventKey(id), sk: EVENT_ROW }, {
      UpdateExpression: 'SET #targets = list_append(if_not_exists(#targets, :none), :list) ADD #enqueued :set REMOVE #unrouted',
      ConditionExpression: 'attribute_exists(#pk) AND NOT contains(#targets, :name)',
      ExpressionAttributeNames: { '#targets': 'targets', '#enqueued': 'enqueued', '#unrouted': 'unrouted', '#pk': 'pk' },
      ExpressionAttributeValues: { ':none': { L: [] }, ':list': { L: [{ S: name }] }, ':set': { SS: [name] }, ':name': { S: name } },
    });
  }
}
