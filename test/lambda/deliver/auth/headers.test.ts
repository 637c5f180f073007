import { createHash, createHmac, type Hash, type Hmac } from 'node:crypto';
import { SignatureV4 } from '@smithy/signature-v4';
import type { HttpAuthSettings } from '../../../../lib/contract/config';
import { httpServer, type Answer } from '../../support/server';
import { authorized } from './support';

const cleanups: (() => void)[] = [];
afterEach(() => {
  jest.restoreAllMocks();
  for (const cleanup of cleanups.splice(0)) cleanup();
});

async function target(answer?: Answer) {
  const server = await httpServer(answer);
  cleanups.push(server.close);
  return server;
}

const basic: HttpAuthSettings = { kind: 'basic', username: 'jürgen', password: { id: 'arn:s' } };
const bearer: HttpAuthSettings = { kind: 'bearer', token: { id: 'arn:s' } };
const apiKey: HttpAuthSettings = { kind: 'api-key', header: 'X-Api-Key', key: { id: 'arn:s' } };

const cases: [string, HttpAuthSettings, string, (secret: string) => string][] = [
  ['basic', basic, 'authorization', (secret) => `Basic ${Buffer.from(`jürgen:${secret}`).toString('base64')}`],
  ['bearer', bearer, 'authorization', (secret) => `Bearer ${secret}`],
  ['api-key', apiKey, 'x-api-key', (secret) => secret],
];

describe.each(cases)('%s', (_kind, auth, header, expected) => {
  test('sends the current secret beside the signature', async () => {
    const { origin, received } = await target();
    const { send, asked } = authorized(origin, auth, { 'arn:s': ['p4ss'] });
    expect(await send()).toEqual({ outcome: 'delivered', status: 200 });
    expect(received[0]!.headers).toMatchObject({ [header]: expected('p4ss'), 'webhook-signature': expect.stringMatching(/^v1,/) });
    expect(asked).toContainEqual(['arn:s', 3_600]);
  });

  test('tries the previous secret at once where the current one is not accepted', async () => {
    const { origin, received } = await target((request, response) => response.writeHead(request.headers[header] === expected('old') ? 200 : 401).end());
    const { send } = authorized(origin, auth, { 'arn:s': ['new', 'old'] });
    expect(await send()).toEqual({ outcome: 'delivered', status: 200 });
    expect(received.map(({ headers }) => headers[header])).toEqual(['new', 'old'].map(expected));
    expect(new Set(received.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
  });

  test.each([[['only'], 1], [['new', 'old'], 2]])('takes 401 for an answer after %j', async (versions, tries) => {
    const { origin, received } = await target((_request, response) => response.writeHead(401).end());
    expect(await authorized(origin, auth, { 'arn:s': versions }).send()).toMatchObject({ outcome: 'status', status: 401 });
    expect(received).toHaveLength(tries);
  });

  test.each([['cannot be read', undefined], ['has no version', []]])('sends nothing where the secret %s', async (_what, versions) => {
    const { origin, received } = await target();
    expect(await authorized(origin, auth, versions ? { 'arn:s': versions } : {}).send()).toMatchObject({ outcome: 'aws', status: null });
    expect(received).toEqual([]);
  });
});

test.each([['bearer', bearer], ['api-key', apiKey]])('%s: a secret that no header can carry is not sent and not told', async (_kind, auth) => {
  const { origin, received } = await target();
  const result = await authorized(origin, auth, { 'arn:s': ['p4ss\r\nx-injected: 1'] }).send();
  expect(result).toMatchObject({ outcome: 'aws', detail: expect.stringContaining('secret "arn:s" is unusable') });
  expect(JSON.stringify(result)).not.toContain('p4ss');
  expect(received).toEqual([]);
});

test('basic: a user name with a colon is an error at once', () => {
  expect(() => authorized('http://127.0.0.1:1', { ...basic, username: 'a:b' } as HttpAuthSettings, {})).toThrow('"a:b" has a colon');
});

test.each(['host', 'Webhook-Id', 'content-length', 'a b'])('api-key: the header cannot be %j', (header) => {
  expect(() => authorized('http://127.0.0.1:1', { kind: 'api-key', header, key: { id: 'arn:s' } }, {})).toThrow(JSON.stringify(header.toLowerCase()));
});

class Sha256 {
  readonly #hash: Hash | Hmac;

  constructor(secret?: unknown) {
    this.#hash = secret === undefined ? createHash('sha256') : createHmac('sha256', Buffer.from(secret as string));
  }

  update(data: unknown): void {
    this.#hash.update(data as Uint8Array);
  }

  async digest(): Promise<Uint8Array> {
    return this.#hash.digest();
  }

  reset(): void {
    throw new Error('a hash is used once');
  }
}

describe('sigv4', () => {
  const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY' };
  const environment = { AWS_REGION: 'eu-west-1', AWS_ACCESS_KEY_ID: credentials.accessKeyId, AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey };

  test.each<[string, HttpAuthSettings, { [name: string]: string }, string]>([
    ['of the function', { kind: 'sigv4', service: 'execute-api' }, {}, 'eu-west-1'],
    ['of the options', { kind: 'sigv4', service: 'lambda', region: 'us-east-2' }, { AWS_SESSION_TOKEN: 'session' }, 'us-east-2'],
  ])('signs as the library does, in the region %s', async (_what, auth, more, region) => {
    const { origin, received } = await target();
    jest.spyOn(Date, 'now').mockReturnValue(Date.parse('2026-01-02T03:04:05Z'));
    const url = `${origin}/stage/a%20b?b=2&a=1`;
    const { send } = authorized(origin, auth, {}, { environment: { ...environment, ...more, TARGET_URL: url } });
    expect(await send()).toEqual({ outcome: 'delivered', status: 200 });
    const [request] = received;
    const { authorization, 'x-amz-date': time, connection: _connection, 'user-agent': agent, ...signedOnes } = request!.headers as Record<string, string>;
    expect(agent).toBe('cdk-webhooks');
    const library = new SignatureV4({
      service: (auth as { service: string }).service, region, sha256: Sha256,
      credentials: { ...credentials, ...(more['AWS_SESSION_TOKEN'] && { sessionToken: more['AWS_SESSION_TOKEN'] }) },
    });
    const date = new Date(time!.replace(/(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z/, '$1-$2-$3T$4:$5:$6Z'));
    const expected = await library.sign({
      method: 'POST', protocol: 'http:', hostname: '127.0.0.1', path: '/stage/a%20b', query: { a: '1', b: '2' }, headers: signedOnes, body: request!.body,
    }, { signingDate: date });
    expect(authorization).toBe(expected.headers['authorization']);
    expect(request!.headers['x-amz-security-token']).toBe(more['AWS_SESSION_TOKEN']);
  });

  test('a missing credential is a failed attempt', async () => {
    const { origin, received } = await target();
    const { send } = authorized(origin, { kind: 'sigv4', service: 'lambda' }, {}, { environment: { TARGET_URL: origin, AWS_REGION: 'eu-west-1' } });
    expect(await send()).toMatchObject({ outcome: 'aws', detail: 'the environment variable AWS_ACCESS_KEY_ID is not set; Lambda always sets it' });
    expect(received).toEqual([]);
  });
});
