import { CloudWatchClient, GetMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { GetEventSourceMappingCommand, LambdaClient, UpdateEventSourceMappingCommand } from '@aws-sdk/client-lambda';
import { TagQueueCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { BREAKER_TAG, writeBreakerState, type BreakerState } from '../lib/contract/breaker';
import { DIMENSIONS, METRIC_NAMESPACE, TARGET_METRICS } from '../lib/contract/metrics';
import type { Arguments } from './arguments';
import { awsFailure, findAccess, type AwsAccess } from './aws-access';
import { Exit } from './cli-error';
import { JSON_OPTION, type Command, type Context } from './command';
import { findGateways, GATEWAY_OPTIONS, oneGateway, ONE_GATEWAY_OPTIONS, type Gateway } from './gateway';
import { ask, breakerOf, depthOf, QUEUE_GONE_CURE, queuesOf, sqsClient, total, unlessGone, type TargetQueues } from './move/target-queues';
import { note, Printer, type Cell } from './print';
import { sourceTime } from './run-clock';

const OPTIONS = { ...ONE_GATEWAY_OPTIONS, json: JSON_OPTION };
const TARGET = { name: 'TARGET', description: 'name of the target' };

export const list: Command = {
  positionals: [],
  options: { ...GATEWAY_OPTIONS, json: JSON_OPTION },
  notes: `
OLDEST is how long the oldest event waits, as the keeper measured it within the last five minutes. Where a queue is gone, which no deployment
has asked for, the rest is listed all the same, and the exit code is 1.
Needs sqs:GetQueueAttributes and ListQueueTags, lambda:GetEventSourceMapping and cloudwatch:GetMetricData.`,
  run: runList,
};

export const pause: Command = {
  positionals: [TARGET],
  options: OPTIONS,
  notes: `
Events go on being accepted and wait in the delivery queue, until the target is resumed or their retry window is over. Lambda takes up to a
minute to stop. The breaker says that a person has opened it, and the keeper leaves it so.
Needs sqs:TagQueue and ListQueueTags, and lambda:GetEventSourceMapping and UpdateEventSourceMapping.`,
  run: (args, context) => setPaused(args, context, true),
};

export const resume: Command = {
  positionals: [TARGET],
  options: OPTIONS,
  notes: `
Closes the breaker, whoever has opened it: the mapping is enabled at once, and the keeper notes it within a minute.
Needs sqs:TagQueue and ListQueueTags, and lambda:GetEventSourceMapping and UpdateEventSourceMapping.`,
  run: (args, context) => setPaused(args, context, false),
};

async function runList(args: Arguments, context: Context): Promise<Exit> {
  const access = findAccess(args.text('endpoint'), process.cwd(), process.env);
  const gateways = await findGateways(access, args.text('stack'));
  const now = await sourceTime(access.run);
  context.now = () => now;
  const print = new Printer(args);
  const lines: Awaited<ReturnType<typeof describeTarget>>[] = [];
  for (const gateway of gateways) {
    for (const name of Object.keys(gateway.parts.targets)) lines.push(await describeTarget(access, gateway, name, now));
  }
  for (const line of print.json ? lines : []) await print.line({ ...line });
  if (!print.json && lines.length === 0) note('the gateway has no targets');
  else if (!print.json) {
    const text = (value: number | null): string => (value === null ? '-' : String(value));
    await print.table(['TARGET', 'KIND', 'BREAKER', 'MAPPING', 'WAITING', 'IN FLIGHT', 'DELAYED', 'OLDEST', 'DEAD LETTERS'], lines.map((line): (string | Cell)[] => {
      const name = gateways.length > 1 ? `${line.gateway}/${line.target}` : line.target;
      const breaker = `${line.breaker.state}${line.breaker.cause ? ` (${line.breaker.cause})` : ''}`;
      return [
        name, line.kind, { text: breaker, tone: line.breaker.state === 'closed' ? 'good' : 'bad' }, line.mapping ?? '-',
        text(line.visible), text(line.inFlight), text(line.delayed), line.oldestSeconds === null ? '-' : `${Math.round(line.oldestSeconds)} s`,
        { text: text(line.deadLetters), tone: line.deadLetters === 0 ? 'plain' : 'bad' },
      ];
    }));
  }
  for (const { target, gone = [] } of lines) {
    for (const queue of gone) note(`the ${queue} of target ${JSON.stringify(target)} is gone; ${QUEUE_GONE_CURE}`);
  }
  return lines.some(({ gone }) => gone) ? Exit.FAILED : Exit.DONE;
}

async function describeTarget(access: AwsAccess, gateway: Gateway, name: string, now: number) {
  const client = sqsClient(access);
  const queues = await queuesOf(gateway, name);
  const [depth, dead, state, mapping, oldestSeconds] = await Promise.all([
    unlessGone(depthOf(client, queues.url, access)), unlessGone(depthOf(client, queues.deadLetterUrl, access)),
    unlessGone(breakerOf(client, queues, access)), mappingOf(access, gateway, queues), oldestOf(access, gateway, name, now),
  ]);
  const gone = [...depth ? [] : ['delivery queue'], ...dead ? [] : ['dead-letter queue']];
  return {
    target: name, gateway: gateway.parts.gateway, kind: queues.part.kind, url: queues.part.url ?? null,
    ...depth ?? { visible: null, inFlight: null, delayed: null }, oldestSeconds, deadLetters: dead ? total(dead) : null,
    ...(gone.length > 0 && { gone }),
    breaker: {
      state: state?.phase ?? 'closed', ...(state && state.since > 0 && { since: new Date(state.since).toISOString() }), ...(state?.cause && { cause: state.cause }),
    },
    mapping: mapping.state ?? null, queueUrl: queues.url, deadLetterQueueUrl: queues.deadLetterUrl,
  };
}

interface Mapping { readonly id: string; readonly state: string | undefined }

async function mappingOf(access: AwsAccess, gateway: Gateway, { part }: TargetQueues): Promise<Mapping> {
  const id = await gateway.physicalId(part.mapping);
  try {
    const { State } = await new LambdaClient(access.client).send(new GetEventSourceMappingCommand({ UUID: id }));
    return { id, state: State };
  } catch (error) {
    throw awsFailure(error, `event source mapping ${JSON.stringify(id)}`, access);
  }
}

/** Null where the keeper has not measured it of late, or nobody may ask: the rest of the list is worth having. */
async function oldestOf(access: AwsAccess, { parts }: Gateway, name: string, now: number): Promise<number | null> {
  try {
    const { MetricDataResults } = await new CloudWatchClient(access.client).send(new GetMetricDataCommand({
      StartTime: new Date(now - 300_000), EndTime: new Date(now + 60_000), ScanBy: 'TimestampDescending',
      MetricDataQueries: [{
        Id: 'oldest',
        MetricStat: {
          Metric: {
            Namespace: METRIC_NAMESPACE, MetricName: TARGET_METRICS.oldestUndelivered,
            Dimensions: [{ Name: DIMENSIONS.gateway, Value: parts.gateway }, { Name: DIMENSIONS.target, Value: name }],
          },
          Period: 60, Stat: 'Maximum',
        },
      }],
    }));
    return MetricDataResults?.[0]?.Values?.[0] ?? null;
  } catch (error) {
    note(`the age of the oldest event of ${JSON.stringify(name)} is not known: ${awsFailure(error, 'metrics', access).message}`);
    return null;
  }
}

async function setPaused(args: Arguments, context: Context, paused: boolean): Promise<Exit> {
  const name = args.positionals[0] as string;
  const access = findAccess(args.text('endpoint'), process.cwd(), process.env);
  const gateway = oneGateway(await findGateways(access, args.text('stack')), args.text('gateway'), ({ parts }) => Object.hasOwn(parts.targets, name));
  const queues = await queuesOf(gateway, name);
  const now = await sourceTime(access.run);
  context.now = () => now;
  const client = sqsClient(access);
  const state = await breakerOf(client, queues, access);
  const mapping = await mappingOf(access, gateway, queues);
  const asked = paused ? state?.phase === 'open' && state.cause === 'person' : (state?.phase ?? 'closed') === 'closed' && isOn(mapping.state);
  if (!asked) await tag(client, access, queues, nextState(state, paused, now));
  const switched = isOn(mapping.state) === !paused || await setMapping(access, mapping.id, !paused);
  const breaker = asked ? state?.phase ?? 'closed' : paused ? 'open' : 'half-open';
  await new Printer(args).line({ event: paused ? 'paused' : 'resumed', time: new Date(now).toISOString(), target: name, breaker, changed: !asked || !switched }, describe(name, paused, asked));
  if (!switched) note(`the mapping of ${JSON.stringify(name)} is being changed by somebody else; the keeper ${paused ? 'disables' : 'enables'} it within a minute or two`);
  return Exit.DONE;
}

const isOn = (state: string | undefined): boolean => state === 'Enabled' || state === 'Enabling' || state === 'Creating';

/** The tag first: a mapping that is off without a word from a breaker is nobody's, and the keeper warns of it. */
function nextState(state: BreakerState | undefined, paused: boolean, now: number): BreakerState {
  const since = paused && state?.phase === 'open' ? state.since : now;
  return { phase: paused ? 'open' : 'half-open', since, ...(paused && { cause: 'person' as const }), ...(state?.emptyAt !== undefined && { emptyAt: state.emptyAt }) };
}

async function tag(client: SQSClient, access: AwsAccess, { url }: TargetQueues, state: BreakerState): Promise<void> {
  await ask(access, url, () => client.send(new TagQueueCommand({ QueueUrl: url, Tags: { [BREAKER_TAG]: writeBreakerState(state) } })));
}

/** False while another change of the mapping is under way: the tag says what is wanted, and the keeper sees to it. */
async function setMapping(access: AwsAccess, id: string, enabled: boolean): Promise<boolean> {
  try {
    await new LambdaClient(access.client).send(new UpdateEventSourceMappingCommand({ UUID: id, Enabled: enabled }));
    return true;
  } catch (error) {
    if ((error as Error).name === 'ResourceInUseException') return false;
    throw awsFailure(error, `event source mapping ${JSON.stringify(id)}`, access);
  }
}

function describe(name: string, paused: boolean, already: boolean): string {
  if (already) return `${name} is ${paused ? 'paused' : 'not paused'} already`;
  return paused ? `${name} is paused: its events wait until cdk-webhooks targets resume ${name}` : `${name} is resumed: what waits is delivered again`;
}
