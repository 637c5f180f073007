import { spawnSync } from 'child_process';
import * as path from 'path';
import { WebhookSource } from '../../lib';
import { SCHEMES } from '../../lib/contract/schemes';

const root = path.resolve(__dirname, '../..');

test('the factories, their options and docs/providers.md are what the schemes say', () => {
  const { status, stderr } = spawnSync(process.execPath, ['scripts/generate-sources.mjs', '--check'], { cwd: root, encoding: 'utf8' });
  expect(stderr).toBe('');
  expect(status).toBe(0);
});

const BY_HAND: { readonly [scheme: string]: string } = {
  'aws-sns': 'sns',
  'x-twitter': 'x',
  'msteams-outgoing': 'microsoftTeams',
  'msgraph': 'microsoftGraph',
  'google-pubsub': 'googlePubSub',
  'azure-eventgrid': 'azureEventGrid',
  'upstash-qstash': 'upstash',
  'generic-hmac': 'hmac',
  'generic-hmac-ts': 'hmac',
  'generic-basic': 'basicAuth',
  'generic-apikey': 'apiKey',
  'generic-jwt': 'jwt',
};

test.each(Object.keys(SCHEMES))('%s has a factory', (name) => {
  const factory = BY_HAND[name] ?? name.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
  expect(WebhookSource).toHaveProperty(factory, expect.any(Function));
});
