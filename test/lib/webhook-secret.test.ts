import { App, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { EventStore, WebhookGateway, WebhookSecret, WebhookSource, WebhookTarget } from '../../lib';
import { gateway, ingestConfig, partsOf, resource, template, valid, webhookStack } from './fixture';

const github = (secret: WebhookSecret) => ({ ...valid(), sources: { github: WebhookSource.github({ secret }) } });

describe('a secret by name', () => {
  test('is in the function\'s file as it was named', () => {
    const stack = webhookStack(github(WebhookSecret.fromSecretName('webhooks/github', 'signing-key')));
    expect(ingestConfig(stack).config.sources.github?.verifications[0]?.secret).toEqual({ id: 'webhooks/github', field: 'signing-key' });
  });

  test.each(['', 'a b', 'a*', 'a?', 'ä', 'a'.repeat(513)])('fails when the name is %j', (name) => {
    expect(() => WebhookSecret.fromSecretName(name)).toThrow('is not a secret\'s name: a name is 1 to 512 letters, digits and /_+=.@-');
  });

  test('fails when it is an ARN, and says what takes one', () => {
    expect(() => WebhookSecret.fromSecretName('arn:aws:secretsmanager:eu-central-1:111111111111:secret:a-AbCdEf'))
      .toThrow('for an ARN use WebhookSecret.fromSecretsManager(Secret.fromSecretCompleteArn(…))');
  });

  test('may serve several sources and targets', () => {
    const secret = WebhookSecret.fromSecretName('shared');
    expect(() => gateway({
      sources: { a: WebhookSource.github({ secret }), b: WebhookSource.github({ secret }) },
      targets: { c: WebhookTarget.http('https://c.example.com', { signingSecret: secret }) },
    })).not.toThrow();
  });

  test('that only the deployment knows is a value', () => {
    const app = new App();
    const stack = new Stack(app, 'Own');
    new WebhookGateway(stack, 'Gateway', github(WebhookSecret.fromSecretName(`webhooks/${stack.region}`)));
    expect(ingestConfig(stack).config.sources.github?.verifications[0]?.secret).toEqual({ id: { $value: 0 } });
  });
});

test.each([
  ['by name', () => WebhookSecret.fromSecretName('a', '')],
  ['by construct', () => WebhookSecret.fromSecretsManager(new Secret(new Stack(), 'Secret'), '')],
])('fails when the field of a secret %s is empty', (_, make) => {
  expect(make).toThrow('field "" names no key of a JSON secret: leave it out to use the whole string');
});

describe('a secret by construct', () => {
  test('is a value, and in the metadata a logical id', () => {
    const stack = new Stack(new App(), 'Own');
    const secret = new Secret(stack, 'Mine');
    new WebhookGateway(stack, 'Gateway', github(WebhookSecret.fromSecretsManager(secret, 'key')));
    const { config, values } = ingestConfig(stack);
    const { id } = resource(Template.fromStack(stack), 'AWS::SecretsManager::Secret', 'Mine');
    expect(config.sources.github?.verifications[0]?.secret).toEqual({ id: { $value: 0 }, field: 'key' });
    expect(values[0]).toEqual({ Ref: id });
    expect(partsOf(Template.fromStack(stack), 'Own/Gateway').sources.github?.verifications[0]?.secret).toEqual({ logicalId: id, field: 'key', key: 'utf8' });
  });

  test('of another stack is imported, and the metadata names no logical id', () => {
    const app = new App();
    const secret = new Secret(new Stack(app, 'Other'), 'Mine');
    const stack = new Stack(app, 'Own');
    new WebhookGateway(stack, 'Gateway', github(WebhookSecret.fromSecretsManager(secret)));
    const source = Template.fromStack(stack);
    expect(partsOf(source, 'Own/Gateway').sources.github?.verifications[0]?.secret).toEqual({ key: 'utf8' });
    expect(JSON.stringify(resource(source, 'AWS::Lambda::Function', 'GatewayIngest').properties.Environment)).toContain('Fn::ImportValue');
  });

  test('that was imported by its complete ARN is in the file and the metadata as it is', () => {
    const arn = 'arn:aws:secretsmanager:eu-central-1:111111111111:secret:mine-AbCdEf';
    const stack = new Stack(new App(), 'Own');
    const imported = Secret.fromSecretCompleteArn(stack, 'Mine', arn);
    new WebhookGateway(stack, 'Gateway', github(WebhookSecret.fromSecretsManager(imported)));
    expect(ingestConfig(stack).config.sources.github?.verifications[0]?.secret).toEqual({ id: arn });
    expect(partsOf(Template.fromStack(stack), 'Own/Gateway').sources.github?.verifications[0]?.secret).toEqual({ id: arn, key: 'utf8' });
  });
});

describe('in another Region', () => {
  const ARN = 'arn:aws:secretsmanager:us-east-1:111111111111:secret:mine-AbCdEf';
  const KEY = 'arn:aws:kms:us-east-1:111111111111:key/1';
  const inRegion = (region?: string, context = {}): Stack => new Stack(new App({ context }), 'Own', { env: { region } });
  const make: { readonly [what: string]: (stack: Stack) => unknown } = {
    secret: (stack) => new WebhookGateway(stack, 'Gateway', github(WebhookSecret.fromSecretsManager(Secret.fromSecretCompleteArn(stack, 'Mine', ARN)))),
    key: (stack) => new WebhookGateway(stack, 'Gateway', github(WebhookSecret.generate({ encryptionKey: Key.fromKeyArn(stack, 'Key', KEY) }))),
    store: (stack) => new WebhookGateway(stack, 'Gateway', { ...valid(), eventStore: EventStore.dynamoDb({ encryptionKey: Key.fromKeyArn(stack, 'Key', KEY) }) }),
  };

  test.each([
    ['secret', 'the secret "Own/Mine" is in us-east-1, and the gateway is in eu-west-1: functions read secrets of their own Region only; replicate it there'],
    ['key', 'the key "Own/Key" is in us-east-1, and what it is to encrypt is in eu-west-1, where no service can use it: use a key of eu-west-1'],
    ['store', 'the key "Own/Key" is in us-east-1'],
  ])('a %s is an error where both Regions are known', (what, message) => {
    expect(() => make[what]?.(inRegion('eu-west-1'))).toThrow(message);
    expect(() => make[what]?.(inRegion('us-east-1'))).not.toThrow();
    expect(() => make[what]?.(inRegion())).not.toThrow();
  });

  test.each(Object.keys(make))('a %s is no error in a local run, which has one Region', (what) => {
    expect(() => make[what]?.(inRegion('eu-west-1', { 'cdk-webhooks:local': true }))).not.toThrow();
  });
});

describe('a generated secret', () => {
  test('is 32 letters and digits, and stays', () => {
    const source = template(github(WebhookSecret.generate()));
    const { all } = resource(source, 'AWS::SecretsManager::Secret', 'GatewaySourcesgithub');
    expect(all).toMatchObject({ DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' });
    expect(all.Properties).toEqual({ GenerateSecretString: { PasswordLength: 32, ExcludePunctuation: true } });
  });

  test('takes a name and a key', () => {
    const stack = new Stack(new App(), 'Own');
    const encryptionKey = new Key(stack, 'Key');
    new WebhookGateway(stack, 'Gateway', github(WebhookSecret.generate({ secretName: 'webhooks/github', encryptionKey })));
    Template.fromStack(stack).hasResourceProperties('AWS::SecretsManager::Secret', { Name: 'webhooks/github', KmsKeyId: Match.anyValue() });
  });

  test('goes when the gateway\'s removal policy says so, whether for a source or a target', () => {
    const source = template({ ...github(WebhookSecret.generate()), removalPolicy: RemovalPolicy.DESTROY });
    expect(Object.values(source.findResources('AWS::SecretsManager::Secret')).map(({ DeletionPolicy }) => DeletionPolicy)).toEqual(['Delete', 'Delete']);
  });

  test('fails when it would serve two', () => {
    const secret = WebhookSecret.generate();
    const added = gateway(github(secret));
    const message = 'a generated secret serves one source or target, and this one belongs to "Webhooks/Gateway/Sources/github" already: call WebhookSecret.generate() again';
    expect(() => added.addSource('second', WebhookSource.github({ secret }))).toThrow(message);
    expect(() => added.addTarget('second', WebhookTarget.http('https://c.example.com', { signingSecret: secret }))).toThrow(message);
  });

  test('fails when another of the stack has its name', () => {
    const secret = () => WebhookSecret.generate({ secretName: 'mine' });
    const added = gateway(github(secret()));
    expect(() => added.addSource('second', WebhookSource.github({ secret: secret() })))
      .toThrow('secretName "mine" is that of the secret generated for "Webhooks/Gateway/Sources/github" already: use another name, or leave it out');
    expect(() => new WebhookGateway(new Stack(added.node.root as App, 'Other'), 'Gateway', github(secret()))).not.toThrow();
  });

  test('is made anew for each gateway that a target is added to', () => {
    const target = WebhookTarget.http('https://billing.example.com');
    const stack = new Stack(new App(), 'Own');
    new WebhookGateway(stack, 'One', { ...valid(), targets: { target } });
    new WebhookGateway(stack, 'Two', { ...valid(), targets: { target } });
    Template.fromStack(stack).resourceCountIs('AWS::SecretsManager::Secret', 2);
  });
});

test('no secret value is in the template', () => {
  const stack = webhookStack(github(WebhookSecret.generate()));
  expect(JSON.stringify(Template.fromStack(stack).toJSON())).not.toContain('resolve:secretsmanager');
});
