import { Lazy } from 'aws-cdk-lib';
import { Match } from 'aws-cdk-lib/assertions';
import { WebhookSecret, WebhookSource } from '../../../lib';
import { gateway, github, ingestConfig, resource, template, valid, webhookStack } from '../fixture';

const secret = WebhookSecret.fromSecretName('webhooks/github');
const stage = (props = {}): any => resource(template({ ...valid(), ...props }), 'AWS::ApiGatewayV2::Stage').properties;

test('each source has a route for every method', () => {
  const source = template({ ...valid(), sources: { github: github(), shop: github() } });
  const integration = resource(source, 'AWS::ApiGatewayV2::Integration').id;
  for (const path of ['/github', '/shop']) {
    source.hasResourceProperties('AWS::ApiGatewayV2::Route', { RouteKey: `ANY ${path}`, Target: { 'Fn::Join': ['', ['integrations/', { Ref: integration }]] } });
  }
  source.resourceCountIs('AWS::ApiGatewayV2::Route', 2);
});

test('the sources share one integration of payload 2.0', () => {
  const source = template({ ...valid(), sources: { github: github(), shop: github() } });
  source.resourceCountIs('AWS::ApiGatewayV2::Integration', 1);
  source.hasResourceProperties('AWS::ApiGatewayV2::Integration', { IntegrationType: 'AWS_PROXY', PayloadFormatVersion: '2.0' });
});

test('the API is named for its gateway and has the default stage only', () => {
  expect(resource(template(), 'AWS::ApiGatewayV2::Api').properties).toEqual({ Name: 'Webhooks-Gateway', ProtocolType: 'HTTP' });
  expect(stage()).toMatchObject({ StageName: '$default', AutoDeploy: true });
});

test('every route takes 100 requests a second and 200 at once, and so does whatever has no settings', () => {
  expect(stage()).toMatchObject({
    DefaultRouteSettings: { ThrottlingRateLimit: 100, ThrottlingBurstLimit: 200 },
    RouteSettings: { 'ANY /github': { ThrottlingRateLimit: 100, ThrottlingBurstLimit: 200 } },
  });
});

test('a source\'s throttle goes before the gateway\'s', () => {
  const sources = { github: github(), busy: WebhookSource.github({ secret, throttlingRateLimit: 500 }) };
  expect(stage({ sources, throttlingRateLimit: 10, throttlingBurstLimit: 20 })).toMatchObject({
    DefaultRouteSettings: { ThrottlingRateLimit: 10, ThrottlingBurstLimit: 20 },
    RouteSettings: {
      'ANY /github': { ThrottlingRateLimit: 10, ThrottlingBurstLimit: 20 },
      'ANY /busy': { ThrottlingRateLimit: 500, ThrottlingBurstLimit: 20 },
    },
  });
});

test('the stage waits for the routes that its settings name', () => {
  const source = template();
  expect(resource(source, 'AWS::ApiGatewayV2::Stage').all.DependsOn).toContain(resource(source, 'AWS::ApiGatewayV2::Route').id);
});

test.each([
  ['throttlingRateLimit', 0], ['throttlingRateLimit', -1], ['throttlingRateLimit', Number.NaN], ['throttlingRateLimit', Number.POSITIVE_INFINITY],
  ['throttlingBurstLimit', 0], ['throttlingBurstLimit', 1.5],
])('fails when %s is %d', (name, value) => {
  expect(() => gateway({ [name]: value })).toThrow(new RegExp(`^gateway: ${name} must be `));
  expect(() => gateway().addSource('busy', WebhookSource.github({ secret, [name]: value }))).toThrow(new RegExp(`^source "busy": ${name} must be `));
});

test('a throttle that only the deployment knows is let through', () => {
  expect(() => gateway({ ...valid(), throttlingRateLimit: Lazy.number({ produce: () => -1 }) })).not.toThrow();
});

test('access is logged as JSON without body or query, to a log group of its own', () => {
  const source = template();
  const { AccessLogSettings: settings } = resource(source, 'AWS::ApiGatewayV2::Stage').properties;
  const format = JSON.parse(settings.Format);
  expect(settings.DestinationArn).toEqual({ 'Fn::GetAtt': [resource(source, 'AWS::Logs::LogGroup', 'GatewayHttp').id, 'Arn'] });
  expect(Object.values(format)).toContain('$context.requestId');
  expect(Object.values(format)).toContain('$context.status');
  expect(settings.Format).not.toMatch(/body|querystring|query/i);
});

test('log groups are kept for 30 days', () => {
  const source = template();
  source.allResourcesProperties('AWS::Logs::LogGroup', { RetentionInDays: 30 });
  source.resourceCountIs('AWS::Logs::LogGroup', 4);
});

test('the ingest function is the package\'s own, on arm64, traced', () => {
  const source = template();
  source.hasResourceProperties('AWS::Lambda::Function', {
    Runtime: 'nodejs24.x',
    Architectures: ['arm64'],
    Handler: 'index.handler',
    MemorySize: 256,
    Timeout: 10,
    TracingConfig: { Mode: 'Active' },
    LoggingConfig: { LogGroup: { Ref: Match.stringLikeRegexp('^GatewayIngestLogGroup') } },
    Environment: { Variables: { VALUES: Match.anyValue() } },
  });
});

describe('path', () => {
  const withPath = (path: string) => WebhookSource.github({ secret, path });

  test('is the source\'s name, and the configuration does not repeat it', () => {
    const stack = webhookStack();
    expect(stack.gateway.source('github').path).toBe('/github');
    expect(ingestConfig(stack).config.sources.github).not.toHaveProperty('path');
  });

  test('can be another', () => {
    const stack = webhookStack({ ...valid(), sources: { github: withPath('/hooks/v1/github') } });
    expect(stack.gateway.source('github').path).toBe('/hooks/v1/github');
    expect(ingestConfig(stack).config.sources.github?.path).toBe('/hooks/v1/github');
    expect(stage({ sources: { github: withPath('/hooks/v1/github') } }).RouteSettings).toHaveProperty(['ANY /hooks/v1/github']);
  });

  test.each(['', 'github', '/', '/a/', '//a', '/{name}', '/a b', '/a?b', '/a#b', '/ä', '/%41'])('fails when it is %j', (path) => {
    expect(() => gateway({ sources: { github: withPath(path) } })).toThrow(`path ${JSON.stringify(path)} of source "github" is not allowed: it starts with "/"`);
  });

  test('fails when another source has it', () => {
    expect(() => gateway().addSource('second', withPath('/github')))
      .toThrow('path "/github" of source "second" is that of source "github" already: set another `path`');
  });
});
