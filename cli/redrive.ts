import { usage, type Arguments } from './arguments';
import { CliError, Exit } from './cli-error';
import { JSON_OPTION, type Command, type Context } from './command';
import { findAccess } from './aws-access';
import { findGateways, oneGateway, ONE_GATEWAY_OPTIONS } from './gateway';
import { moveAll } from './move/move-all';
import { moveSelected } from './move/move-selected';
import { queuesOf, sqsClient } from './move/target-queues';
import { Printer } from './print';
import { MOVE_OPTIONS, readRate } from './replay';
import { sourceTime } from './run-clock';
import { openStore } from './store/open-store';
import { readTimeRange, TIME_OPTIONS } from './store/time-range';

const SELECTING = ['since', 'until', 'source', 'type'];

/** Nobody keeps a dead letter for longer: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html */
const MAX_QUEUE_RETENTION_SECONDS = 14 * 86_400;

export const redrive: Command = {
  positionals: [{ name: 'TARGET', description: 'name of the target' }, { name: 'ID', description: 'ids of events; default: all dead letters, or those that the options name', any: true }],
  options: {
    ...TIME_OPTIONS,
    source: { type: 'string', value: 'NAME', description: 'of this source' },
    type: { type: 'string', value: 'TYPE', description: 'of this type' },
    ...MOVE_OPTIONS,
    ...ONE_GATEWAY_OPTIONS,
    json: JSON_OPTION,
  },
  notes: `
All dead letters are moved by SQS itself, and as new messages have their whole retry window again. Of a selection, each event is sent as a
replay, and its letters leave the dead-letter queue once the event store says that it was delivered, or given up again and so has a new one;
what is neither within five minutes stays there, and the same command later takes away what was delivered since. While a selection is looked
for, its dead letters are hidden from others.
Stops when the breaker of the target opens, and on Ctrl-C. In a FIFO queue, dead letters of a group come in their order, ten at a time.
Needs sqs:StartMessageMoveTask, ListMessageMoveTasks, CancelMessageMoveTask, GetQueueAttributes and ListQueueTags, and sqs:ReceiveMessage,
DeleteMessage and SendMessage on both queues; for a selection sqs:ChangeMessageVisibility and dynamodb:BatchGetItem too.`,
  closesItself: true,
  run: runRedrive,
};

async function runRedrive(args: Arguments, context: Context): Promise<Exit> {
  const perSecond = readRate('redrive', args);
  const [target, ...ids] = args.positionals as [string, ...string[]];
  const filtered = SELECTING.some((name) => args.flag(name));
  if (ids.length > 0 && filtered) throw usage('redrive', 'dead letters are named by id and by filters; write one of the two');
  const common = { context, perSecond, print: new Printer(args), yes: args.flag('yes'), dryRun: args.flag('dry-run') };
  if (ids.length > 0 || filtered) {
    const store = await openStore(args, context);
    const { access, gateway, now } = store;
    const range = readTimeRange('redrive', args, now, Math.max(store.retentionSeconds, MAX_QUEUE_RETENTION_SECONDS));
    const [source, type] = [args.text('source'), args.text('type')];
    return moveSelected({
      ...common, store, client: sqsClient(access), queues: await queuesOf(gateway, target),
      selects: ({ id, time, ...of }) => (ids.length > 0 ? ids.includes(id)
        : time >= range.since && time < range.until && (source === undefined || of.source === source) && (type === undefined || of.type === type)),
      nothing: () => new CliError(Exit.NO_MATCH, `no dead letter of target ${JSON.stringify(target)} matches`),
    });
  }
  const access = findAccess(args.text('endpoint'), process.cwd(), process.env);
  const gateway = oneGateway(await findGateways(access, args.text('stack')), args.text('gateway'), ({ parts }) => Object.hasOwn(parts.targets, target));
  const now = await sourceTime(access.run);
  context.now = () => now;
  return moveAll({ ...common, access, client: sqsClient(access), queues: await queuesOf(gateway, target) });
}
