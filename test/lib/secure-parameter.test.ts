import { App, CfnParameter, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Key } from 'aws-cdk-lib/aws-kms';
import { IStringParameter, ParameterValueType, StringParameter } from 'aws-cdk-lib/aws-ssm';
import { HttpAuth, WebhookGateway, WebhookSecret, WebhookSource, WebhookTarget } from '../../lib';
import { deliverConfig, ingestConfig, partsOf, statements } from './fixture';

const NAME = '/webhooks/github';
const CURE = 'put the value with `aws ssm put-parameter --type SecureString` and name it by '
  + 'StringParameter.fromSecureStringParameterAttributes(this, \'X\', { parameterName })';

const secure = (scope: Stack, parameterName = NAME): IStringParameter => StringParameter.fromSecureStringParameterAttributes(scope, 'Own', { parameterName });

function stackWith(make: (stack: Stack) => IStringParameter = secure, stack = new Stack(new App(), 'Own')): Stack {
  const secret = WebhookSecret.fromSsmParameter(make(stack));
  new WebhookGateway(stack, 'Gateway', {
    sources: { github: WebhookSource.github({ secret }) }, targets: { billing: WebhookTarget.http('https://billing.example.com/hooks') },
  });
  return stack;
}

const arn = (name: string, account: unknown = { Ref: 'AWS::AccountId' }, region: unknown = { Ref: 'AWS::Region' }): unknown => ({
  'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':ssm:', region, ':', account, ...[`:parameter/${name}`].flat()]],
});

describe('a SecureString', () => {
  test('is in the function\'s file and the metadata by its name, and its value is nowhere', () => {
    const stack = stackWith();
    const source = Template.fromStack(stack);
    expect(ingestConfig(stack).config.sources.github?.verifications[0]?.secret).toEqual({ id: NAME, service: 'ssm' });
    expect(partsOf(source, 'Own/Gateway').sources.github?.verifications[0]?.secret).toEqual({ id: NAME, service: 'ssm', key: 'utf8' });
    expect(JSON.stringify(source.toJSON())).not.toContain('resolve:ssm');
    expect(Object.keys(source.findParameters('*'))).toEqual(['BootstrapVersion']);
  });

  test.each(['/a', '/webhooks/prod/github', 'simple.name_1-2'])('%s is granted by its ARN, with one slash before the name', (name) => {
    const source = Template.fromStack(stackWith((stack) => secure(stack, name)));
    expect(statements(source, 'GatewayIngestRole')['ssm:GetParameter']).toEqual({ Resource: arn(name.replace(/^\//, '')) });
    expect(statements(source, 'GatewayIngestRole')).not.toHaveProperty(['secretsmanager:GetSecretValue']);
  });

  test('that only the deployment knows is a value, and the metadata has no name', () => {
    const stack = stackWith((scope) => StringParameter.fromSecureStringParameterAttributes(scope, 'Mine', {
      parameterName: new CfnParameter(scope, 'Name').valueAsString, simpleName: true,
    }));
    const { config, values } = ingestConfig(stack);
    expect(config.sources.github?.verifications[0]?.secret).toEqual({ id: { $value: 0 }, service: 'ssm' });
    expect(values[0]).toEqual({ Ref: 'Name' });
    const source = Template.fromStack(stack);
    expect(partsOf(source, 'Own/Gateway').sources.github?.verifications[0]?.secret).toEqual({ service: 'ssm', key: 'utf8' });
    expect(JSON.stringify(statements(source, 'GatewayIngestRole')['ssm:GetParameter'])).toContain('":parameter/",{"Ref":"Name"}');
  });

  test('works wherever a secret does, and may serve several', () => {
    const stack = new Stack(new App(), 'Own');
    const secret = WebhookSecret.fromSsmParameter(secure(stack));
    const http = (auth: HttpAuth) => WebhookTarget.http('https://billing.example.com', { signingSecret: secret, auth });
    new WebhookGateway(stack, 'Gateway', {
      sources: {
        meta: WebhookSource.meta({ secret, verifyToken: secret }),
        forms: WebhookSource.apiKey({ key: secret }),
        basic: WebhookSource.basicAuth({ username: 'u', password: secret }),
        mailchimp: WebhookSource.mailchimp({ urlToken: secret }),
      },
      targets: {
        basic: http(HttpAuth.basic('u', secret)), bearer: http(HttpAuth.bearer(secret)), key: http(HttpAuth.apiKey('x-key', secret)),
        oauth: http(HttpAuth.oauth2({ tokenUrl: 'https://a.example.com', clientId: 'c', clientSecret: secret })), tls: http(HttpAuth.mutualTls(secret, secret)),
      },
    });
    const reference = { id: NAME, service: 'ssm' };
    const { sources } = ingestConfig(stack).config;
    expect(Object.values(sources).map(({ verifications: [verification] }) => verification?.secret)).toEqual(Array(4).fill(reference));
    expect(sources.meta?.verifications[0]?.verifyToken).toEqual(reference);
    const settings = (name: string): unknown => deliverConfig(stack, name).config.settings;
    expect(settings('basic')).toMatchObject({ signingSecret: reference, auth: { password: reference } });
    expect(settings('bearer')).toMatchObject({ auth: { token: reference } });
    expect(settings('key')).toMatchObject({ auth: { key: reference } });
    expect(settings('oauth')).toMatchObject({ auth: { clientSecret: reference } });
    expect(settings('tls')).toMatchObject({ auth: { certificate: reference, privateKey: reference } });
    const source = Template.fromStack(stack);
    source.resourceCountIs('AWS::SecretsManager::Secret', 0);
    for (const role of ['GatewayIngestRole', 'GatewayTargetsoauthRole']) {
      expect(statements(source, role)['ssm:GetParameter']).toEqual({ Resource: arn('webhooks/github') });
    }
    expect(partsOf(source, 'Own/Gateway').targets.basic?.signingSecret).toEqual({ ...reference, key: 'whsec' });
  });
});

describe('what is no SecureString is refused', () => {
  const made = (scope: Stack) => new StringParameter(scope, 'Made', { parameterName: NAME, stringValue: 'hunter2' });
  const byName = (scope: Stack) => StringParameter.fromStringParameterName(scope, 'ByName', NAME);
  const byArn = (scope: Stack) => StringParameter.fromStringParameterArn(scope, 'ByArn', `arn:aws:ssm:us-east-1:111111111111:parameter${NAME}`);
  const typed = (parameterType: string) => (scope: Stack) => Object.assign(secure(scope), { parameterType });

  test.each<[string, (scope: Stack) => IStringParameter, string]>([
    ['made in this app', made, `parameter "Own/Made" is made by CloudFormation, which makes no SecureString, and has its value in the template: ${CURE}`],
    ['imported by name', byName, `parameter "Own/ByName" ("${NAME}") has the type "String", and only a SecureString is stored encrypted: ${CURE}`],
    ['imported by ARN', byArn, `has the type "String", and only a SecureString is stored encrypted: ${CURE}`],
    ['a list', typed('StringList'), `parameter "Own/Own" ("${NAME}") has the type "StringList"`],
    ['of a type that only the deployment knows', typed(new CfnParameter(new Stack(), 'Type').valueAsString), 'has a type that is not known'],
    ['of an image\'s id', (scope) => StringParameter.fromStringParameterAttributes(scope, 'Image', {
      parameterName: NAME, valueType: ParameterValueType.AWS_EC2_IMAGE_ID,
    }), 'has the type "String"'],
  ])('%s', (_, make, message) => {
    const stack = new Stack(new App(), 'Own', { env: { region: 'us-east-1' } });
    expect(() => WebhookSecret.fromSsmParameter(make(stack))).toThrow(message);
  });

  test('and says nothing of the value', () => {
    expect(() => WebhookSecret.fromSsmParameter(made(new Stack(new App(), 'Own')))).toThrow(/^(?!.*hunter2)/s);
  });
});

describe('a name', () => {
  test.each(['/a:3', '/a:live', 'arn:aws:ssm:us-east-1:111111111111:parameter', 'a b', `/${'a'.repeat(1_011)}`])('is refused when it is %j', (name) => {
    expect(() => WebhookSecret.fromSsmParameter(secure(new Stack(new App(), 'Own'), name)))
      .toThrow(`parameter "Own/Own" has the name ${JSON.stringify(name)}: a name is 1 to 1,011 letters, digits and /_.-, without a version or a label, and an ARN is none`);
  });

  test.each([3, 100])('is refused with the version %d beside it, which no rotation would change', (version) => {
    const parameter = StringParameter.fromSecureStringParameterAttributes(new Stack(new App(), 'Own'), 'Pinned', { parameterName: NAME, version });
    expect(() => WebhookSecret.fromSsmParameter(parameter))
      .toThrow(`parameter "Own/Pinned" ("${NAME}") is tied to a version, and a rotation would have no effect: leave \`version\` out`);
  });
});

describe('a place', () => {
  const env = { account: '111111111111', region: 'eu-central-1' };

  test('of the same account and Region may be another stack', () => {
    const app = new App();
    const stack = stackWith(() => secure(new Stack(app, 'Other', { env })), new Stack(app, 'Own', { env }));
    expect(statements(Template.fromStack(stack), 'GatewayIngestRole')['ssm:GetParameter']).toEqual({
      Resource: { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':ssm:eu-central-1:111111111111:parameter/webhooks/github']] },
    });
  });

  test.each([
    ['account', { ...env, account: '222222222222' }, 'is in account 222222222222, and "Own/Gateway/Sources/github" in 111111111111'],
    ['Region', { ...env, region: 'us-east-1' }, 'is in Region us-east-1, and "Own/Gateway/Sources/github" in eu-central-1'],
  ])('of another %s is refused', (_, other, message) => {
    const app = new App();
    expect(() => stackWith(() => secure(new Stack(app, 'Other', { env: other })), new Stack(app, 'Own', { env }))).toThrow(message);
  });

  test('is taken as it is where only the deployment knows it', () => {
    const app = new App();
    expect(() => stackWith(() => secure(new Stack(app, 'Other')), new Stack(app, 'Own', { env }))).not.toThrow();
  });
});

test('a customer-managed key may decrypt, through Parameter Store only', () => {
  const source = Template.fromStack(stackWith((stack) => StringParameter.fromSecureStringParameterAttributes(stack, 'Mine', {
    parameterName: NAME, encryptionKey: Key.fromKeyArn(stack, 'Key', 'arn:aws:kms:eu-central-1:111111111111:key/k'),
  })));
  expect(statements(source, 'GatewayIngestRole')['kms:Decrypt']).toEqual({
    Resource: 'arn:aws:kms:eu-central-1:111111111111:key/k',
    Condition: { StringEquals: { 'kms:ViaService': { 'Fn::Join': ['', ['ssm.', { Ref: 'AWS::Region' }, '.amazonaws.com']] } } },
  });
});
