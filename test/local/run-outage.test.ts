import { GetMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { ListStackResourcesCommand } from '@aws-sdk/client-cloudformation';
import { ListEventSourceMappingsCommand } from '@aws-sdk/client-lambda';
import { ListObjectsV2Command } from '@aws-sdk/client-s3';
import { ListQueueTagsCommand, SQSClient } from '@aws-sdk/client-sqs';
import { BREAKER_TAG, readBreakerState } from '../../lib/contract/breaker';
import { METRIC_NAMESPACE, TARGET_METRICS } from '../../lib/contract/metrics';
import { GatewayRun, type Line, START, synthesise } from './gateway-run';
import { Receiver, verifyArrival } from './receiver';
import { cloudFormationClient, cloudWatchClient, credentials, lambdaClient, s3Client } from './services';

// A day of a clock that is moved has 1,440 runs of the keeper.
jest.setTimeout(60_000);

let receiver: Receiver;
let run: GatewayRun;
let started: Line[];

beforeAll(async () => {
  receiver = new Receiver();
  run = await GatewayRun.start(synthesise(await receiver.listen()));
  started = [...run.lines];
});

afterAll(async () => {
  await run.close();
  await receiver.close();
});

beforeEach(() => {
  receiver.reset();
  run.lines.length = 0;
});

test('nothing of a gateway is left out of its local run', () => {
  expect(started).toEqual([]);
});

test('a body too big for a queue travels through the bucket and arrives byte for byte', async () => {
  const body = Buffer.from(JSON.stringify({ text: 'é'.repeat(600_000) }));
  expect((await run.send(body)).status).toBe(200);
  await run.advance(0);
  expect(receiver.arrivals.map((arrival) => arrival.body.equals(body))).toEqual([true]);
  verifyArrival(receiver.arrivals[0]!, run.signingSecret.value, run.clock.now());
  const client = s3Client(run.ready.awsEndpointUrl);
  const Prefix = `payloads/${receiver.arrivals[0]!.headers['webhook-id']}/`;
  const { Contents = [] } = await client.send(new ListObjectsV2Command({ Bucket: await physicalId('AWS::S3::Bucket'), Prefix }));
  expect(Contents.map(({ Size }) => Size)).toEqual([body.length]);
  client.destroy();
});

describe('a target that is down', () => {
  const EVENTS = 25;
  const state = async (): Promise<string | undefined> => {
    const client = lambdaClient(run.ready.awsEndpointUrl);
    const { EventSourceMappings = [] } = await client.send(new ListEventSourceMappingsCommand({}));
    client.destroy();
    return EventSourceMappings[0]?.State;
  };
  const metric = async (MetricName: string, Stat: string): Promise<number[]> => {
    const client = cloudWatchClient(run.ready.awsEndpointUrl);
    const Dimensions = [{ Name: 'Gateway', Value: 'Webhooks/Gateway' }, { Name: 'Target', Value: 'billing' }];
    const { MetricDataResults = [] } = await client.send(new GetMetricDataCommand({
      StartTime: new Date(START), EndTime: new Date(run.clock.now() + 60_000), ScanBy: 'TimestampAscending',
      MetricDataQueries: [{ Id: 'q', MetricStat: { Metric: { Namespace: METRIC_NAMESPACE, MetricName, Dimensions }, Period: 60, Stat } }],
    }));
    client.destroy();
    return MetricDataResults[0]?.Values ?? [];
  };
  const phase = async (): Promise<string | undefined> => {
    const sqs = new SQSClient({ endpoint: run.ready.awsEndpointUrl, region: 'us-east-1', credentials, useQueueUrlAsEndpoint: false });
    const { Tags = {} } = await sqs.send(new ListQueueTagsCommand({ QueueUrl: run.ready.targets.billing!.queueUrl }));
    sqs.destroy();
    return readBreakerState(Tags[BREAKER_TAG])?.phase;
  };
  const ids = new Set<unknown>();

  test('has its breaker opened by the keeper: its mapping is paused, and only probes arrive', async () => {
    receiver.always = 503;
    for (let i = 0; i < EVENTS; i++) await run.send('{}');
    await run.advance(180);
    for (const { id } of run.said('accepted')) ids.add(id);
    expect([run.said('breaker')[0], await phase(), await state()]).toEqual([expect.objectContaining({ target: 'billing', state: 'open' }), 'open', 'Disabled']);
    const before = receiver.arrivals.length;
    await run.advance(600);
    expect(receiver.arrivals.length - before).toBeLessThanOrEqual(3 * 10);
    expect((await metric(TARGET_METRICS.oldestUndelivered, 'Maximum')).at(-1)).toBeGreaterThanOrEqual(700);
    expect((await metric(TARGET_METRICS.unavailable, 'Sum'))[0]).toBeGreaterThanOrEqual(EVENTS);
  });

  test('gets everything once it answers again, each event once', async () => {
    await run.advance(3_600);
    expect([run.said('dead-lettered'), await phase(), await state()]).toEqual([[], 'closed', 'Enabled']);
    const delivered = run.said('delivered').map(({ id }) => id);
    expect([delivered.length, new Set(delivered)]).toEqual([EVENTS, ids]);
    expect((await metric(TARGET_METRICS.oldestUndelivered, 'Maximum')).at(-1)).toBe(0);
  });
});

async function physicalId(type: string): Promise<string | undefined> {
  const client = cloudFormationClient(run.ready.awsEndpointUrl);
  const { StackResourceSummaries = [] } = await client.send(new ListStackResourcesCommand({ StackName: 'Webhooks' }));
  client.destroy();
  return StackResourceSummaries.find(({ ResourceType }) => ResourceType === type)?.PhysicalResourceId;
}
