import type { Arguments } from '../arguments';
import { CliError, Exit } from '../cli-error';
import { JSON_OPTION, type Command, type Context } from '../command';
import { ONE_GATEWAY_OPTIONS } from '../gateway';
import { jsonLine } from '../printable';
import { count, note, write } from '../print';
import { BODY_MISSING } from '../store/bodies';
import { checkNames, readSelection } from '../store/filters';
import { eventsById } from '../store/lookup';
import { openStore, type Store } from '../store/open-store';
import type { StoredEvent } from '../store/rows';
import { walk } from '../store/selection';
import { TIME_OPTIONS } from '../store/time-range';
import { bodyFields } from './body-fields';

export const exportEvents: Command = {
  positionals: [],
  options: {
    ...TIME_OPTIONS,
    source: { type: 'string', value: 'NAME', description: 'of this source' },
    type: { type: 'string', value: 'TYPE', description: 'of this type' },
    ...ONE_GATEWAY_OPTIONS,
    json: { ...JSON_OPTION, description: 'print JSON lines, which it does anyway' },
  },
  notes: `
Oldest first, one JSON object a line, with headers and the body as text, or in base64 where it is no text. Where a body is gone from the
payload bucket, its line has "bodyMissing": true, and the exit code is 1.
Needs dynamodb:Query and BatchGetItem on the event store, and s3:GetObject and s3:ListBucket on the payload bucket.`,
  run: runExport,
};

const AT_ONCE = 50;

async function runExport(args: Arguments, context: Context): Promise<Exit> {
  const store = await openStore(args, context);
  const selection = readSelection('events export', args, store);
  const counts = { written: 0, missing: 0 };
  let ids: string[] = [];
  const flush = async (): Promise<void> => {
    const held = ids;
    ids = [];
    await writeEvents(store, held, counts);
  };
  for await (const { found } of walk(store.table, selection, { direction: 'oldest', chunk: 100 })) {
    if (found) ids.push(found.id);
    if (ids.length === AT_ONCE) await flush();
  }
  await flush();
  if (counts.written === 0) checkNames(selection);
  note(`${count(counts.written, 'event')} exported${counts.missing > 0 ? `, ${counts.missing} of them without their bodies, which are gone from the payload bucket` : ''}`);
  return counts.missing > 0 ? Exit.FAILED : Exit.DONE;
}

async function writeEvents({ table, bodies }: Store, ids: readonly string[], counts: { written: number; missing: number }): Promise<void> {
  const events = await eventsById(table, ids);
  for (const event of ids.flatMap((id) => events.get(id) ?? [])) {
    const body = await bodies.read(event).catch((error: unknown) => {
      if (error instanceof CliError && error.code === BODY_MISSING) return undefined;
      throw error;
    });
    if (!body) counts.missing++;
    counts.written++;
    await write(jsonLine(lineOf(event, body)));
  }
}

function lineOf(event: StoredEvent, body: Buffer | undefined): { readonly [name: string]: unknown } {
  const { id, source, type, time, bytes, providerId, headers, targets, quarantined, unrouted } = event;
  return {
    id, source, type: type ?? null, time, bytes, providerId: providerId ?? null, headers, targets: targets ?? [],
    ...(quarantined !== undefined && { quarantined }), ...(unrouted && { unrouted }), ...(body ? bodyFields(body) : { bodyMissing: true }),
  };
}
