import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Alarm, IMetric } from 'aws-cdk-lib/aws-cloudwatch';
import { MetricDetail, WebhookGateway } from '../../../lib';
import { gateway, ingestConfig, resource, target, valid, webhookStack } from '../fixture';

const series = (made: IMetric): object => {
  const { metricStat } = made.toMetricConfig();
  const { namespace, metricName, dimensions, statistic, period } = metricStat as any;
  const named = Object.fromEntries((dimensions ?? []).map(({ name, value }: any) => [name, value]));
  return { namespace, metricName, statistic, seconds: period.toSeconds(), ...named };
};

test('a source\'s metrics are sums of its own series', () => {
  const source = gateway().source('github');
  const own = { namespace: 'CdkWebhooks', statistic: 'Sum', seconds: 300, Gateway: 'Webhooks/Gateway', Source: 'github' };
  expect(series(source.metricAccepted())).toEqual({ ...own, metricName: 'Accepted' });
  expect(series(source.metricRejected({ statistic: 'Maximum' }))).toEqual({ ...own, metricName: 'Rejected', statistic: 'Maximum' });
  expect(series(source.metric('Duplicates'))).toEqual({ ...own, metricName: 'Duplicates' });
});

test('a target\'s metrics are those of its queue and of its own series', () => {
  const stack = webhookStack();
  const billing = stack.gateway.target('billing');
  const own = { namespace: 'CdkWebhooks', seconds: 300, Gateway: 'Webhooks/Gateway', Target: 'billing' };
  expect(series(billing.metricOldestAge())).toEqual({ ...own, metricName: 'OldestUndelivered', statistic: 'Maximum' });
  expect(series(billing.metricDeadLetters())).toEqual({ ...own, metricName: 'DeadLetters', statistic: 'Sum' });
  expect(stack.resolve(series(billing.metricWaiting()))).toEqual({
    namespace: 'AWS/SQS', metricName: 'ApproximateNumberOfMessagesVisible', statistic: 'Maximum', seconds: 300,
    QueueName: { 'Fn::GetAtt': [resource(Template.fromStack(stack), 'AWS::SQS::Queue', 'GatewayTargetsbillingQueue').id, 'QueueName'] },
  });
});

test('a gateway\'s own metrics have no other dimension', () => {
  expect(series(gateway().metric('OpenBreakers'))).toEqual({
    namespace: 'CdkWebhooks', metricName: 'OpenBreakers', statistic: 'Maximum', seconds: 300, Gateway: 'Webhooks/Gateway',
  });
});

test.each([
  ['metricAccepted', 'SELECT SUM(Accepted) FROM SCHEMA(CdkWebhooks, Gateway, Source) WHERE Gateway = \'Webhooks/Gateway\''],
  ['metricRejected', 'SELECT SUM(Rejected) FROM SCHEMA(CdkWebhooks, Gateway, Source) WHERE Gateway = \'Webhooks/Gateway\''],
  ['metricDeadLettered', 'SELECT SUM(DeadLetters) FROM SCHEMA(CdkWebhooks, Gateway, Target) WHERE Gateway = \'Webhooks/Gateway\''],
] as const)('%s counts over all, and an alarm takes it, however many there are', (name, expression) => {
  const stack = webhookStack({ ...valid(), targets: Object.fromEntries(Array.from({ length: 12 }, (_, i) => [`target${i}`, target()])) });
  new Alarm(stack, 'Mine', { metric: stack.gateway[name](), threshold: 1, evaluationPeriods: 1 });
  expect(resource(Template.fromStack(stack), 'AWS::CloudWatch::Alarm', 'Mine').properties.Metrics).toEqual([
    expect.objectContaining({ Expression: expression, Period: 300, ReturnData: true }),
  ]);
});

test('a quote in a construct\'s id cannot end the query\'s text', () => {
  const stack = new Stack(new App(), 'Own');
  const odd = new WebhookGateway(stack, 'it\'s', valid());
  expect(odd.metricAccepted().toMetricConfig().mathExpression?.expression).toMatch(/WHERE Gateway = 'Own\/it\\'s'$/);
});

test.each([[undefined, undefined], [MetricDetail.STANDARD, undefined], [MetricDetail.DETAILED, true]])('metrics: %s tells the ingest function %s', (metrics, told) => {
  expect(ingestConfig(webhookStack({ ...valid(), metrics })).config.detailedMetrics).toBe(told);
});
