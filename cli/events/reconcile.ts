import type { Arguments } from '../arguments';
import { Exit } from '../cli-error';
import { JSON_OPTION, type Command, type Context } from '../command';
import { ONE_GATEWAY_OPTIONS } from '../gateway';
import { depthOf, QUEUE_GONE_CURE, queuesOf, sqsClient, total, unlessGone } from '../move/target-queues';
import { note, Printer } from '../print';
import { checkNames, readSelection } from '../store/filters';
import { targetRows } from '../store/lookup';
import { openStore, type Store } from '../store/open-store';
import { walk, type Found } from '../store/selection';
import { TIME_OPTIONS } from '../store/time-range';
import { balance, emptyCounts, takeEvent, type Balance, type Counts, type Held } from './balance';

export const reconcile: Command = {
  positionals: [],
  options: {
    ...TIME_OPTIONS,
    source: { type: 'string', value: 'NAME', description: 'of this source' },
    ...ONE_GATEWAY_OPTIONS,
    json: JSON_OPTION,
  },
  notes: `
Counts each accepted event once for every target that wants it: delivered, waiting, dead-lettered, quarantined or dropped; and one that no
target wants once. It balances when the queues hold at least as many messages as events wait. SQS counts approximately: on an account that is
busy, a difference that is gone a minute later is none. An event that waits on record and in no queue may be a dead letter that SQS itself
made. Without --since, --until and --source, it is taken for one where the dead-letter queue holds letters that no row explains, and told.
Needs dynamodb:Query and BatchGetItem on the event store, and sqs:GetQueueAttributes.`,
  run: runReconcile,
};

/** Events are looked up by so many. */
const AT_ONCE = 100;

async function runReconcile(args: Arguments, context: Context): Promise<Exit> {
  const store = await openStore(args, context);
  const selection = readSelection('events reconcile', args, store);
  // Before the rows: whatever leaves a queue from now on has its row written by the time that it is read.
  const held = await readDepths(store);
  const counts = emptyCounts();
  let found: Found[] = [];
  for await (const step of walk(store.table, selection, { direction: 'oldest', chunk: 100 })) {
    if (step.found) found.push(step.found);
    if (found.length < AT_ONCE) continue;
    await take(store, found, counts);
    found = [];
  }
  await take(store, found, counts);
  if (counts.accepted === 0) checkNames(selection);
  // Of a part of the events, the queues do not tell which of their letters it has.
  const all = !['since', 'until', 'source'].some((name) => args.flag(name));
  return say(new Printer(args), counts, balance(counts, held, all));
}

async function readDepths({ access, gateway }: Store): Promise<Map<string, Held>> {
  const client = sqsClient(access);
  const held = await Promise.all(Object.keys(gateway.parts.targets).map(async (name): Promise<[string, Held]> => {
    const { url, deadLetterUrl } = await queuesOf(gateway, name);
    const [queue, deadLetters] = await Promise.all([unlessGone(depthOf(client, url, access)), unlessGone(depthOf(client, deadLetterUrl, access))]);
    if (!queue || !deadLetters) note(`the ${queue ? 'dead-letter queue' : 'delivery queue'} of target ${JSON.stringify(name)} is gone; ${QUEUE_GONE_CURE}`);
    return [name, { queue: queue ? total(queue) : 0, deadLetters: deadLetters ? total(deadLetters) : 0, gone: !queue }];
  }));
  return new Map(held);
}

async function take({ table }: Store, found: readonly Found[], counts: Counts): Promise<void> {
  const pairs = found.flatMap(({ id, summary }) => (summary?.targets ?? []).map((target) => ({ id, target })));
  const rows = new Map((await targetRows(table, pairs)).map((row) => [`${row.id} ${row.target}`, row]));
  for (const { id, summary } of found) if (summary) takeEvent(counts, id, summary, (target) => rows.get(`${id} ${target}`));
}

async function say(print: Printer, counts: Counts, { gaps, unsure }: Balance): Promise<Exit> {
  const { accepted, pairs, delivered, waiting, deadLettered, quarantined, unrouted, dropped } = counts;
  const balanced = gaps.length === 0;
  const numbers = { accepted, pairs, delivered, waiting, deadLettered, quarantined, unrouted, dropped };
  if (print.json) await print.line({ ...numbers, balanced, ...(!balanced && { gaps }), ...(unsure.length > 0 && { unsure }) });
  else {
    await print.table(['COUNT', 'OF'], [
      [String(accepted), 'events accepted'], [String(pairs), 'events × targets that want them'], [String(delivered), 'delivered'], [String(waiting), 'waiting'],
      [String(deadLettered), 'dead-lettered'], [String(quarantined), 'quarantined'], [String(dropped), 'dropped by a transform'], [String(unrouted), 'events that no target wants'],
    ]);
    await print.line({}, balanced ? 'it balances' : 'it does not balance', balanced ? 'good' : 'bad');
  }
  for (const { message } of [...gaps, ...unsure]) note(message);
  return balanced ? Exit.DONE : Exit.FAILED;
}
