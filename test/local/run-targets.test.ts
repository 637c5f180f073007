import { InvokeCommand } from '@aws-sdk/client-lambda';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import path from 'node:path';
import { RealClock } from '../../local/clock';
import { type LocalRun, startLocalRun } from '../../local/run';
import { writeAssembly } from './assembly/write-assembly';
import { credentials, lambdaClient, post } from './services';

/** What a delivery function does, without its queue: it hands an event to a function and to services that a run does not have. */
const CALLER = `
  const { CALLEE, TOPIC, AWS_ENDPOINT_URL } = process.env;
  const send = (path, headers, body) => fetch(AWS_ENDPOINT_URL + path, { method: 'POST', headers, body });
  export const handler = async ({ body }) => {
    const invoked = await send('/2015-03-31/functions/' + encodeURIComponent(CALLEE) + '/invocations', { 'content-type': 'application/json' }, body);
    const published = await send('/', { 'content-type': 'application/x-www-form-urlencoded' },
      new URLSearchParams({ Action: 'Publish', Version: '2010-03-31', TopicArn: TOPIC, Message: body }));
    return { statusCode: 200, body: JSON.stringify({ invoked: await invoked.json(), published: published.status }) };
  };`;
const CALLEE = 'export const handler = async (event) => { console.log(JSON.stringify({ event: "called", given: event })); return { got: event }; };';

const aws = (Type: string, Properties: { [name: string]: unknown } = {}) => ({ Type, Properties });
const lambda = (hash: string, more: object = {}) => aws('AWS::Lambda::Function', {
  Runtime: 'nodejs24.x', Handler: 'index.handler', Code: { S3Bucket: 'b', S3Key: `${hash}.zip` }, Timeout: 5, ...more,
});
const callee = { 'Fn::GetAtt': ['Callee', 'Arn'] };

const template = {
  Metadata: { 'cdk-webhooks:Main/Gateway': { version: 1, gateway: 'Main/Gateway', api: 'Api', sources: {}, targets: {} } },
  Resources: {
    Api: aws('AWS::ApiGatewayV2::Api', { ProtocolType: 'HTTP' }),
    Stage: aws('AWS::ApiGatewayV2::Stage', { ApiId: { Ref: 'Api' }, StageName: '$default' }),
    Integration: aws('AWS::ApiGatewayV2::Integration', { ApiId: { Ref: 'Api' }, IntegrationUri: { 'Fn::GetAtt': ['Caller', 'Arn'] }, PayloadFormatVersion: '2.0' }),
    Route: aws('AWS::ApiGatewayV2::Route', { ApiId: { Ref: 'Api' }, RouteKey: 'POST /orders', Target: { 'Fn::Sub': 'integrations/${Integration}' } }),
    Role: aws('AWS::IAM::Role', { Policies: [{ PolicyName: 'p', PolicyDocument: { Statement: [{ Effect: 'Allow', Action: 'lambda:InvokeFunction', Resource: callee }] } }] }),
    Caller: lambda('caller', { Role: { 'Fn::GetAtt': ['Role', 'Arn'] }, Environment: { Variables: { CALLEE: callee, TOPIC: { Ref: 'Topic' } } } }),
    Callee: lambda('callee', { FunctionName: 'callee' }),
    Unused: lambda('callee', { FunctionName: 'unused' }),
    Topic: aws('AWS::SNS::Topic'),
    Bus: aws('AWS::Events::EventBus', { Name: 'orders' }),
  },
};

let run: LocalRun;
const lines: { readonly [name: string]: unknown }[] = [];

beforeAll(async () => {
  run = await startLocalRun({
    assembly: writeAssembly({ Main: { template, assets: { caller: { 'index.mjs': CALLER }, callee: { 'index.mjs': CALLEE } } } }),
    clock: new RealClock(), port: 0, secrets: {}, targets: {}, bootstrapFile: path.resolve(__dirname, '../../assets/local/bootstrap.mjs'),
    onLine: (line) => { lines.push(line); },
  });
});
afterAll(() => run.close());

test('a function that only the API invokes runs, and a call that nobody answers here is told', async () => {
  expect(lines).toEqual([]);
  const { status, body } = await post(`${run.ready.apiUrl}/orders`, { 'content-type': 'application/json' }, '{"a":"\u00fc"}');
  expect([status, JSON.parse(body)]).toEqual([200, { invoked: { got: { a: '\u00fc' } }, published: 200 }]);
  expect(lines).toContainEqual({ event: 'called', given: { a: '\u00fc' } });
  const topic = expect.stringMatching(/^arn:aws:sns:us-east-1:000000000000:Main-Topic-[A-Z0-9]{12}$/);
  expect(lines.filter(({ event }) => event === 'aws-call')).toEqual([{
    event: 'aws-call', time: expect.stringMatching(/^\d{4}-.*Z$/), service: 'sns', action: 'Publish', resource: topic, input: { TopicArn: topic, Message: '{"a":"\u00fc"}' },
  }]);
});

test('a function that nobody may invoke does not run', async () => {
  const client = lambdaClient(run.ready.awsEndpointUrl);
  await expect(client.send(new InvokeCommand({ FunctionName: 'unused' }))).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  client.destroy();
});

test('a bus of the assembly takes events by name', async () => {
  const client = new EventBridgeClient({ endpoint: run.ready.awsEndpointUrl, region: 'us-east-1', credentials, maxAttempts: 1 });
  const { Entries } = await client.send(new PutEventsCommand({ Entries: [{ Source: 's', DetailType: 'd', Detail: '{}', EventBusName: 'orders' }] }));
  expect(Entries).toEqual([{ EventId: expect.any(String) }]);
  expect(lines.at(-1)).toMatchObject({ event: 'aws-call', service: 'events', action: 'PutEvents', resource: 'arn:aws:events:us-east-1:000000000000:event-bus/orders' });
  client.destroy();
});
