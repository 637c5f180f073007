import type { Arguments } from '../arguments';
import type { Exit } from '../cli-error';
import { JSON_OPTION, type Command, type Context } from '../command';
import { printPage } from '../events/list';
import { ONE_GATEWAY_OPTIONS } from '../gateway';
import { Printer } from '../print';
import { readInteger } from '../read-integer';
import { openStore } from '../store/open-store';
import { QUARANTINE_OPTIONS, readQuarantine } from './quarantined';

export const list: Command = {
  positionals: [],
  options: {
    ...QUARANTINE_OPTIONS,
    limit: { type: 'string', value: 'N', description: 'events per page, 1 to 1000; default: 50' },
    next: { type: 'string', value: 'TOKEN', description: 'go on behind the page that printed this token, with the same filters' },
    ...ONE_GATEWAY_OPTIONS,
    json: JSON_OPTION,
  },
  notes: 'Needs dynamodb:Query and BatchGetItem on the event store.',
  run: runList,
};

async function runList(args: Arguments, context: Context): Promise<Exit> {
  const limit = readInteger('quarantine list', args, 'limit', { least: 1, most: 1_000 }) ?? 50;
  const store = await openStore(args, context);
  return printPage(new Printer(args), store, readQuarantine('quarantine list', args, store), limit, args.text('next'));
}
