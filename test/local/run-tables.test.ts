import { ListStackResourcesCommand } from '@aws-sdk/client-cloudformation';
import { DescribeTableCommand, DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import path from 'node:path';
import { ManualClock } from '../../local/clock';
import { type LocalRun, startLocalRun } from '../../local/run';
import { writeAssembly } from './assembly/write-assembly';
import { cloudFormationClient, credentials, post } from './services';

/** Writes a row with its own hands, as a function of this project does: a POST of JSON to the one endpoint. */
const WRITER = `
  export const handler = async ({ rawPath }) => {
    const { TABLE, AWS_ENDPOINT_URL } = process.env;
    const input = { TableName: TABLE, Key: { pk: { S: rawPath } }, UpdateExpression: 'SET #t = :t ADD calls :one',
      ExpressionAttributeNames: { '#t': 'ttl' }, ExpressionAttributeValues: { ':t': { N: String(Math.floor(Date.now() / 1000) + 60) }, ':one': { N: '1' } }, ReturnValues: 'ALL_NEW' };
    const headers = { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': 'DynamoDB_20120810.UpdateItem' };
    const response = await fetch(AWS_ENDPOINT_URL, { method: 'POST', headers, body: JSON.stringify(input) });
    return { statusCode: response.status, body: await response.text() };
  };`;

const aws = (Type: string, Properties: { [name: string]: unknown } = {}) => ({ Type, Properties });

const template = {
  Metadata: { 'cdk-webhooks:Main/Gateway': {
    version: 1, gateway: 'Main/Gateway', api: 'Api', sources: {}, targets: {}, store: { table: 'Events', retentionSeconds: 3600 },
  } },
  Resources: {
    Api: aws('AWS::ApiGatewayV2::Api', { ProtocolType: 'HTTP' }),
    Stage: aws('AWS::ApiGatewayV2::Stage', { ApiId: { Ref: 'Api' }, StageName: '$default' }),
    Integration: aws('AWS::ApiGatewayV2::Integration', { ApiId: { Ref: 'Api' }, IntegrationUri: { 'Fn::GetAtt': ['Writer', 'Arn'] }, PayloadFormatVersion: '2.0' }),
    Route: aws('AWS::ApiGatewayV2::Route', { ApiId: { Ref: 'Api' }, RouteKey: 'POST /orders', Target: { 'Fn::Sub': 'integrations/${Integration}' } }),
    Writer: aws('AWS::Lambda::Function', {
      Runtime: 'nodejs24.x', Handler: 'index.handler', Code: { S3Bucket: 'b', S3Key: 'writer.zip' }, Timeout: 5, Environment: { Variables: { TABLE: { Ref: 'Events' } } },
    }),
    Events: aws('AWS::DynamoDB::Table', {
      AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }], KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }], BillingMode: 'PAY_PER_REQUEST',
      TimeToLiveSpecification: { AttributeName: 'ttl', Enabled: true }, PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
    }),
  },
};

let clock: ManualClock;
let run: LocalRun;
let client: DynamoDBClient;
const lines: object[] = [];

beforeAll(async () => {
  clock = new ManualClock(Date.parse('2026-11-20T12:00:00Z'));
  run = await startLocalRun({
    assembly: writeAssembly({ Main: { template, assets: { writer: { 'index.mjs': WRITER } } } }), clock, port: 0, secrets: {}, targets: {},
    bootstrapFile: path.resolve(__dirname, '../../assets/local/bootstrap.mjs'), onLine: (line) => lines.push(line),
  });
  client = new DynamoDBClient({ endpoint: run.ready.awsEndpointUrl, region: 'us-east-1', credentials, maxAttempts: 1 });
});

afterAll(async () => {
  client.destroy();
  await run.close();
});

test('a table of the template is there, found by its logical id, and its function is given it without a warning', async () => {
  const formation = cloudFormationClient(run.ready.awsEndpointUrl);
  const { StackResourceSummaries = [] } = await formation.send(new ListStackResourcesCommand({ StackName: 'Main' }));
  formation.destroy();
  const TableName = StackResourceSummaries.find(({ LogicalResourceId }) => LogicalResourceId === 'Events')?.PhysicalResourceId;
  const { Table } = await client.send(new DescribeTableCommand({ TableName }));
  expect(Table?.TableArn).toMatch(/^arn:aws:dynamodb:us-east-1:000000000000:table\/Main-Events-[A-Z0-9]{12}$/);
  expect(lines).toEqual([]);
});

test('what a function writes can be read, and ends by the clock of the run', async () => {
  const { body } = await post(`${run.ready.apiUrl}/orders`, {}, '{}');
  expect(JSON.parse(body)).toMatchObject({ Attributes: { pk: { S: '/orders' }, calls: { N: '1' } } });
  const [TableName] = (await (await fetch(run.ready.awsEndpointUrl, {
    method: 'POST', headers: { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': 'DynamoDB_20120810.ListTables' }, body: '{}',
  })).json() as { TableNames: string[] }).TableNames;
  const read = () => client.send(new GetItemCommand({ TableName, Key: { pk: { S: '/orders' } } }));
  expect((await read()).Item?.calls).toEqual({ N: '1' });
  await clock.advance(3_600_000);
  expect((await read()).Item).toBeUndefined();
});
