import { EVENT_ROW, eventKey, targetRowKey } from '../../lib/contract/store';
import type { Arguments } from '../arguments';
import { Exit } from '../cli-error';
import { JSON_OPTION, type Command, type Context } from '../command';
import { ONE_GATEWAY_OPTIONS } from '../gateway';
import { confirm } from '../move/confirm';
import { count, note, Printer } from '../print';
import { openStore, type Store } from '../store/open-store';
import { overview, summaryOf } from '../store/overview';
import { readStored } from '../store/read-event';
import type { StoredRows } from '../store/rows';

export const deleteEvents: Command = {
  positionals: [{ name: 'ID', description: 'id of an event' }, { name: 'ID', description: 'more ids', any: true }],
  options: {
    yes: { type: 'boolean', short: 'y', description: 'do not ask' },
    'dry-run': { type: 'boolean', description: 'say what there is, and do nothing' },
    ...ONE_GATEWAY_OPTIONS,
    json: JSON_OPTION,
  },
  notes: `
Erases the rows of an event and its body in the payload bucket. The event's own row goes last, so an erasure that was cut off can be
repeated. Copies in a delivery queue or dead-letter queue are not touched: they are named, and go as SQS delivers or expires them.
Backups of the table keep what they have for as long as you keep them.
Needs dynamodb:Query and DeleteItem on the event store, and s3:DeleteObject on the payload bucket.`,
  run: runDelete,
};

async function runDelete(args: Arguments, context: Context): Promise<Exit> {
  const store = await openStore(args, context);
  const print = new Printer(args);
  const events: (readonly [string, StoredRows])[] = [];
  for (const id of new Set(args.positionals)) events.push([id, await readStored(store, id)]);
  await print.line({ event: 'plan', count: events.length }, `to erase: ${count(events.length, 'event')}`);
  if (args.flag('dry-run')) return Exit.DONE;
  await confirm(`erase ${count(events.length, 'event')} for good`, args.flag('yes'), context.signal);
  for (const [id, rows] of events) {
    await erase(store, id, rows);
    const queued = queuedIn(id, rows);
    await print.line({ event: 'deleted', id, queued }, `${id} is erased`);
    if (queued.length > 0) note(`${id} may still be in queues of ${queued.join(', ')}: delivered or expired there, it is gone`);
  }
  return Exit.DONE;
}

async function erase({ table, bodies }: Store, id: string, { event, targets }: StoredRows): Promise<void> {
  const pk = eventKey(id);
  if (event) await bodies.delete(event);
  for (const { target } of targets) await table.delete({ pk, sk: targetRowKey(target) });
  await table.delete({ pk, sk: EVENT_ROW });
}

/** The targets that may hold a copy. */
function queuedIn(id: string, { event, targets }: StoredRows): string[] {
  const { targets: states } = overview({ id, source: '', time: '' }, summaryOf(event), targets);
  return Object.entries(states).filter(([, { outcome }]) => outcome === 'waiting' || outcome === 'dead-lettered').map(([name]) => name);
}
