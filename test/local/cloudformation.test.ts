import {
  type CloudFormationClient, DescribeStacksCommand, GetTemplateCommand, GetTemplateSummaryCommand, ListStackResourcesCommand, paginateDescribeStacks,
} from '@aws-sdk/client-cloudformation';
import { CloudFormation, type DescribedStack } from '../../local/cloudformation';
import { ServiceEndpoint } from '../../local/service-endpoint';
import { cloudFormationClient } from './services';

const CREATED = Date.parse('2026-11-20T12:00:00Z');
const template = { Metadata: { 'cdk-webhooks:Main/Gateway': { version: 1, note: '<&> &lt; "\u00e9\u{1f680} ]]>' } }, Resources: {} };
const stack = (name: string, more: Partial<DescribedStack> = {}): DescribedStack => ({
  name, id: `arn:aws:cloudformation:eu-west-1:000000000000:stack/${name}/1`, template, createdAt: CREATED, outputs: [], resources: [], ...more,
});

let endpoint: ServiceEndpoint;
let client: CloudFormationClient;

beforeEach(async () => {
  endpoint = new ServiceEndpoint();
  endpoint.addFormService(new CloudFormation([
    stack('Main', {
      outputs: [{ key: 'GithubUrl', value: 'http://127.0.0.1:3000/github?a=1&b=<2>', description: 'a "URL"', exportName: 'Main:Url' }, { key: 'Empty', value: '' }],
      resources: [{ logicalId: 'Queue1', physicalId: 'http://127.0.0.1:1/000000000000/q', type: 'AWS::SQS::Queue' }],
    }),
    stack('Other'),
  ]));
  await endpoint.listen(0);
  client = cloudFormationClient(endpoint.origin);
});

afterEach(async () => {
  client.destroy();
  await endpoint.close();
});

test('GetTemplate gives the template as it was written, whatever is in it', async () => {
  const { TemplateBody, StagesAvailable } = await client.send(new GetTemplateCommand({ StackName: 'Main', TemplateStage: 'Original' }));
  expect(JSON.parse(TemplateBody ?? '')).toEqual(template);
  expect(StagesAvailable).toEqual(['Original', 'Processed']);
});

test('DescribeStacks gives one stack with its outputs', async () => {
  const { Stacks } = await client.send(new DescribeStacksCommand({ StackName: 'Main' }));
  expect(Stacks).toEqual([expect.objectContaining({
    StackName: 'Main', StackId: 'arn:aws:cloudformation:eu-west-1:000000000000:stack/Main/1', StackStatus: 'CREATE_COMPLETE', CreationTime: new Date(CREATED),
    Outputs: [
      { OutputKey: 'GithubUrl', OutputValue: 'http://127.0.0.1:3000/github?a=1&b=<2>', Description: 'a "URL"', ExportName: 'Main:Url' },
      expect.objectContaining({ OutputKey: 'Empty', OutputValue: '' }),
    ],
  })]);
});

test('DescribeStacks without a name gives all, in one page', async () => {
  const names: (string | undefined)[] = [];
  for await (const page of paginateDescribeStacks({ client }, {})) names.push(...(page.Stacks ?? []).map(({ StackName }) => StackName));
  expect(names).toEqual(['Main', 'Other']);
});

test('ListStackResources gives physical ids, by the name or the ARN of the stack', async () => {
  for (const StackName of ['Main', 'arn:aws:cloudformation:eu-west-1:000000000000:stack/Main/1']) {
    const { StackResourceSummaries, NextToken } = await client.send(new ListStackResourcesCommand({ StackName }));
    expect(StackResourceSummaries).toEqual([expect.objectContaining({
      LogicalResourceId: 'Queue1', PhysicalResourceId: 'http://127.0.0.1:1/000000000000/q', ResourceType: 'AWS::SQS::Queue', ResourceStatus: 'CREATE_COMPLETE',
      LastUpdatedTimestamp: new Date(CREATED),
    })]);
    expect(NextToken).toBeUndefined();
  }
});

test.each([
  new DescribeStacksCommand({ StackName: 'Gone' }), new GetTemplateCommand({ StackName: 'Gone' }), new ListStackResourcesCommand({ StackName: 'Gone' }),
])('a stack that is not there is a ValidationError (%#)', async (command) => {
  await expect(client.send(command as DescribeStacksCommand)).rejects.toMatchObject({
    name: 'ValidationError', message: 'Stack with id Gone does not exist', $metadata: { httpStatusCode: 400 },
  });
});

test('another action is an error that names it', async () => {
  await expect(client.send(new GetTemplateSummaryCommand({ StackName: 'Main' }))).rejects.toMatchObject({ name: 'InvalidAction', message: expect.stringContaining('"GetTemplateSummary"') });
});
