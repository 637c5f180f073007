import { DescribeStacksCommand, GetTemplateCommand, ListStackResourcesCommand } from '@aws-sdk/client-cloudformation';
import path from 'node:path';
import { ManualClock, RealClock } from '../../local/clock';
import { type LocalRun, startLocalRun } from '../../local/run';
import { writeAssembly } from './assembly/write-assembly';
import { cloudFormationClient, post } from './services';

/** A front that puts each body on the queue by hand, as any client of SQS would, and tells what it was given. */
const FRONT = `
  export const handler = async (event) => {
    console.log('front got ' + event.body);
    const headers = { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': 'AmazonSQS.SendMessage' };
    const body = JSON.stringify({ QueueUrl: process.env.QUEUE_URL, MessageBody: event.body });
    const { status } = await fetch(process.env.AWS_ENDPOINT_URL, { method: 'POST', headers, body });
    return { statusCode: status, headers: { 'content-type': 'application/json' }, body: JSON.stringify(process.env) };
  };`;

/** Fails the first time, so that the message comes again. */
const BACK = `
  let failed = false;
  export const handler = async ({ Records: [record] }) => {
    console.log(JSON.stringify({ event: 'delivered', time: new Date().toISOString(), body: record.body, attempts: Number(record.attributes.ApproximateReceiveCount) }));
    if (!failed) { failed = true; throw new Error('the first one fails'); }
  };`;

const lambda = (hash: string, variables: object) => ({
  Type: 'AWS::Lambda::Function',
  Properties: { Runtime: 'nodejs24.x', Handler: 'index.handler', Code: { S3Bucket: 'b', S3Key: `${hash}.zip` }, Timeout: 5, Environment: { Variables: variables } },
});
const aws = (Type: string, Properties: { [name: string]: unknown } = {}) => ({ Type, Properties });

const template = {
  Metadata: { 'cdk-webhooks:Main/Gateway': {
    version: 1, gateway: 'Main/Gateway', api: 'Api',
    sources: { orders: { path: '/orders', verifications: [{ scheme: {}, secret: { id: 'orders', key: 'utf8' } }], function: 'Front' } },
    targets: { back: { kind: 'custom', queue: 'Queue', deadLetterQueue: 'Dead', function: 'Back', mapping: 'Mapping' } },
  } },
  Resources: {
    Api: aws('AWS::ApiGatewayV2::Api', { ProtocolType: 'HTTP' }),
    Stage: aws('AWS::ApiGatewayV2::Stage', { ApiId: { Ref: 'Api' }, StageName: '$default' }),
    Integration: aws('AWS::ApiGatewayV2::Integration', { ApiId: { Ref: 'Api' }, IntegrationUri: { 'Fn::GetAtt': ['Front', 'Arn'] }, PayloadFormatVersion: '2.0' }),
    Route: aws('AWS::ApiGatewayV2::Route', { ApiId: { Ref: 'Api' }, RouteKey: 'POST /orders', Target: { 'Fn::Sub': 'integrations/${Integration}' } }),
    Front: lambda('front', {
      QUEUE_URL: { Ref: 'Queue' }, AWS_ENDPOINT_URL_SQS: 'https://sqs.us-east-1.amazonaws.com',
      OWN_URL: { 'Fn::Sub': 'https://${Api}.execute-api.${AWS::Region}.${AWS::URLSuffix}/orders' }, TABLE: { Ref: 'Table' },
    }),
    Back: lambda('back', {}),
    Queue: aws('AWS::SQS::Queue', { VisibilityTimeout: 60, RedrivePolicy: { deadLetterTargetArn: { 'Fn::GetAtt': ['Dead', 'Arn'] }, maxReceiveCount: 3 } }),
    Dead: aws('AWS::SQS::Queue'),
    Mapping: aws('AWS::Lambda::EventSourceMapping', { EventSourceArn: { 'Fn::GetAtt': ['Queue', 'Arn'] }, FunctionName: { Ref: 'Back' }, BatchSize: 1 }),
    Table: aws('AWS::RDS::DBInstance'),
    Odd: aws('AWS::SNS::Topic', { TopicName: { 'Fn::GetAtt': ['Table', 'StreamArn'] } }),
  },
  Outputs: { OrdersUrl: { Value: { 'Fn::Join': ['', [{ 'Fn::GetAtt': ['Api', 'ApiEndpoint'] }, '/orders']] } }, Odd: { Value: { Ref: 'Odd' } } },
};

type Line = { readonly event: string; readonly [name: string]: unknown };

function start(clock: ManualClock | RealClock, onLine: (line: Line) => void): Promise<LocalRun> {
  const assembly = writeAssembly({ Main: { template, assets: { front: { 'index.mjs': FRONT }, back: { 'index.mjs': BACK } } } });
  return startLocalRun({
    assembly, clock, port: 0, secrets: {}, targets: {}, bootstrapFile: path.resolve(__dirname, '../../assets/local/bootstrap.mjs'),
    onLine: (line) => onLine(line as Line),
  });
}

describe('any assembly', () => {
  let run: LocalRun;
  const lines: Line[] = [];

  beforeAll(async () => {
    process.env.SECRET_OF_THE_SHELL = 'hush';
    run = await start(new ManualClock(Date.parse('2026-11-20T12:00:00Z')), (line) => lines.push(line));
  });

  afterAll(async () => {
    delete process.env.SECRET_OF_THE_SHELL;
    await run.close();
  });

  test('is warned of where a function is given what does not run, and where an output cannot be told', () => {
    expect(lines.map(({ event, code, message }) => [event, code, message])).toEqual([
      ['warning', 'not-made', expect.stringMatching(/"Front" .*"Table" \(AWS::RDS::DBInstance\)/)],
      ['warning', 'unresolvable', expect.stringMatching(/"Odd"|"StreamArn"/)],
    ]);
    lines.length = 0;
  });

  test('runs: its route calls its function, which has its own variables and the run\'s, and nothing of the shell', async () => {
    const { status, body } = await post(run.ready.sources.orders as string, { 'content-type': 'application/json' }, '{"order":1}');
    expect(status).toBe(200);
    const environment = JSON.parse(body);
    expect(environment).toMatchObject({
      QUEUE_URL: run.ready.targets.back?.queueUrl, AWS_ENDPOINT_URL: run.ready.awsEndpointUrl, AWS_REGION: 'us-east-1', OWN_URL: run.ready.sources.orders,
    });
    expect(JSON.stringify(environment)).not.toContain('hush');
    expect(JSON.stringify(environment)).not.toContain('amazonaws');
  });

  test('runs on: a failed batch comes again after the queue\'s visibility timeout, and every line is there before the clock answers', async () => {
    const { body } = await post(`${run.ready.controlUrl}/clock`, { 'content-type': 'application/json' }, '{"advanceSeconds":60}');
    expect(JSON.parse(body)).toEqual({ now: '2026-11-20T12:01:00.000Z', ran: expect.any(Number), nextDueAt: null });
    expect(lines).toEqual([
      { event: 'log', time: '2026-11-20T12:00:00.000Z', function: expect.stringMatching(/^Main-Front-/), message: 'front got {"order":1}' },
      { event: 'delivered', time: expect.stringMatching(/^2026-11-20T12:00:0/), body: '{"order":1}', attempts: 1 },
      expect.objectContaining({ event: 'log', message: expect.stringContaining('the first one fails') }),
      { event: 'delivered', time: expect.stringMatching(/^2026-11-20T12:01:0/), body: '{"order":1}', attempts: 2 },
    ]);
  });

  test('is told by CloudFormation: outputs with addresses of this run, physical ids, the template itself', async () => {
    const client = cloudFormationClient(run.ready.awsEndpointUrl);
    const { Stacks = [] } = await client.send(new DescribeStacksCommand({ StackName: 'Main' }));
    expect(Stacks[0]?.Outputs).toEqual([expect.objectContaining({ OutputKey: 'OrdersUrl', OutputValue: run.ready.sources.orders })]);
    const { StackResourceSummaries = [] } = await client.send(new ListStackResourcesCommand({ StackName: 'Main' }));
    const ids = Object.fromEntries(StackResourceSummaries.map(({ LogicalResourceId: id, PhysicalResourceId }) => [id, PhysicalResourceId]));
    expect(ids).toMatchObject({ Queue: run.ready.targets.back?.queueUrl, Dead: run.ready.targets.back?.deadLetterQueueUrl });
    expect(Object.keys(ids)).toEqual(Object.keys(template.Resources));
    const { TemplateBody = '' } = await client.send(new GetTemplateCommand({ StackName: 'Main' }));
    expect(JSON.parse(TemplateBody)).toEqual(template);
    client.destroy();
  });
});

test('the same on the real clock', async () => {
  let arrive: (line: Line) => void;
  const arrived = new Promise<Line>((resolve) => {
    arrive = resolve;
  });
  const run = await start(new RealClock(), (line) => {
    if (line.event === 'delivered') arrive(line);
  });
  expect(run.ready.clock.mode).toBe('real');
  expect(Math.abs(Date.parse(run.ready.clock.now) - Date.now())).toBeLessThan(60_000);
  expect((await post(run.ready.sources.orders as string, { 'content-type': 'application/json' }, '{"order":2}')).status).toBe(200);
  expect(await arrived).toMatchObject({ body: '{"order":2}', attempts: 1 });
  await run.close();
});

test('fails and leaves nothing behind when a function\'s code is a zip file', async () => {
  const clock = new ManualClock();
  const files = { front: { source: { path: 'front.zip', packaging: 'file' }, destinations: { here: { bucketName: 'b', objectKey: 'front.zip' } } } };
  const assembly = writeAssembly({ Main: { template, files, assets: { back: { 'index.mjs': BACK } } } });
  await expect(startLocalRun({ assembly, clock, port: 0, secrets: {}, targets: {}, bootstrapFile: '', onLine: () => undefined })).rejects.toMatchObject({
    code: 'asset-zip', message: expect.stringMatching(/function "Front" of stack "Main" is the archive "front.zip"/),
  });
});
