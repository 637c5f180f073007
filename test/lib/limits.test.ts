import { App, CfnResource, NestedStack, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { WebhookGateway, WebhookSecret, WebhookTarget } from '../../lib';
import { github, target, valid, webhookStack } from './fixture';

const many = <T>(count: number, prefix: string, make: () => T): { [name: string]: T } =>
  Object.fromEntries(Array.from({ length: count }, (_, i) => [`${prefix}${i}`, make()]));
const synth = (stack: Stack) => () => Template.fromStack(stack);

test('fails when a stack has more resources than a template may, and says what a part costs', () => {
  const stack = webhookStack();
  for (let i = 0; i < 500; i++) new CfnResource(stack, `Other${i}`, { type: 'AWS::CloudFormation::WaitConditionHandle' });
  expect(synth(stack)).toThrow('stack "Webhooks" has 542 resources and may have 500: each target costs 12, each source 2; '
    + 'move some of them to a second gateway in a stack of its own');
});

test.each([
  ['raised', 600],
  ['lifted', 0],
])('a limit of resources that is %s is the app\'s own', (_, limit) => {
  const stack = webhookStack(valid(), { '@aws-cdk/core:stackResourceLimit': limit });
  for (let i = 0; i < 500; i++) new CfnResource(stack, `Other${i}`, { type: 'AWS::CloudFormation::WaitConditionHandle' });
  expect(synth(stack)).not.toThrow();
});

test('resources of a nested stack do not count', () => {
  const stack = new Stack(new App(), 'Own');
  const nested = new NestedStack(stack, 'Nested');
  for (let i = 0; i < 499; i++) new CfnResource(nested, `Other${i}`, { type: 'AWS::CloudFormation::WaitConditionHandle' });
  new WebhookGateway(stack, 'Hooks', valid());
  expect(synth(stack)).not.toThrow();
});

test('34 targets fit a stack, and its template stays far below 1 MB', () => {
  const stack = webhookStack({ sources: many(10, 'source', github), targets: many(34, 'target', target) });
  const source = Template.fromStack(stack);
  expect(Object.keys(source.toJSON().Resources).length).toBeLessThan(500);
  // 500 resources take about half of what CloudFormation allows, so the count always ends first and nothing measures bytes.
  expect(JSON.stringify(source.toJSON(), undefined, 1).length).toBeLessThan(500_000);
});

test('fails when the queues\' URLs outgrow the ingest function\'s environment', () => {
  const stack = webhookStack({ sources: { github: github() }, targets: many(45, 'target', target) });
  expect(synth(stack)).toThrow(/environment of function "\S+\/Ingest\/Function" takes about 5\d{3} bytes and may take 4096/);
  expect(synth(stack)).toThrow('it holds the URL of each target\'s queue (45)');
});

test('the estimate of the environment is what CloudFormation will make, or a little more', () => {
  const targets = many(45, 'target', target);
  let message = '';
  try {
    Template.fromStack(webhookStack({ sources: { github: github() }, targets }));
  } catch (error) {
    message = (error as Error).message;
  }
  const estimate = Number(/takes about (\d+) bytes/.exec(message)?.[1]);
  const urls = Object.keys(targets).map((name) =>
    `https://sqs.ap-southeast-1.amazonaws.com/123456789012/Webhooks-GatewayTargets${name}Queue1A2B3C4D-AbCdEfGhIjKl`);
  const bucketAndTable = ['b'.repeat(63), 'Webhooks-GatewayEventStoreTable3A1A89CB-AbCdEfGhIjKl'];
  const actual = JSON.stringify([...urls, ...bucketAndTable]).length + 'VALUES'.length;
  expect(estimate).toBeGreaterThanOrEqual(actual);
  expect(estimate).toBeLessThan(actual * 1.01);
});

test('fails when a target\'s own environment is too big', () => {
  const big = { bind: () => ({ senderDirectory: `${__dirname}/target/sender`, environment: { BIG: 'x'.repeat(4000) } }) };
  expect(synth(webhookStack({ ...valid(), targets: { big } }))).toThrow(
    /the environment of function "Webhooks\/Gateway\/Targets\/big\/Function" takes about 4\d{3} bytes and may take 4096/,
  );
});

test('fails when more sources are added than the ingest function\'s policy can name', () => {
  const stack = webhookStack({ sources: many(60, 'source', github), targets: { billing: target() } });
  expect(synth(stack)).toThrow(/policy of function "\S+\/Ingest\/Function" takes about 25\d{3} bytes for 60 sources and may take 20480/);
  expect(synth(stack)).toThrow('which is 47 sources');
});

test('a shared signing secret costs a target one resource less', () => {
  const stack = webhookStack({
    ...valid(),
    targets: { billing: WebhookTarget.http('https://billing.example.com', { signingSecret: WebhookSecret.fromSecretName('shared') }) },
  });
  expect(stack.gateway.target('billing').node.findAll().filter((part) => CfnResource.isCfnResource(part))).toHaveLength(11);
});
