import { GetMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { ListStackResourcesCommand } from '@aws-sdk/client-cloudformation';
import { GetEventSourceMappingCommand, InvokeCommand, ListEventSourceMappingsCommand, UpdateEventSourceMappingCommand } from '@aws-sdk/client-lambda';
import { GetObjectCommand } from '@aws-sdk/client-s3';
import { GetQueueAttributesCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import path from 'node:path';
import { ManualClock } from '../../local/clock';
import { type LocalRun, startLocalRun } from '../../local/run';
import { writeAssembly } from './assembly/write-assembly';
import { cloudFormationClient, cloudWatchClient, credentials, lambdaClient, post, s3Client } from './services';

const START = Date.parse('2026-11-20T12:00:00Z');

/** Called once a minute: logs its event, writes metrics in a line that no pipe takes at once, and stores an object. */
const KEEPER = `
  let runs = 0;
  export const handler = async (event) => {
    const { BUCKET, MAPPING, AWS_ENDPOINT_URL } = process.env;
    if (event.fail) throw new Error('as it was told');
    if (event.echo) return event;
    runs++;
    console.log(JSON.stringify({ event: 'tick', time: new Date().toISOString(), runs, given: event, mapping: MAPPING }));
    console.log(JSON.stringify({
      event: 'metrics', time: new Date().toISOString(), Gateway: 'Main/Gateway', OpenBreakers: runs, Ages: Array.from({ length: 100 }, (_, i) => i),
      padding: 'x'.repeat(runs < 5 ? 200_000 : 0),
      _aws: { Timestamp: Date.now(), CloudWatchMetrics: [{ Namespace: 'CdkWebhooks', Dimensions: [['Gateway']], Metrics: [{ Name: 'OpenBreakers' }, { Name: 'Ages' }] }] },
    }));
    if (runs === 1) {
      await fetch(AWS_ENDPOINT_URL + '/' + BUCKET + '/runs', { method: 'PUT', body: 'first' });
      console.log(JSON.stringify({ event: 'breaker', time: 't', target: 'back', state: 'open', cause: 'unavailable' }));
    }
  };`;

const BACK = `
  export const handler = async ({ Records }) => {
    for (const { body } of Records) console.log(JSON.stringify({ event: 'delivered', time: new Date().toISOString(), body }));
  };`;

const aws = (Type: string, Properties: { [name: string]: unknown } = {}) => ({ Type, Properties });
const lambda = (hash: string, more: object) => aws('AWS::Lambda::Function', {
  Runtime: 'nodejs24.x', Handler: 'index.handler', Code: { S3Bucket: 'b', S3Key: `${hash}.zip` }, Timeout: 5, ...more,
});
const keeper = { 'Fn::GetAtt': ['Keeper', 'Arn'] };
const rule = (more: object) => aws('AWS::Events::Rule', { ScheduleExpression: 'rate(1 minute)', State: 'ENABLED', Targets: [{ Id: 'T', Arn: keeper }], ...more });

const template = {
  Metadata: { 'cdk-webhooks:Main/Gateway': {
    version: 1, gateway: 'Main/Gateway', api: 'Api', sources: {},
    targets: { back: { kind: 'custom', queue: 'Queue', deadLetterQueue: 'Queue', function: 'Back', mapping: 'Mapping' } },
  } },
  Resources: {
    Api: aws('AWS::ApiGatewayV2::Api', { ProtocolType: 'HTTP' }),
    Stage: aws('AWS::ApiGatewayV2::Stage', { ApiId: { Ref: 'Api' }, StageName: '$default' }),
    Integration: aws('AWS::ApiGatewayV2::Integration', { ApiId: { Ref: 'Api' }, IntegrationUri: { 'Fn::GetAtt': ['Back', 'Arn'] }, PayloadFormatVersion: '2.0' }),
    Route: aws('AWS::ApiGatewayV2::Route', { ApiId: { Ref: 'Api' }, RouteKey: 'POST /orders', Target: { 'Fn::Sub': 'integrations/${Integration}' } }),
    Vpc: aws('AWS::EC2::VPC', { CidrBlock: '10.0.0.0/16' }),
    Keeper: lambda('keeper', {
      Environment: { Variables: { BUCKET: { Ref: 'Payloads' }, MAPPING: { Ref: 'Mapping' }, BACK: { Ref: 'Back' } } },
      VpcConfig: { SubnetIds: [{ 'Fn::Select': [0, { 'Fn::GetAtt': ['Vpc', 'Subnets'] }] }], SecurityGroupIds: [] },
    }),
    Back: lambda('back', {}),
    Queue: aws('AWS::SQS::Queue', { VisibilityTimeout: 60 }),
    Mapping: aws('AWS::Lambda::EventSourceMapping', { EventSourceArn: { 'Fn::GetAtt': ['Queue', 'Arn'] }, FunctionName: { Ref: 'Back' }, BatchSize: 10 }),
    Payloads: aws('AWS::S3::Bucket', { LifecycleConfiguration: { Rules: [{ Status: 'Enabled', ExpirationInDays: 1 }] } }),
    Minutely: rule({}),
    Hourly: rule({ ScheduleExpression: 'rate(1 hour)', Targets: [{ Id: 'T', Arn: keeper, Input: '{"hourly":true}' }] }),
    Off: rule({ State: 'DISABLED' }),
    MayCall: aws('AWS::Lambda::Permission', { Principal: 'events.amazonaws.com', FunctionName: keeper, SourceArn: { 'Fn::GetAtt': ['Minutely', 'Arn'] } }),
  },
};

type Line = { readonly event: string; readonly [name: string]: unknown };

// A day of a clock that is moved has 1,440 runs of the keeper.
jest.setTimeout(60_000);

let clock: ManualClock;
let run: LocalRun;
let started: Line[];
const lines: Line[] = [];
const said = (event: string): Line[] => lines.filter((line) => line.event === event);

beforeAll(async () => {
  clock = new ManualClock(START);
  run = await startLocalRun({
    assembly: writeAssembly({ Main: { template, assets: { keeper: { 'index.mjs': KEEPER }, back: { 'index.mjs': BACK } } } }),
    clock, port: 0, secrets: {}, targets: {}, bootstrapFile: path.resolve(__dirname, '../../assets/local/bootstrap.mjs'), onLine: (line) => lines.push(line as Line),
  });
  started = lines.splice(0);
});

afterAll(() => run.close());
beforeEach(() => void lines.splice(0));

test('is warned of the VPC that it leaves out, and of nothing else', () => {
  expect(started).toEqual([expect.objectContaining({ event: 'warning', code: 'not-run', message: expect.stringMatching(/^the VPC of the function "Keeper"/) })]);
});

describe('a schedule', () => {
  test('runs its function on the run\'s clock, with the event of its rule, before the clock answers', async () => {
    await clock.advance(59_999);
    expect(lines).toEqual([]);
    await clock.advance(120_001);
    const event = (time: string) => ({
      'version': '0', 'id': expect.any(String), 'detail-type': 'Scheduled Event', 'source': 'aws.events', 'account': '000000000000', time, 'region': 'us-east-1',
      'resources': [expect.stringMatching(/^arn:aws:events:us-east-1:000000000000:rule\/Main-Minutely-[A-Z0-9]{12}$/)], 'detail': {},
    });
    expect(said('tick').map(({ given }) => given)).toEqual([1, 2, 3].map((minute) => event(`2026-11-20T12:0${minute}:00Z`)));
    expect(said('tick')[2]).toMatchObject({ runs: 3, time: expect.stringMatching(/^2026-11-20T12:03:0/) });
  });

  test('passes its function\'s own lines on, a breaker\'s among them, and keeps metrics to itself', async () => {
    await clock.advance(60_000);
    expect(lines.map(({ event }) => event)).toEqual(['tick']);
    expect(JSON.stringify(lines)).not.toContain('xxxx');
  });

  test('has its input instead, where the rule has one', async () => {
    await clock.advance(3_600_000);
    expect(said('tick').filter(({ given }) => (given as { hourly?: boolean }).hourly)).toHaveLength(1);
    expect(said('tick').map(({ given }) => given)).toContainEqual({ hourly: true });
  });
});

test('the metrics of log lines can be read, however long a line is', async () => {
  const client = cloudWatchClient(run.ready.awsEndpointUrl);
  const query = (Id: string, MetricName: string, Stat: string) => ({
    Id, MetricStat: { Metric: { Namespace: 'CdkWebhooks', MetricName, Dimensions: [{ Name: 'Gateway', Value: 'Main/Gateway' }] }, Period: 60, Stat },
  });
  const { MetricDataResults = [] } = await client.send(new GetMetricDataCommand({
    StartTime: new Date(START), EndTime: new Date(START + 240_000), ScanBy: 'TimestampAscending',
    MetricDataQueries: [query('open', 'OpenBreakers', 'Sum'), query('ages', 'Ages', 'Average'), query('count', 'Ages', 'SampleCount')],
  }));
  expect(MetricDataResults.map(({ Values }) => Values)).toEqual([[1, 2, 3], [49.5, 49.5, 49.5], [100, 100, 100]]);
  expect(MetricDataResults[0]?.Timestamps).toEqual([1, 2, 3].map((minute) => new Date(START + minute * 60_000)));
  client.destroy();
});

test('an object that a function stored is in the template\'s bucket, until its days are over', async () => {
  const [physicalIds, client] = [await resources(), s3Client(run.ready.awsEndpointUrl)];
  const get = () => client.send(new GetObjectCommand({ Bucket: physicalIds.Payloads, Key: 'runs' }));
  expect(await (await get()).Body?.transformToString()).toBe('first');
  // Stored at noon: the midnight after a day is 36 hours away, of which one is over. A minute of a clock that is moved is cheap.
  await clock.advance(36 * 3_600_000);
  await expect(get()).rejects.toMatchObject({ name: 'NoSuchKey' });
  expect(said('tick')).toHaveLength(36 * 61);
  client.destroy();
});

test('a mapping is found by the id that CloudFormation tells, and can be paused: messages wait, untouched', async () => {
  const [{ Mapping: UUID, Queue: QueueUrl }, client] = [await resources(), lambdaClient(run.ready.awsEndpointUrl)];
  const sqs = new SQSClient({ endpoint: run.ready.awsEndpointUrl, region: 'us-east-1', credentials, useQueueUrlAsEndpoint: false });
  await clock.advance(60_000);
  expect(said('tick')[0]?.mapping).toBe(UUID);
  const { FunctionArn } = await client.send(new GetEventSourceMappingCommand({ UUID }));
  expect((await client.send(new ListEventSourceMappingsCommand({ FunctionName: FunctionArn }))).EventSourceMappings).toHaveLength(1);
  await client.send(new UpdateEventSourceMappingCommand({ UUID, Enabled: false }));
  await clock.advance(60_000);
  await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'waits' }));
  await clock.advance(3_600_000);
  const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['ApproximateNumberOfMessages'] }));
  expect([Attributes?.ApproximateNumberOfMessages, said('delivered')]).toEqual(['1', []]);
  await client.send(new UpdateEventSourceMappingCommand({ UUID, Enabled: true }));
  await clock.advance(60_000);
  expect(said('delivered')).toEqual([expect.objectContaining({ body: 'waits' })]);
  client.destroy();
  sqs.destroy();
});

describe('a function that is invoked', () => {
  const client = () => lambdaClient(run.ready.awsEndpointUrl);

  test('answers its caller, or tells its error', async () => {
    const { Keeper: FunctionName } = await resources();
    const invoke = async (payload: object): Promise<[string | undefined, unknown]> => {
      const { FunctionError, Payload } = await client().send(new InvokeCommand({ FunctionName, Payload: JSON.stringify(payload) }));
      return [FunctionError, JSON.parse(Payload!.transformToString())];
    };
    expect(await invoke({ echo: 'é' })).toEqual([undefined, { echo: 'é' }]);
    expect(await invoke({ fail: true })).toEqual(['Unhandled', expect.objectContaining({ errorType: 'Error', errorMessage: 'as it was told' })]);
  });

  test('as an event is tried again on the run\'s clock when it fails', async () => {
    const { Keeper: FunctionName } = await resources();
    await client().send(new InvokeCommand({ FunctionName, InvocationType: 'Event', Payload: '{"fail":true}' }));
    await clock.advance(0);
    const failures = (): number => said('log').filter(({ message }) => String(message).includes('as it was told')).length;
    expect(failures()).toBe(1);
    await clock.advance(3_600_000);
    expect(failures()).toBe(3);
  });
});

async function resources(): Promise<{ [logicalId: string]: string }> {
  const client = cloudFormationClient(run.ready.awsEndpointUrl);
  const { StackResourceSummaries = [] } = await client.send(new ListStackResourcesCommand({ StackName: 'Main' }));
  client.destroy();
  return Object.fromEntries(StackResourceSummaries.map(({ LogicalResourceId = '', PhysicalResourceId = '' }) => [LogicalResourceId, PhysicalResourceId]));
}

test('the services tell the time of the run, and nobody else\'s page gets it', async () => {
  const ask = (headers: object) => post(`${run.ready.awsEndpointUrl}/_cdk-webhooks/clock`, { ...headers }, '', 'GET');
  const { status, body } = await ask({});
  expect([status, JSON.parse(body)]).toEqual([200, { mode: 'manual', now: new Date(clock.now()).toISOString() }]);
  expect((await ask({ host: 'evil.example' })).status).toBe(403);
});
