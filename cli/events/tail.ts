import { setTimeout as sleep } from 'node:timers/promises';
import { usage, type Arguments } from '../arguments';
import { CliError, Exit, interrupted } from '../cli-error';
import { JSON_OPTION, type Command, type Context } from '../command';
import { ONE_GATEWAY_OPTIONS } from '../gateway';
import { post } from '../post';
import { note, Printer, shortTime } from '../print';
import { sourceTime } from '../run-clock';
import { unknown } from '../store/filters';
import { openStore, type Store } from '../store/open-store';
import { overviews, type Overview } from '../store/overview';
import { readStored } from '../store/read-event';
import { walk, type Found, type Selection } from '../store/selection';
import { eventCells } from './event-cells';

const POLL_MS = 1_000;

/** An event is recorded after its time, and an index is a moment behind its table: what is this young is looked for again. */
const OVERLAP_MS = 15_000;

export const tail: Command = {
  positionals: [],
  options: {
    source: { type: 'string', value: 'NAME', description: 'of this source' },
    type: { type: 'string', value: 'TYPE', description: 'of this type' },
    target: { type: 'string', value: 'NAME', description: 'that this target wants' },
    forward: { type: 'string', value: 'URL', description: 'post the bytes of each event to this URL, such as http://127.0.0.1:3000/hooks' },
    ...ONE_GATEWAY_OPTIONS,
    json: JSON_OPTION,
  },
  notes: `
Ends on Ctrl-C. What is forwarded has the headers on record, which never hold a signature or a secret, and the event's id as webhook-id.
What the URL answers changes nothing for the gateway's own targets.
Needs dynamodb:Query and BatchGetItem on the event store.`,
  run: runTail,
};

async function runTail(args: Arguments, context: Context): Promise<Exit> {
  const url = readForward(args.text('forward'));
  const store = await openStore(args, context);
  const selection = followed(args, store);
  const print = new Printer(args);
  const seen = new Map<string, string>();
  if (!print.json) note('waiting for events; Ctrl-C ends it');
  for (let since = store.now; !context.signal.aborted; await sleep(POLL_MS, undefined, { signal: context.signal }).catch(() => undefined)) {
    const now = await sourceTime(store.access.run);
    const range = { since: new Date(Math.max(store.now, since - OVERLAP_MS)).toISOString(), until: new Date(now + OVERLAP_MS).toISOString() };
    const fresh: Found[] = [];
    for await (const { found } of walk(store.table, { ...selection, range }, { direction: 'oldest', chunk: 25 })) {
      if (found && !seen.has(found.id)) fresh.push(found);
    }
    for (const { id, time } of fresh) seen.set(id, time);
    for (const event of await overviews(store.table, fresh)) await show(print, store, event, url);
    for (const [id, time] of seen) if (time < range.since) seen.delete(id);
    since = now;
  }
  throw interrupted();
}

function readForward(text: string | undefined): URL | undefined {
  if (text === undefined) return undefined;
  if (URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)) return new URL(text);
  throw usage('events tail', `--forward is ${JSON.stringify(text)}; write an absolute URL that starts with http:// or https://`);
}

function followed(args: Arguments, { gateway: { parts } }: Store): Omit<Selection, 'range'> {
  const [source, type, target] = [args.text('source'), args.text('type'), args.text('target')];
  const [sources, targets] = [Object.keys(parts.sources), Object.keys(parts.targets)];
  if (source !== undefined && !sources.includes(source)) throw unknown('source', source, sources);
  if (target !== undefined && !targets.includes(target)) throw unknown('target', target, targets);
  return { sources, targets, ...(source !== undefined && { source }), ...(type !== undefined && { type }), ...(target !== undefined && { target }) };
}

async function show(print: Printer, store: Store, event: Overview, url: URL | undefined): Promise<void> {
  const cells = eventCells(event).slice(1).map((cell) => (typeof cell === 'string' ? cell : cell.text));
  await print.line({ ...event }, `${shortTime(event.time)}  ${cells.join('  ')}`);
  if (url) await forward(print, store, event.id, url);
}

/** What cannot be forwarded is told, and the next one is tried. */
async function forward(print: Printer, store: Store, id: string, url: URL): Promise<void> {
  try {
    const { event } = await readStored(store, id);
    if (!event) return;
    const { status, ms } = await post({ url, headers: { ...event.headers, 'webhook-id': id }, body: await store.bodies.read(event) });
    await print.line({ event: 'forwarded', id, status, ms }, `  answered ${status} in ${ms} ms`, status < 300 ? 'good' : 'bad');
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    await print.line({ event: 'forwarded', id, status: null, ms: null, message: error.message }, `  ${error.message}`, 'bad');
  }
}
