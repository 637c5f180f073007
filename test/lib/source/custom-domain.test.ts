import { App, Aws, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Certificate, ICertificate } from 'aws-cdk-lib/aws-certificatemanager';
import { AwsSolutionsChecks, ServerlessChecks } from 'cdk-nag';
import { WebhookGateway, WebhookGatewayProps, WebhookSecret, WebhookSource, WebhookStack } from '../../../lib';
import { github, ingestConfig, partsOf, resource, valid } from '../fixture';

const DOMAIN = 'hooks.example.com';
const ENV = { account: '111111111111', region: 'eu-central-1' };
const arn = (region: string): string => `arn:aws:acm:${region}:111111111111:certificate/0a1b`;
const issued = (scope: Stack, certificateArn = arn(ENV.region)): ICertificate => Certificate.fromCertificateArn(scope, 'Certificate', certificateArn);
const twilio = (publicUrl?: string) => WebhookSource.twilio({ secret: WebhookSecret.fromSecretName('webhooks/twilio'), publicUrl });

function stackWith(props: Partial<WebhookGatewayProps> = {}, context = {}): WebhookStack {
  const app = new App({ context });
  const certificate = issued(new Stack(app, 'Certificates', { env: ENV }));
  return new WebhookStack(app, 'Webhooks', { env: ENV, ...valid(), domainName: DOMAIN, certificate, ...props });
}

function own(change: (stack: Stack) => Partial<WebhookGatewayProps>): WebhookGateway {
  const stack = new Stack(new App(), 'Own', { env: ENV });
  return new WebhookGateway(stack, 'Hooks', { ...valid(), domainName: DOMAIN, certificate: issued(stack), ...change(stack) });
}

test('the API has a regional domain with TLS 1.2 and the certificate, and it leads to the default stage', () => {
  const source = Template.fromStack(stackWith());
  const { id, properties } = resource(source, 'AWS::ApiGatewayV2::DomainName');
  expect(properties).toEqual({
    DomainName: DOMAIN,
    DomainNameConfigurations: [{ CertificateArn: arn(ENV.region), EndpointType: 'REGIONAL', SecurityPolicy: 'TLS_1_2' }],
  });
  const mapping = resource(source, 'AWS::ApiGatewayV2::ApiMapping');
  expect(mapping.properties).toEqual({ ApiId: { Ref: resource(source, 'AWS::ApiGatewayV2::Api').id }, DomainName: { Ref: id }, Stage: '$default' });
  expect(mapping.all.DependsOn).toContain(resource(source, 'AWS::ApiGatewayV2::Stage').id);
});

test('the API\'s own address stays open', () => {
  expect(resource(Template.fromStack(stackWith()), 'AWS::ApiGatewayV2::Api').properties).not.toHaveProperty('DisableExecuteApiEndpoint');
});

test('its URLs are those that senders are given, and that senders sign', () => {
  const stack = stackWith({ sources: { github: github(), twilio: twilio() } });
  const source = Template.fromStack(stack);
  expect(stack.gateway.urlFor('github')).toBe('https://hooks.example.com/github');
  source.hasOutput('GithubUrl', { Value: 'https://hooks.example.com/github' });
  expect(ingestConfig(stack).config.sources.twilio?.publicUrl).toBe('https://hooks.example.com/twilio');
  expect(partsOf(source).sources.twilio?.publicUrl).toBe('https://hooks.example.com/twilio');
});

test.each([
  ['the gateway\'s publicBaseUrl', { publicBaseUrl: 'https://edge.example.com/in/' }, twilio(), 'https://edge.example.com/in/twilio'],
  ['the source\'s publicUrl', {}, twilio('https://old.example.com/t'), 'https://old.example.com/t'],
])('%s goes before it', (_, props, source, url) => {
  expect(stackWith({ ...props, sources: { twilio: source } }).gateway.urlFor('twilio')).toBe(url);
});

test('the stack\'s outputs say what the record in the DNS points to', () => {
  const source = Template.fromStack(stackWith());
  const { id } = resource(source, 'AWS::ApiGatewayV2::DomainName');
  source.hasOutput('DomainTarget', { Value: { 'Fn::GetAtt': [id, 'RegionalDomainName'] }, Description: Match.stringLikeRegexp('hooks.example.com') });
  source.hasOutput('DomainHostedZoneId', { Value: { 'Fn::GetAtt': [id, 'RegionalHostedZoneId'] } });
});

test('a gateway in a stack of one\'s own has it as a construct', () => {
  const gateway = own(() => ({}));
  const { id } = resource(Template.fromStack(Stack.of(gateway)), 'AWS::ApiGatewayV2::DomainName');
  expect(Stack.of(gateway).resolve(gateway.domain?.regionalDomainName)).toEqual({ 'Fn::GetAtt': [id, 'RegionalDomainName'] });
});

test('without it there is none, and no output', () => {
  const stack = stackWith({ domainName: undefined, certificate: undefined });
  const source = Template.fromStack(stack);
  expect(stack.gateway.domain).toBeUndefined();
  source.resourceCountIs('AWS::ApiGatewayV2::DomainName', 0);
  source.resourceCountIs('AWS::ApiGatewayV2::ApiMapping', 0);
  expect(Object.keys(source.findOutputs('*')).filter((name) => name.startsWith('Domain'))).toEqual([]);
});

test('in a local run URLs are those of the API', () => {
  const stack = stackWith({ sources: { twilio: twilio() } }, { 'cdk-webhooks:local': true });
  expect(stack.resolve(stack.gateway.urlFor('twilio'))).toEqual({ 'Fn::Join': ['', [{ 'Fn::GetAtt': [expect.stringContaining('GatewayHttpApi'), 'ApiEndpoint'] }, '/twilio']] });
  expect(ingestConfig(stack).config.sources.twilio?.publicUrl).not.toBe('https://hooks.example.com/twilio');
});

test('a name that only the deployment knows is let through', () => {
  const gateway = own(() => ({ domainName: `hooks.${Aws.ACCOUNT_ID}.example.com` }));
  expect(Stack.of(gateway).resolve(gateway.urlFor('github')))
    .toEqual({ 'Fn::Join': ['', ['https://hooks.', { Ref: 'AWS::AccountId' }, '.example.com/github']] });
});

test.each(['a.io', 'xn--bcher-kva.example', 'a-b.c1.example.com', `${'a'.repeat(63)}.example.com`])('takes %s', (domainName) => {
  expect(own(() => ({ domainName })).urlFor('github')).toBe(`https://${domainName}/github`);
});

test.each([
  '', 'hooks', 'https://hooks.example.com', 'hooks.example.com/in', 'hooks.example.com:443', '*.example.com', 'Hooks.example.com', 'hooks.example.com.', '-a.example.com',
  'a-.example.com', 'a..example.com', 'hooks_1.example.com', 'bücher.example', '10.0.0.1', `${'a'.repeat(64)}.example.com`, `${'a.'.repeat(127)}com`,
])('fails when it is %j', (domainName) => {
  expect(() => own(() => ({ domainName }))).toThrow(`domainName ${JSON.stringify(domainName)} is not allowed: it is a whole name in lower case`);
});

test('fails when one comes without the other', () => {
  expect(() => own(() => ({ certificate: undefined }))).toThrow('domainName "hooks.example.com" is given without certificate: give both');
  expect(() => own(() => ({ domainName: undefined }))).toThrow('certificate is given without domainName: give both');
});

describe('a certificate of another Region', () => {
  const wrong = 'is in us-east-1, but a domain of an API in eu-central-1 needs one there: have ACM issue it in eu-central-1';

  test('fails by its ARN', () => {
    expect(() => own((stack) => ({ certificate: Certificate.fromCertificateArn(stack, 'Far', arn('us-east-1')) }))).toThrow(`"${arn('us-east-1')}" ${wrong}`);
  });

  test('fails by its stack', () => {
    const far = new Stack(new App(), 'Far', { env: { ...ENV, region: 'us-east-1' } });
    expect(() => own(() => ({ certificate: new Certificate(far, 'Certificate', { domainName: DOMAIN }) }))).toThrow(`Far/Certificate ${wrong}`);
  });

  test('is let through where nobody knows which Region the stack is for', () => {
    const stack = new Stack(new App(), 'Anywhere');
    expect(() => new WebhookGateway(stack, 'Hooks', { ...valid(), domainName: DOMAIN, certificate: issued(stack, arn('us-east-1')) })).not.toThrow();
  });
});

test.each([['AwsSolutionsChecks', AwsSolutionsChecks], ['ServerlessChecks', ServerlessChecks]])('passes %s', (_, Checks) => {
  const stack = stackWith();
  const app = App.of(stack) as App;
  expect(new Checks(app).validateScope(stack).violations).toEqual([]);
});
