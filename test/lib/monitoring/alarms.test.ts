import { App, Duration, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EventStore, RetryPolicy, WebhookGateway, WebhookTarget } from '../../../lib';
import { resource, target, template, valid } from '../fixture';

const alarms = (source: Template): any[] => Object.values<any>(source.findResources('AWS::CloudWatch::Alarm')).map(({ Properties }) => Properties);
const alarm = (source: Template, id: string): any => resource(source, 'AWS::CloudWatch::Alarm', id).properties;

test('a gateway has ten alarms, and each target two more', () => {
  expect(alarms(template())).toHaveLength(12);
  expect(alarms(template({ ...valid(), targets: { billing: target(), audit: target() } }))).toHaveLength(14);
});

test('without an event store nobody knows which ids have come before', () => {
  expect(Object.keys(template({ ...valid(), eventStore: EventStore.none() }).findResources('AWS::CloudWatch::Alarm')).join()).not.toContain('IdCollisions');
});

test('all say what is wrong with what, and begin at the first value that is above', () => {
  for (const { AlarmDescription: description, ComparisonOperator, AlarmName: name } of alarms(template())) {
    expect(description).toContain('Webhooks/Gateway');
    expect(ComparisonOperator).toBe('GreaterThanThreshold');
    expect(name).toBeUndefined();
  }
});

test.each([
  ['OpenBreakers', 'Maximum'],
  ['StoreFailures', 'Sum'],
  ['IdCollisions', 'Sum'],
  ['SecretFailures', 'Sum'],
  ['Quarantined', 'Sum'],
])('one of %s is enough', (name, statistic) => {
  expect(alarm(template(), `GatewayAlarms${name}`)).toMatchObject({
    Namespace: 'CdkWebhooks', MetricName: name, Dimensions: [{ Name: 'Gateway', Value: 'Webhooks/Gateway' }], Statistic: statistic,
    Threshold: 0, EvaluationPeriods: 1, Period: 300, TreatMissingData: 'notBreaching',
  });
});

test('a topic of another Region is told nothing, so it is an error where both are known', () => {
  const stack = new Stack(new App(), 'Own', { env: { region: 'eu-west-1' } });
  const topic = (region: string) => Topic.fromTopicArn(stack, `Topic${region}`, `arn:aws:sns:${region}:111111111111:alarms`);
  expect(() => new WebhookGateway(stack, 'There', { ...valid(), alarmTopic: topic('us-east-1') }))
    .toThrow('alarmTopic is in us-east-1, and the gateway is in eu-west-1: CloudWatch tells topics of its own Region only; use a topic there');
  expect(() => new WebhookGateway(stack, 'Here', { ...valid(), alarmTopic: topic('eu-west-1') })).not.toThrow();
});

test('an event that no queue took is enough, whatever its source', () => {
  expect(alarm(template(), 'GatewayAlarmsEnqueueFailures')).toMatchObject({
    Metrics: [{ Expression: 'SELECT SUM(EnqueueFailures) FROM SCHEMA(CdkWebhooks, Gateway, Source) WHERE Gateway = \'Webhooks/Gateway\'', Period: 300 }],
    Threshold: 0, TreatMissingData: 'notBreaching',
  });
});

test.each([
  ['IngestErrors', 'AWS/Lambda', 'Errors', 1],
  ['IngestThrottles', 'AWS/Lambda', 'Throttles', 1],
  ['KeeperErrors', 'AWS/Lambda', 'Errors', 3],
  ['ApiErrors', 'AWS/ApiGateway', '5xx', 1],
])('%s is %s %s', (id, namespace, metricName, periods) => {
  expect(alarm(template(), `GatewayAlarms${id}`)).toMatchObject({
    Namespace: namespace, MetricName: metricName, Statistic: 'Sum', Threshold: 0, EvaluationPeriods: periods, TreatMissingData: 'notBreaching',
  });
});

test('the functions and the API are this gateway\'s', () => {
  const source = template();
  const dimension = (id: string): unknown => alarm(source, `GatewayAlarms${id}`).Dimensions[0].Value;
  const ingest = { Ref: resource(source, 'AWS::Lambda::Function', 'GatewayIngest').id };
  expect(dimension('IngestErrors')).toEqual(ingest);
  expect(dimension('IngestThrottles')).toEqual(ingest);
  expect(dimension('KeeperErrors')).toEqual({ Ref: resource(source, 'AWS::Lambda::Function', 'GatewayKeeper').id });
  expect(dimension('ApiErrors')).toEqual({ Ref: resource(source, 'AWS::ApiGatewayV2::Api').id });
});

describe('a target', () => {
  test('alarms while there are dead letters, and goes on where SQS stops measuring', () => {
    const source = template();
    expect(alarm(source, 'GatewayTargetsbillingDeadLetterAlarm')).toMatchObject({
      Namespace: 'AWS/SQS', MetricName: 'ApproximateNumberOfMessagesVisible', Statistic: 'Maximum', Threshold: 0, EvaluationPeriods: 1, TreatMissingData: 'ignore',
      Dimensions: [{ Name: 'QueueName', Value: { 'Fn::GetAtt': [resource(source, 'AWS::SQS::Queue', 'GatewayTargetsbillingDeadLetterQueue').id, 'QueueName'] } }],
    });
  });

  test.each([
    ['the usual window', undefined, 2 * 86_400],
    ['an hour', RetryPolicy.standard(Duration.hours(1)), 1800],
    ['one attempt', RetryPolicy.none(), 2 * 86_400],
  ])('alarms when an event has waited for half of its time: %s', (_, retryPolicy, seconds) => {
    const billing = WebhookTarget.http('https://billing.example.com', { retryPolicy });
    expect(alarm(template({ ...valid(), targets: { billing } }), 'GatewayTargetsbillingAgeAlarm')).toMatchObject({
      Namespace: 'CdkWebhooks', MetricName: 'OldestUndelivered', Statistic: 'Maximum', Threshold: seconds, EvaluationPeriods: 1,
      Dimensions: [{ Name: 'Gateway', Value: 'Webhooks/Gateway' }, { Name: 'Target', Value: 'billing' }],
    });
  });
});

test('a topic is told when an alarm begins and when it is over', () => {
  const stack = new Stack(new App(), 'Own');
  new WebhookGateway(stack, 'Hooks', { ...valid(), alarmTopic: new Topic(stack, 'Topic') });
  const source = Template.fromStack(stack);
  const topic = [{ Ref: resource(source, 'AWS::SNS::Topic').id }];
  expect(alarms(source)).toHaveLength(12);
  for (const { AlarmActions, OKActions } of alarms(source)) expect({ AlarmActions, OKActions }).toEqual({ AlarmActions: topic, OKActions: topic });
});

test('without a topic nobody is told', () => {
  for (const properties of alarms(template())) {
    expect(properties).not.toHaveProperty('AlarmActions');
    expect(properties).not.toHaveProperty('OKActions');
  }
});
