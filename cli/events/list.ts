import { usage, type Arguments } from '../arguments';
import { Exit } from '../cli-error';
import { JSON_OPTION, type Command, type Context } from '../command';
import { ONE_GATEWAY_OPTIONS } from '../gateway';
import { note, Printer } from '../print';
import { readInteger } from '../read-integer';
import { shellWord } from '../shell-word';
import { checkNames, FILTER_OPTIONS, readSelection } from '../store/filters';
import { openStore, type Store } from '../store/open-store';
import { overviews } from '../store/overview';
import { readPage } from '../store/page';
import type { Selection } from '../store/selection';
import { EVENT_COLUMNS, eventCells } from './event-cells';

const MAX_LIMIT = 1_000;

export const list: Command = {
  positionals: [],
  options: {
    ...FILTER_OPTIONS,
    limit: { type: 'string', value: 'N', description: `events per page, 1 to ${MAX_LIMIT}; default: 50` },
    next: { type: 'string', value: 'TOKEN', description: 'go on behind the page that printed this token, with the same filters' },
    ...ONE_GATEWAY_OPTIONS,
    json: JSON_OPTION,
  },
  notes: `
What a page costs does not grow with what is stored. --type, --outcome waiting and --outcome delivered have no index: a page looks through
10,000 events at most, and may end early.
Needs dynamodb:Query and dynamodb:BatchGetItem on the event store.`,
  run: runList,
};

async function runList(args: Arguments, context: Context): Promise<Exit> {
  const limit = readInteger('events list', args, 'limit', { least: 1, most: MAX_LIMIT }) ?? 50;
  const token = args.text('next');
  if (token === '') throw usage('events list', '--next is empty; write the "next" of the last page, or leave it out');
  const store = await openStore(args, context);
  return printPage(new Printer(args), store, readSelection('events list', args, store), limit, token);
}

/** Prints one page and how to get the next one. */
export async function printPage(print: Printer, { table }: Store, selection: Selection, limit: number, token: string | undefined): Promise<Exit> {
  const { found, next = null } = await readPage(table, selection, limit, token);
  if (found.length === 0 && next === null) checkNames(selection);
  const events = await overviews(table, found);
  for (const event of print.json ? events : []) await print.line({ ...event });
  if (print.json) await print.line({ event: 'page', next });
  else if (events.length > 0) await print.table(EVENT_COLUMNS, events.map(eventCells));
  else note('no event matches');
  if (!print.json && next !== null) note(`there may be more; go on with --next ${shellWord(next)}`);
  return Exit.DONE;
}
