import { EVENT_ROW, eventKey, INDEXES } from '../../lib/contract/store';
import { usage, type Arguments } from '../arguments';
import { CliError, Exit, interrupted } from '../cli-error';
import { JSON_OPTION, type Command, type Context } from '../command';
import { ONE_GATEWAY_OPTIONS } from '../gateway';
import { planned, resolveRelease } from '../move/planned';
import { newReplayId } from '../move/replay-token';
import { runReplay } from '../move/run-replay';
import { Printer } from '../print';
import { MOVE_OPTIONS, readRate, remember } from '../replay';
import type { EventTable } from '../store/event-table';
import { checkNames } from '../store/filters';
import { openStore, type Store } from '../store/open-store';
import { readStored } from '../store/read-event';
import type { StoredEvent } from '../store/rows';
import { walk, type Step } from '../store/selection';
import { QUARANTINE_OPTIONS, readQuarantine } from './quarantined';

export const release: Command = {
  positionals: [{ name: 'ID', description: 'ids of events; or name events by the options', any: true }],
  options: { ...QUARANTINE_OPTIONS, ...MOVE_OPTIONS, ...ONE_GATEWAY_OPTIONS, json: JSON_OPTION },
  notes: `
Delivers events to the targets that want them, or where none was asked yet, to all that take their source now; they are not judged by their
schema again. An event leaves the quarantine once all its queues have it, so a release that was stopped is simply done again.
Needs dynamodb:Query, BatchGetItem and UpdateItem, and sqs:SendMessage and ListQueueTags.`,
  closesItself: true,
  run: runRelease,
};

async function runRelease(args: Arguments, context: Context): Promise<Exit> {
  const perSecond = readRate('quarantine release', args);
  const ids = [...new Set(args.positionals)];
  const filtered = Object.keys(QUARANTINE_OPTIONS).some((name) => args.flag(name));
  if (ids.length === 0 && !filtered) throw usage('quarantine release', 'no events are named; write their ids, or at least one filter such as --source NAME');
  if (ids.length > 0 && filtered) throw usage('quarantine release', 'events are named by id and by filters; write one of the two');
  const store = await openStore(args, context);
  const selection = readQuarantine('quarantine release', args, store);
  const steps = (): AsyncIterable<Step> => (ids.length > 0 ? quarantinedSteps(store, ids) : walk(store.table, selection, { direction: 'oldest', chunk: 100 }));
  for (const id of ids) {
    if (context.signal.aborted) throw interrupted();
    await readStored(store, id);
  }
  return runReplay({
    store, context, perSecond, replay: newReplayId(), verb: 'release', release: true, print: new Printer(args), yes: args.flag('yes'), dryRun: args.flag('dry-run'),
    batches: () => planned(steps(), resolveRelease(store.gateway.parts, store.table), context.signal),
    resumeToken: () => null,
    nothing: () => {
      checkNames(selection);
      return new CliError(Exit.NO_MATCH, 'there is nothing to release: no such event is in quarantine');
    },
    onSent: async (event, names, all) => (all ? leave(store.table, event, names) : undefined),
  });
}

/** By id, an event is either in quarantine as a whole, or for some targets. */
async function* quarantinedSteps(store: Store, ids: readonly string[]): AsyncGenerator<Step> {
  for (const [index, id] of ids.entries()) {
    const { event, targets } = await readStored(store, id);
    const unavailable = targets.filter(({ outcome }) => outcome === 'unavailable').map(({ target }) => target);
    const { source = targets[0]?.source ?? '', time = '', type } = event ?? {};
    const matched = event?.quarantined === undefined && unavailable.length > 0 ? unavailable : undefined;
    yield { position: String(index), found: { id, source, time, ...(type !== undefined && { type }), ...(matched && { matched }) } };
  }
}

/** The index has it no longer, and its targets are counted from now on. */
async function leave(table: EventTable, event: StoredEvent, names: readonly string[]): Promise<void> {
  if (event.quarantined === undefined) return remember(table, event, names);
  const { pk, sk } = INDEXES.byOutcome;
  await table.update({ pk: eventKey(event.id), sk: EVENT_ROW }, {
    UpdateExpression: 'SET #targets = :targets ADD #enqueued :set REMOVE #quarantined, #gpk, #gsk',
    ConditionExpression: 'attribute_exists(#pk)',
    ExpressionAttributeNames: { '#targets': 'targets', '#enqueued': 'enqueued', '#quarantined': 'quarantined', '#gpk': pk, '#gsk': sk, '#pk': 'pk' },
    ExpressionAttributeValues: { ':targets': { L: [...new Set([...event.targets ?? [], ...names])].map((name) => ({ S: name })) }, ':set': { SS: [...names] } },
  });
}
