import { Aws } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Match } from 'aws-cdk-lib/aws-events';
import { OrderingKey, RequestField, WebhookSecret, WebhookSource, WebhookTarget, WebhookTargetOptions } from '../../../lib';
import { github, webhookStack } from '../fixture';

const secret = WebhookSecret.fromSecretName('any');
const synth = (options: WebhookTargetOptions) => () => Template.fromStack(webhookStack({
  sources: {
    github: github(),
    key: WebhookSource.apiKey({ key: secret, location: RequestField.header('x-key') }),
    jwt: WebhookSource.jwt({ issuer: 'i', audience: ['a'], jwksUrl: 'https://a.example.com/keys' }),
  },
  targets: { rest: WebhookTarget.http('https://a.example.com'), billing: WebhookTarget.http('https://billing.example.com', options) },
}));
const bySource = (...source: unknown[]): WebhookTargetOptions => ({ filter: { metadata: { source } } });

test.each<[string, WebhookTargetOptions, string]>([
  ['no sources', { sources: [] }, 'target "billing" has an empty list of sources and would get nothing: name a source'],
  ['a filter for a source that is not there', bySource('nope'), 'target "billing" has a filter whose metadata.source matches none of its sources, so that it would get nothing: they are "github", "key", "jwt"'],
  ['a filter for another source than its own', { sources: ['key'], ...bySource('github') }, 'they are "key"'],
  ['a pattern that no source is like', bySource({ prefix: 'git-' }), 'matches none of its sources'],
  ['a source that only the deployment knows', { sources: [Aws.REGION] }, 'target "billing" takes events of a source whose name is known only at deployment'],
  ['a signature that is to go on', { forwardHeaders: ['x-trace', 'X-Hub-Signature-256'] }, 'target "billing" forwards the header "x-hub-signature-256", which never comes'],
  ['a key that is to go on', { sources: ['key'], forwardHeaders: ['x-key'] }, 'target "billing" forwards the header "x-key", which never comes'],
  ['a key of all that the filter lets in', { ...bySource('key'), forwardHeaders: ['x-key'] }, 'forwards the header "x-key", which never comes'],
  ['order by a token', { orderingKey: OrderingKey.header('Authorization') }, 'target "billing" keeps order by the header "authorization", which belongs to no event'],
])('fails when a target has %s', (_, options, message) => {
  expect(synth(options)).toThrow(message);
});

test('fails when events are to be in the order of a cookie', () => {
  expect(() => OrderingKey.header('Cookie')).toThrow('header "Cookie" is not allowed, for API Gateway takes cookies out of the headers');
});

test.each<[string, WebhookTargetOptions]>([
  ['a filter for a source', bySource('nope', 'key')],
  ['a pattern that one source is like', bySource({ prefix: 'git' })],
  ['a filter made with Match', { filter: { metadata: { source: Match.anythingBut('github') } } }],
  ['a filter for what only the deployment knows', bySource(Aws.REGION)],
  ['a header that is another source\'s key', { forwardHeaders: ['x-key'] }],
  ['order by a header', { orderingKey: OrderingKey.header('x-customer') }],
  ['nothing to take, because it is retired', { sources: [], retired: true }],
])('a target may have %s', (_, options) => {
  expect(synth(options)).not.toThrow();
});
