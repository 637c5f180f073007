import type { Arguments } from '../arguments';
import { CliError, Exit } from '../cli-error';
import { JSON_OPTION, type Command, type Context } from '../command';
import { showEvent } from '../events/show';
import { ONE_GATEWAY_OPTIONS } from '../gateway';
import { Printer } from '../print';
import { openStore } from '../store/open-store';
import { readStored } from '../store/read-event';

export const show: Command = {
  positionals: [{ name: 'ID', description: 'id of the event, such as evt_…' }],
  options: { ...ONE_GATEWAY_OPTIONS, json: JSON_OPTION },
  notes: 'Needs dynamodb:Query on the event store, and s3:GetObject and s3:ListBucket on the payload bucket for large bodies.',
  run: runShow,
};

async function runShow(args: Arguments, context: Context): Promise<Exit> {
  const store = await openStore(args, context);
  const id = args.positionals[0] as string;
  const rows = await readStored(store, id);
  if (rows.event?.quarantined === undefined && !rows.targets.some(({ outcome }) => outcome === 'unavailable')) {
    throw new CliError(Exit.NO_MATCH, `the event ${JSON.stringify(id)} is not in quarantine (any more); cdk-webhooks events show ${id} says what became of it`);
  }
  await showEvent(new Printer(args), store, id, rows);
  return Exit.DONE;
}
