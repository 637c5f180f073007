import { App, Aws, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { EventStore, WebhookGateway, WebhookSecret, WebhookSource, WebhookTarget } from '../../lib';
import { gateway, github, ingestConfig, partsOf, resource, target, template, valid, webhookStack } from './fixture';

describe('adding parts', () => {
  test('a source and a target may share a name', () => {
    const added = gateway({ sources: { billing: github() }, targets: { billing: target() } });
    expect(added.source('billing').node.path).toBe('Webhooks/Gateway/Sources/billing');
    expect(added.target('billing').node.path).toBe('Webhooks/Gateway/Targets/billing');
  });

  test('addSource and addTarget return what source and target find', () => {
    const added = gateway({});
    expect(added.addSource('github', github())).toBe(added.source('github'));
    expect(added.addTarget('billing', target())).toBe(added.target('billing'));
  });

  test.each(['1github', 'git_hub', 'git/hub', '', '-x', 'ä', 'a'.repeat(64), '__proto__'])('fails when a name is %j', (name) => {
    const message = new RegExp('is not allowed: a name is 1 to 63 letters, digits and hyphens and starts with a letter');
    expect(() => gateway().addSource(name, github())).toThrow(message);
    expect(() => gateway().addTarget(name, target())).toThrow(message);
  });

  test.each(['constructor', 'toString', 'valueOf'])('fails when a name is %j, which every object has', (name) => {
    expect(() => gateway().addSource(name, github())).toThrow(`source name "${name}" is not allowed: every object of JavaScript has something of that name`);
    expect(() => gateway().addTarget(name, target())).toThrow(`target name "${name}" is not allowed`);
  });

  test('fails when a part is none, for those who write no types', () => {
    expect(() => gateway({ sources: { a: undefined as never } })).toThrow('source "a" is not one of WebhookSource: make it with a function of that class');
    expect(() => gateway({ targets: { a: 'https://a.example.com' as never } })).toThrow('target "a" is not one of WebhookTarget: make it with a function of that class');
  });

  test.each(['/x/../b', '/..', '/./x', '/x/.'])('fails when a path is %j, which leads elsewhere', (path) => {
    const secret = WebhookSecret.fromSecretName('a');
    expect(() => gateway().addSource('x', WebhookSource.github({ secret, path }))).toThrow(`path ${JSON.stringify(path)} of source "x" is not allowed: a segment`);
  });

  test.each(['/x/%2e%2e/b', `/${Aws.REGION}`])('fails when a path is %j', (path) => {
    expect(() => gateway().addSource('x', WebhookSource.github({ secret: WebhookSecret.fromSecretName('a'), path }))).toThrow(/^path .*of source "x" is (not allowed|known only)/);
  });

  test('fails when what it makes is to have snapshots', () => {
    expect(() => gateway({ removalPolicy: RemovalPolicy.SNAPSHOT })).toThrow('removalPolicy SNAPSHOT protects nothing');
  });

  test.each(['a', 'order-events', 'X9', 'a'.repeat(63)])('takes the name %j', (name) => {
    const added = gateway({});
    expect(added.addSource(name, github()).path).toBe(`/${name}`);
    expect(added.addTarget(name, target()).targetName).toBe(name);
  });

  test('fails when a name is taken', () => {
    expect(() => gateway().addSource('github', github())).toThrow('the gateway has a source "github" already: use another name');
    expect(() => gateway().addTarget('billing', target())).toThrow('the gateway has a target "billing" already: use another name');
  });

  test('fails when a part is looked up that is not there, and names those that are', () => {
    expect(() => gateway().source('gitlab')).toThrow('the gateway has no source "gitlab": its sources are "github"');
    expect(() => gateway().urlFor('gitlab')).toThrow('the gateway has no source "gitlab": its sources are "github"');
    expect(() => gateway({}).target('billing')).toThrow('the gateway has no target "billing": its targets are none');
  });

  test('fails when a name is looked up that every object has', () => {
    expect(() => gateway().source('constructor')).toThrow('has no source "constructor"');
  });
});

describe('what is judged at synth', () => {
  const synth = (stack: Stack) => () => Template.fromStack(stack);

  test('fails when there is no source', () => {
    expect(synth(webhookStack({ targets: valid().targets }))).toThrow('the gateway has no source, so nothing can come in: give it `sources`, or call addSource()');
  });

  test('fails when there is no target', () => {
    expect(synth(webhookStack({ sources: valid().sources }))).toThrow('the gateway has no target, so nothing can go out: give it `targets`, or call addTarget()');
  });

  test('fails when a target names a source that is not there', () => {
    const stack = webhookStack({ ...valid(), targets: { billing: WebhookTarget.http('https://billing.example.com', { sources: ['strip'] }) } });
    expect(synth(stack)).toThrow('target "billing" takes events of "strip", which is no source of the gateway: its sources are "github"');
  });

  test('a target may name a source that is added later', () => {
    const stack = webhookStack({ targets: { billing: WebhookTarget.http('https://billing.example.com', { sources: ['github'] }) } });
    stack.gateway.addSource('github', github());
    expect(synth(stack)).not.toThrow();
  });

  test.each([
    ['kept in the event store and delivered to nobody', undefined],
    ['answered 503', EventStore.none()],
  ])('a source that no target takes is a warning: each event is %s', (what, eventStore) => {
    const stack = webhookStack({
      eventStore,
      sources: { github: github(), other: WebhookSource.github({ secret: WebhookSecret.fromSecretName('other') }) },
      targets: { billing: WebhookTarget.http('https://billing.example.com', { sources: ['github'] }) },
    });
    Template.fromStack(stack);
    Annotations.fromStack(stack).hasWarning('/Webhooks/Gateway', Match.stringLikeRegexp(`no target takes events of source "other", so each is ${what}.*source-without-target`));
    expect(Annotations.fromStack(stack).findWarning('*', Match.stringLikeRegexp('"github"'))).toEqual([]);
  });

  test('a gateway whose sources all have a target has no warning', () => {
    const stack = webhookStack();
    Template.fromStack(stack);
    expect(Annotations.fromStack(stack).findWarning('*', Match.anyValue())).toEqual([]);
    expect(Annotations.fromStack(stack).findError('*', Match.anyValue())).toEqual([]);
  });
});

describe('parts that are added late', () => {
  test('are in the ingest function\'s configuration, role and stage, even when something was resolved before', () => {
    const stack = webhookStack();
    stack.resolve(stack.node.findAll().map((construct) => (construct as any)._toCloudFormation?.()));
    stack.gateway.addTarget('late', WebhookTarget.http('https://late.example.com'));
    stack.gateway.addSource('later', github());
    const synthesised = Template.fromStack(stack);
    const { config, values } = ingestConfig(stack);
    const queue = resource(synthesised, 'AWS::SQS::Queue', 'GatewayTargetslateQueue').id;

    expect(Object.keys(config.sources)).toEqual(['github', 'later']);
    expect(Object.keys(config.targets)).toEqual(['billing', 'late']);
    expect(values[(config.targets.late?.queueUrl as any).$value]).toEqual({ Ref: queue });
    const { Statement } = resource(synthesised, 'AWS::IAM::Policy', 'GatewayIngestRole').properties.PolicyDocument;
    const sends = Statement.filter(({ Action }: any) => Action === 'sqs:SendMessage').flatMap(({ Resource }: any) => Resource);
    expect(sends).toContainEqual({ 'Fn::GetAtt': [queue, 'Arn'] });
    synthesised.hasResourceProperties('AWS::ApiGatewayV2::Stage', { RouteSettings: { 'ANY /later': Match.anyValue() } });
    expect(Object.keys(partsOf(synthesised).targets)).toEqual(['billing', 'late']);
  });
});

describe('the parts in the template\'s metadata', () => {
  test('are logical ids of this template', () => {
    const source = template({ ...valid(), sources: { github: WebhookSource.github({ secret: WebhookSecret.generate() }) } });
    const parts = partsOf(source);
    const { Resources } = source.toJSON();
    const type = (id?: string): unknown => Resources[id ?? '']?.Type;
    expect(type(parts.api)).toBe('AWS::ApiGatewayV2::Api');
    expect(parts).toMatchObject({ version: 1, gateway: 'Webhooks/Gateway', sources: { github: { path: '/github', verifications: [{ scheme: { name: 'github' } }] } } });
    expect(type(parts.sources.github?.function)).toBe('AWS::Lambda::Function');
    expect(parts.sources.github?.verifications[0]?.secret).toMatchObject({ key: 'utf8' });
    expect(type(parts.sources.github?.verifications[0]?.secret?.logicalId)).toBe('AWS::SecretsManager::Secret');
    const billing = parts.targets.billing;
    expect([billing?.queue, billing?.deadLetterQueue, billing?.function, billing?.mapping, billing?.signingSecret?.logicalId].map(type)).toEqual([
      'AWS::SQS::Queue', 'AWS::SQS::Queue', 'AWS::Lambda::Function', 'AWS::Lambda::EventSourceMapping', 'AWS::SecretsManager::Secret',
    ]);
    expect(billing).toMatchObject({ kind: 'http', url: 'https://billing.example.com/hooks', signingSecret: { key: 'whsec' } });
  });

  test('name an existing secret as it was named', () => {
    const sources = { github: WebhookSource.github({ secret: WebhookSecret.fromSecretName('webhooks/github', 'key') }) };
    expect(partsOf(template({ ...valid(), sources })).sources.github?.verifications[0]?.secret).toEqual({ id: 'webhooks/github', field: 'key', key: 'utf8' });
  });

  test('leave out a URL that only the deployment knows, and the query of one that is known', () => {
    const app = new App();
    const stack = new Stack(app, 'Own');
    const known = WebhookTarget.http('https://billing.example.com/hooks?token=1');
    const unknown = WebhookTarget.http(`https://${stack.account}.example.com`);
    new WebhookGateway(stack, 'Hooks', { sources: { github: github() }, targets: { known, unknown } });
    const parts = partsOf(Template.fromStack(stack), 'Own/Hooks');
    expect(parts.targets.known?.url).toBe('https://billing.example.com/hooks');
    expect(parts.targets.unknown).not.toHaveProperty('url');
  });
});

test('two gateways live in one stack', () => {
  const stack = new Stack(new App(), 'Own');
  new WebhookGateway(stack, 'One', valid());
  new WebhookGateway(stack, 'Two', valid());
  const source = Template.fromStack(stack);
  source.resourceCountIs('AWS::ApiGatewayV2::Api', 2);
  expect(Object.keys(source.toJSON().Metadata)).toEqual(['cdk-webhooks:Own/One', 'cdk-webhooks:Own/Two']);
});
