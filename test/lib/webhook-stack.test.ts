import { Template } from 'aws-cdk-lib/assertions';
import { WebhookSecret, WebhookSource, WebhookTarget } from '../../lib';
import { github, resource, target, template, valid, webhookStack } from './fixture';

const outputs = (source: Template): string[] => Object.keys(source.findOutputs('*')).sort();

test('has the URL of each source and the ARN of each generated signing secret', () => {
  const source = template();
  const api = resource(source, 'AWS::ApiGatewayV2::Api').id;
  expect(outputs(source)).toEqual(['BillingSigningSecretArn', 'GithubUrl']);
  source.hasOutput('GithubUrl', { Value: { 'Fn::Join': ['', [{ 'Fn::GetAtt': [api, 'ApiEndpoint'] }, '/github']] } });
  source.hasOutput('BillingSigningSecretArn', { Value: { Ref: resource(source, 'AWS::SecretsManager::Secret', 'GatewayTargetsbilling').id } });
});

test('has the ARN of a secret that was generated for a source', () => {
  const source = template({ ...valid(), sources: { github: WebhookSource.github({ secret: WebhookSecret.generate() }) } });
  source.hasOutput('GithubSecretArn', { Value: { Ref: resource(source, 'AWS::SecretsManager::Secret', 'GatewaySourcesgithub').id } });
});

test('has no output for a signing secret of the user\'s own', () => {
  const billing = WebhookTarget.http('https://billing.example.com', { signingSecret: WebhookSecret.fromSecretName('mine') });
  expect(outputs(template({ ...valid(), targets: { billing } }))).toEqual(['GithubUrl']);
});

test('has outputs for parts that are added late', () => {
  const stack = webhookStack();
  stack.gateway.addSource('order-events', github());
  stack.gateway.addTarget('late', target());
  expect(outputs(Template.fromStack(stack))).toEqual(['BillingSigningSecretArn', 'GithubUrl', 'LateSigningSecretArn', 'OrderEventsUrl']);
});

test('urlFor is the URL of the output', () => {
  const stack = webhookStack();
  const source = Template.fromStack(stack);
  source.hasOutput('GithubUrl', { Value: stack.resolve(stack.gateway.urlFor('github')) });
});

test('fails when two names make the same output', () => {
  expect(() => webhookStack().gateway.addSource('Github', github())).toThrow('"Github" needs the output "GithubUrl", which the stack has already');
});

test('passes on what every stack takes', () => {
  const stack = webhookStack({ ...valid(), description: 'webhooks of the shop', stackName: 'shop-webhooks' });
  expect(stack.stackName).toBe('shop-webhooks');
  expect(Template.fromStack(stack).toJSON().Description).toBe('webhooks of the shop');
});
