import { App, CfnResource, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { AwsSolutionsChecks, ServerlessChecks } from 'cdk-nag';
import { readdirSync } from 'fs';
import { EventStore, WebhookSchema, WebhookSecret, WebhookSource, WebhookStack, WebhookTarget, WebhookTargetOptions } from '../../../lib';
import type { IngestConfig } from '../../../lib/contract/config';
import { functionConfig, github, ingestConfig, partsOf, resource, statements, template, valid, webhookStack } from '../fixture';

const OWN = 'GatewaySourcesshopIngest';
const SHARED = 'GatewayIngest';
const target = (options: WebhookTargetOptions = {}) => WebhookTarget.http('https://a.example.com', options);
const shop = (more: object = {}) => WebhookSource.github({ secret: WebhookSecret.fromSecretName('webhooks/shop'), dedicatedFunction: true, ...more });

/** Beside a source that has the shared function, one that has its own. */
const both = () => ({ sources: { github: github(), shop: shop() }, targets: { all: target(), hub: target({ sources: ['github'] }), till: target({ sources: ['shop'] }) } });

const own = (stack: Stack) => functionConfig<IngestConfig>(stack, `${OWN}Function`);
const names = (object: object): string[] => Object.keys(object);
const arn = (source: Template, type: string, prefix: string): unknown => ({ 'Fn::GetAtt': [resource(source, type, prefix).id, 'Arn'] });
const secretsOf = (source: Template, role: string): unknown => statements(source, role)['secretsmanager:GetSecretValue'];
const queuesOf = (source: Template, role: string): unknown => (statements(source, role)['sqs:SendMessage'] as { Resource: unknown }).Resource;
const queues = (source: Template, ...targets: string[]): unknown => {
  const arns = targets.map((name) => arn(source, 'AWS::SQS::Queue', `GatewayTargets${name}Queue`));
  return arns.length === 1 ? arns[0] : arns;
};
const namedSecret = (name: string): unknown => ({ Resource: { 'Fn::Join': ['', expect.arrayContaining([`:secret:${name}-??????`])] } });

test('its file has the source alone, and the targets that take its events; the shared one has the others', () => {
  const stack = webhookStack(both());
  const { config } = own(stack);
  expect([names(config.sources), names(config.targets)]).toEqual([['shop'], ['all', 'till']]);
  const shared = ingestConfig(stack).config;
  expect([names(shared.sources), names(shared.targets)]).toEqual([['github'], ['all', 'hub']]);
  for (const name of ['gateway', 'payloadBucket', 'store'] as const) expect(names(config)).toContain(name);
  expect(config.gateway).toBe('Webhooks/Gateway');
});

test('its role reads the source\'s secret, sends to those targets, and writes what any ingest function writes, and no more', () => {
  const source = template(both());
  const table = arn(source, 'AWS::DynamoDB::Table', 'GatewayEventStore');
  const bucket = arn(source, 'AWS::S3::Bucket', 'GatewayPayloads');
  expect(statements(source, `${OWN}Role`)).toEqual({
    'dynamodb:GetItem dynamodb:Query dynamodb:UpdateItem': { Resource: table },
    'logs:CreateLogStream logs:PutLogEvents': { Resource: arn(source, 'AWS::Logs::LogGroup', OWN) },
    's3:PutObject': { Resource: { 'Fn::Join': ['', [bucket, '/payloads/*']] } },
    'secretsmanager:GetSecretValue': namedSecret('webhooks/shop'),
    'sqs:SendMessage': { Resource: queues(source, 'all', 'till') },
    'xray:PutTelemetryRecords xray:PutTraceSegments': { Resource: '*' },
  });
});

test('the shared role has neither its secret nor a target that only it sends to', () => {
  const source = template(both());
  expect(secretsOf(source, `${SHARED}Role`)).toEqual(namedSecret('webhooks/github'));
  expect(queuesOf(source, `${SHARED}Role`)).toEqual(queues(source, 'all', 'hub'));
});

test('targets that were there before the source are sent to as well', () => {
  const stack = webhookStack({ sources: { github: github() }, targets: { all: target(), hub: target({ sources: ['github'] }), till: target({ sources: ['shop'] }) } });
  stack.gateway.addTarget('old', target({ retired: true }));
  stack.gateway.addSource('shop', shop());
  stack.gateway.addTarget('late', target({ sources: ['shop'] }));
  const source = Template.fromStack(stack);
  expect(queuesOf(source, `${OWN}Role`)).toEqual(queues(source, 'all', 'till', 'late'));
  expect(names(own(stack).config.targets)).toEqual(['all', 'till', 'late']);
});

test('a target of both kinds of source is sent to by both functions', () => {
  const source = template({ ...both(), targets: { pair: target({ sources: ['shop', 'github'] }) } });
  expect([queuesOf(source, `${OWN}Role`), queuesOf(source, `${SHARED}Role`)]).toEqual([queues(source, 'pair'), queues(source, 'pair')]);
});

test('a source that pairs has its secret written by its own function alone', () => {
  const source = template({ ...both(), sources: { github: github(), shop: WebhookSource.notion({ secret: WebhookSecret.fromSecretName('webhooks/shop'), dedicatedFunction: true }) } });
  expect(statements(source, `${OWN}Role`)['secretsmanager:PutSecretValue']).toEqual(namedSecret('webhooks/shop'));
  expect(statements(source, `${SHARED}Role`)).not.toHaveProperty(['secretsmanager:PutSecretValue']);
});

test('without an event store it may use none', () => {
  const source = template({ ...both(), eventStore: EventStore.none() });
  expect(names(statements(source, `${OWN}Role`)).filter((action) => action.startsWith('dynamodb'))).toEqual([]);
});

test('its route leads to it, and API Gateway may call it for that path only', () => {
  const source = template(both());
  const integration = resource(source, 'AWS::ApiGatewayV2::Integration', 'GatewaySourcesshop');
  expect(integration.properties).toMatchObject({ IntegrationType: 'AWS_PROXY', PayloadFormatVersion: '2.0', IntegrationUri: arn(source, 'AWS::Lambda::Function', OWN) });
  const route = resource(source, 'AWS::ApiGatewayV2::Route', 'GatewaySourcesshop');
  expect(route.properties).toMatchObject({ RouteKey: 'ANY /shop', Target: { 'Fn::Join': ['', ['integrations/', { Ref: integration.id }]] } });
  const permission = resource(source, 'AWS::Lambda::Permission', 'GatewaySourcesshop');
  expect(permission.properties.FunctionName).toEqual(arn(source, 'AWS::Lambda::Function', OWN));
  expect(JSON.stringify(permission.properties.SourceArn)).toContain('/*/*/shop');
  expect(resource(source, 'AWS::Lambda::Permission', 'GatewaySourcesgithub').properties.FunctionName).toEqual(arn(source, 'AWS::Lambda::Function', SHARED));
});

test('a deployment gives the source away only when its route leads to the other function, which may be called by then', () => {
  const source = template(both());
  const route = resource(source, 'AWS::ApiGatewayV2::Route', 'GatewaySourcesshop');
  expect(route.all.DependsOn).toContain(resource(source, 'AWS::Lambda::Permission', 'GatewaySourcesshop').id);
  for (const [type, prefix] of [['AWS::Lambda::Function', SHARED], ['AWS::IAM::Policy', `${SHARED}Role`]] as const) {
    expect(resource(source, type, prefix).all.DependsOn).toContain(route.id);
  }
});

test('it is the source\'s ingestFunction, also in the template\'s metadata', () => {
  const stack = webhookStack(both());
  const source = Template.fromStack(stack);
  const id = (name: string): unknown => stack.resolve(stack.gateway.source(name).ingestFunction.functionName);
  const [shared, dedicated] = [SHARED, OWN].map((prefix) => resource(source, 'AWS::Lambda::Function', prefix).id);
  expect([id('github'), id('shop')]).toEqual([{ Ref: shared }, { Ref: dedicated }]);
  const { sources } = partsOf(source);
  expect([sources.github?.function, sources.shop?.function]).toEqual([shared, dedicated]);
});

test('it has the modules and schemas of its source alone, and they are nowhere else', () => {
  const schema = WebhookSchema.fromObject({ type: 'object' });
  const sources = { github: github(), shop: WebhookSource.twilio({ secret: WebhookSecret.fromSecretName('t'), dedicatedFunction: true, schema }) };
  const stack = webhookStack({ ...both(), sources });
  const beside = (directory: string): string[] => readdirSync(directory).filter((name) => /^(scheme-.*|schemas)\.mjs$/.test(name)).sort();
  expect(beside(own(stack).directory)).toEqual(['schemas.mjs', 'scheme-twilio.mjs']);
  expect(beside(ingestConfig(stack).directory)).toEqual([]);
});

test('its crashes and throttles have alarms of their own, which name the source', () => {
  const source = template(both());
  const name = [{ Name: 'FunctionName', Value: { Ref: resource(source, 'AWS::Lambda::Function', OWN).id } }];
  for (const [id, MetricName] of [['IngestErrors', 'Errors'], ['IngestThrottles', 'Throttles']] as const) {
    const { properties } = resource(source, 'AWS::CloudWatch::Alarm', `GatewaySourcesshop${id}`);
    expect(properties).toMatchObject({ Namespace: 'AWS/Lambda', MetricName, Dimensions: name, Threshold: 0 });
    expect(properties.AlarmDescription).toContain('source shop of webhook gateway Webhooks/Gateway');
  }
});

test('it costs seven resources more', () => {
  const count = (dedicatedFunction: boolean): number => {
    const stack = webhookStack({ ...valid(), sources: { shop: shop({ dedicatedFunction }) } });
    return stack.gateway.source('shop').node.findAll().filter((part) => CfnResource.isCfnResource(part)).length;
  };
  expect([count(false), count(true)]).toEqual([2, 9]);
});

test('false is what nothing is', () => {
  const of = (source: WebhookSource): unknown => template({ ...valid(), sources: { shop: source } }).toJSON();
  expect(of(shop({ dedicatedFunction: false }))).toEqual(of(shop({ dedicatedFunction: undefined })));
});

test('it does not count for the policy of the shared function, and its own environment has a limit', () => {
  const many = (count: number, more: object) => Object.fromEntries(Array.from({ length: count }, (_, i) => [`s${i}`, shop(more)]));
  expect(() => template({ sources: { ...many(47, { dedicatedFunction: false }), shop: shop() }, targets: { all: target() } })).not.toThrow();
  const targets = Object.fromEntries(Array.from({ length: 45 }, (_, i) => [`target${i}`, target({ sources: ['shop'] })]));
  expect(() => template({ sources: both().sources, targets }))
    .toThrow(/environment of function "\S+\/shop\/Ingest\/Function" takes about \d+ bytes and may take 4096/);
});

test('anyOf says it for the whole, not a part of it', () => {
  expect(() => WebhookSource.anyOf([shop(), github()])).toThrow('anyOf got a source with dedicatedFunction of its own: give dedicatedFunction to anyOf');
  const source = WebhookSource.anyOf([shop({ dedicatedFunction: undefined }), github()], { dedicatedFunction: true });
  expect(names(own(webhookStack({ ...valid(), sources: { shop: source } })).config.sources)).toEqual(['shop']);
});

test.each([['AwsSolutionsChecks', AwsSolutionsChecks], ['ServerlessChecks', ServerlessChecks]])('passes %s', (_, Checks) => {
  const app = new App();
  expect(new Checks(app).validateScope(new WebhookStack(app, 'Webhooks', both())).violations).toEqual([]);
});
