import { Template } from 'aws-cdk-lib/assertions';
import { OrderingKey, WebhookTarget } from '../../../lib';
import { deliverConfig, ingestConfig, partsOf, resource, valid, webhookStack } from '../fixture';

const ordered = (orderingKey = OrderingKey.jsonPath('$.data.id')) =>
  webhookStack({ ...valid(), targets: { billing: WebhookTarget.http('https://billing.example.com', { orderingKey }) } });
const queue = (source: Template, prefix: string) => resource(source, 'AWS::SQS::Queue', prefix);

describe('a target with an order', () => {
  test.each(['GatewayTargetsbillingFifoQueue', 'GatewayTargetsbillingFifoDeadLetterQueue'])('%s keeps the order of each key and drops nothing for its bytes', (prefix) => {
    const { all } = queue(Template.fromStack(ordered()), prefix);
    expect(all).toMatchObject({
      DeletionPolicy: 'Retain',
      Properties: {
        FifoQueue: true,
        ContentBasedDeduplication: false,
        DeduplicationScope: 'messageGroup',
        FifoThroughputLimit: 'perMessageGroupId',
        SqsManagedSseEnabled: true,
        MessageRetentionPeriod: 1_209_600,
      },
    });
    expect(all.Properties).not.toHaveProperty('QueueName');
  });

  test('has no other queues, and its parts are those', () => {
    const stack = ordered();
    const source = Template.fromStack(stack);
    source.resourceCountIs('AWS::SQS::Queue', 2);
    const names = [queue(source, 'GatewayTargetsbillingFifoQueue').id, queue(source, 'GatewayTargetsbillingFifoDeadLetterQueue').id];
    expect(partsOf(source).targets.billing).toMatchObject({ queue: names[0], deadLetterQueue: names[1] });
    expect(deliverConfig(stack, 'billing').values.slice(0, 2)).toEqual(names.map((Ref) => ({ Ref })));
    expect(queue(source, 'GatewayTargetsbillingFifoQueue').properties.RedrivePolicy).toEqual({
      deadLetterTargetArn: { 'Fn::GetAtt': [names[1], 'Arn'] }, maxReceiveCount: 1000,
    });
  });

  test('does not take the place of the queues that it had without', () => {
    const ids = (stack = ordered()) => Object.keys(Template.fromStack(stack).findResources('AWS::SQS::Queue'));
    expect(ids().filter((id) => ids(webhookStack()).includes(id))).toEqual([]);
    expect(ids().sort()).toEqual(['GatewayTargetsbillingFifoDeadLetterQueueE4B6BE89', 'GatewayTargetsbillingFifoQueueB3AE56D8']);
  });
});

test.each([
  [OrderingKey.jsonPath('$.data.customer.id'), { field: { json: '$.data.customer.id' } }],
  [OrderingKey.jsonPath("$['a b'][0].c"), { field: { json: "$['a b'][0].c" } }],
  [OrderingKey.header('X-Shop-Id'), { field: { header: 'x-shop-id' } }],
  [OrderingKey.source(), { source: true }],
])('the ingest function is told where the key is', (orderingKey, expected) => {
  expect(ingestConfig(ordered(orderingKey)).config.targets.billing?.orderingKey).toEqual(expected);
});

test.each(['data.id', '$', '$.', '$.a[*].b', '$.a..b', '$ .a', ''])('fails when the path to the key is %j', (path) => {
  expect(() => OrderingKey.jsonPath(path)).toThrow(`${JSON.stringify(path)} is not a path: write "$" and the way from there`);
});

test('fails when the key\'s header is no header', () => {
  expect(() => OrderingKey.header('x shop')).toThrow('header "x shop" is not a header name');
});

test('without an order no queue is one', () => {
  const source = Template.fromStack(webhookStack());
  source.resourcePropertiesCountIs('AWS::SQS::Queue', { FifoQueue: true }, 0);
});
