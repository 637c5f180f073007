import type { Arguments } from '../arguments';
import { CliError, Exit } from '../cli-error';
import { JSON_OPTION, type Command, type Context } from '../command';
import { ONE_GATEWAY_OPTIONS } from '../gateway';
import { Printer } from '../print';
import { openStore, type Store } from '../store/open-store';
import { overview, stateOf, summaryOf } from '../store/overview';
import { readStored } from '../store/read-event';
import type { StoredRows } from '../store/rows';
import { bodyFields } from './body-fields';
import { printWhole } from './print-whole';

export const show: Command = {
  positionals: [{ name: 'ID', description: 'id of the event, such as evt_…' }],
  options: { ...ONE_GATEWAY_OPTIONS, json: JSON_OPTION },
  notes: 'Needs dynamodb:Query on the event store, and s3:GetObject and s3:ListBucket on the payload bucket for large bodies.',
  run: runShow,
};

async function runShow(args: Arguments, context: Context): Promise<Exit> {
  const store = await openStore(args, context);
  const id = args.positionals[0] as string;
  await showEvent(new Printer(args), store, id, await readStored(store, id));
  return Exit.DONE;
}

/** Prints all there is of an event. Where its body is gone, the rest is printed all the same, and it fails. */
export async function showEvent(print: Printer, { bodies }: Store, id: string, rows: StoredRows): Promise<void> {
  const { event } = rows;
  const body = event && await bodies.read(event).catch((error: unknown) => {
    if (error instanceof CliError) return error;
    throw error;
  });
  const whole = { ...wholeOf(id, rows), ...(body && !(body instanceof CliError) && bodyFields(body)) };
  if (print.json) await print.line(whole);
  else await printWhole(print, whole, body instanceof CliError ? undefined : body);
  if (body instanceof CliError) throw body;
}

export type WholeEvent = ReturnType<typeof wholeOf>;

function wholeOf(id: string, { event, targets }: StoredRows) {
  const [any] = targets;
  const first = event ?? { id, source: any?.source ?? '', time: '', ...(any?.type !== undefined && { type: any.type }) };
  const states = targets.map((row) => [row.target, {
    ...stateOf(row), at: row.at,
    ...(row.reason !== undefined && { reason: row.reason }), ...(row.detail !== undefined && { detail: row.detail }),
    ...(row.response !== undefined && { response: row.response }),
  }] as const);
  const { targets: known, ...rest } = overview(first, summaryOf(event), targets);
  return {
    ...rest,
    time: event?.time ?? targets.find(({ accepted }) => accepted !== undefined)?.accepted ?? null,
    providerId: event?.providerId ?? null,
    ...(event?.collidesWith !== undefined && { collidesWith: event.collidesWith }),
    ...(event?.repeats !== undefined && { repeats: event.repeats }),
    ...(event?.unverified && { verified: false }),
    headers: event?.headers ?? {},
    targets: { ...known, ...Object.fromEntries(states) },
    attempts: targets.flatMap(({ target, tries }) => tries.map((attempt) => ({ target, ...attempt })))
      .sort((a, b) => Date.parse(a.time) - Date.parse(b.time) || a.attempt - b.attempt),
  };
}
