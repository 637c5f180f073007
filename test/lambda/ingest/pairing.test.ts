import { createHmac } from 'node:crypto';
import type { PairingConfig } from '../../../lib/contract/config';
import type { Scheme } from '../../../lib/contract/scheme';
import { createPair } from '../../../lambda/ingest/pairing';
import { AwsCallError } from '../../../lambda/shared/aws-error';
import { isPairingOpen, readPairingState } from '../../../lambda/shared/pairing-state';
import { Secrets } from '../../../lambda/shared/secrets';
import { ingest } from '../support/ingest';

const KEY = 'b537207f20cbfa02357cf448134da559';
const HOUR = 3_600_000;
const NOW = Date.parse('2026-01-02T03:04:05Z');
const iso = (time: number) => new Date(time).toISOString();
const state = (until = NOW + HOUR) => JSON.stringify({ pairingUntil: iso(until) });

const scheme: Scheme = {
  name: 'paired', kind: 'hmac', hash: 'sha256', key: 'utf8', encoding: 'hex', signed: '{body}', signature: { header: 'x-hook-signature', format: 'plain' },
};

/** Secrets Manager with one secret, and a source that waits for its key. */
function world({ value = state(), createdAt = NOW, pairing = { key: { header: 'x-hook-secret' }, echoHeader: 'x-hook-secret' } }: {
  value?: string; createdAt?: number; pairing?: PairingConfig;
} = {}) {
  let now = NOW;
  let real = 0;
  jest.spyOn(Date, 'now').mockImplementation(() => now);
  jest.spyOn(performance, 'now').mockImplementation(() => real);
  const secret = { SecretString: value, CreatedDate: createdAt / 1_000, VersionId: 'v1', previous: undefined as string | undefined };
  const calls: string[] = [];
  const tokens = new Set<string>();
  const client = { call: async (_service: string, action: string, input: object): Promise<never> => {
    calls.push(action);
    await Promise.resolve();
    const { SecretString: put, ClientRequestToken: token, VersionStage: stage } = input as { [name: string]: string };
    if (action === 'PutSecretValue') {
      if (tokens.has(token!)) throw new AwsCallError('secretsmanager PutSecretValue', 'invalid', 'ResourceExistsException', 400);
      tokens.add(token!);
      Object.assign(secret, { previous: secret.SecretString, SecretString: put, VersionId: token, CreatedDate: now / 1_000 });
    }
    if (stage === 'AWSPREVIOUS') return { SecretString: secret.previous ?? '', CreatedDate: 1 } as never;
    return { ...secret } as never;
  } };
  const secrets = new Secrets(client);
  const config = {
    gateway: 'g', targets: { t: { queueUrl: 'q' } },
    sources: { s: { pairing, verifications: [{ scheme, secret: { id: 'secret' }, previousSecretOverlapSeconds: 86_400 }] } },
  };
  const gateway = ingest({ config, now: () => now, secrets, pair: createPair(client, secrets) });
  return {
    ...gateway, secret, calls,
    advance: (ms: number) => { now += ms; },
    advanceReal: (ms: number) => { real += ms; },
    bring: (key = KEY) => gateway.post({ path: '/s', method: 'POST', headers: { 'X-Hook-Secret': key }, body: '' }),
    event: (key = KEY) => gateway.post({ path: '/s', method: 'POST', headers: { 'x-hook-signature': createHmac('sha256', key).update('{}').digest('hex') }, body: '{}' }),
  };
}

afterEach(() => jest.restoreAllMocks());

describe('while a pairing is open', () => {
  test('the first key is stored and given back, and verifies from then on', async () => {
    const { bring, event, secret, lines, sent, calls } = world();
    expect(await bring()).toEqual({ statusCode: 200, headers: { 'x-hook-secret': KEY } });
    expect(secret.SecretString).toBe(KEY);
    expect(calls).toEqual(['GetSecretValue', 'PutSecretValue']);
    expect(sent).toEqual([]);
    expect(await event()).toEqual({ statusCode: 200 });
    expect(lines).toMatchObject([{ event: 'handshake', source: 's', handshake: 'pairing' }, { event: 'accepted' }]);
    expect(JSON.stringify(lines)).not.toContain(KEY);
  });

  test('a second key is refused, also at the same moment', async () => {
    const { bring, secret, advanceReal } = world();
    const answers = await Promise.all([bring(), bring('another-key-of-somebody-else')]);
    expect(answers.map(({ statusCode }) => statusCode)).toEqual([200, 401]);
    advanceReal(1_000);
    expect((await bring('another-key-of-somebody-else')).statusCode).toBe(401);
    expect(secret.SecretString).toBe(KEY);
  });

  test('the key may be in the body, and is not given back then', async () => {
    const { post, secret } = world({ pairing: { key: { json: '$.verification_token' } } });
    expect(await post({ path: '/s', method: 'POST', headers: {}, body: JSON.stringify({ verification_token: KEY }) })).toEqual({ statusCode: 200 });
    expect(secret.SecretString).toBe(KEY);
  });

  test('nothing is verified by the state of the pairing, which everybody can guess, also when it is the version before', async () => {
    const { event, bring, sent } = world();
    expect((await event(state())).statusCode).toBe(503);
    await bring();
    expect((await event(state())).statusCode).toBe(401);
    expect(sent).toEqual([]);
  });

  test.each(['short', 'x'.repeat(513), '{"pairingUntil":"2027-01-01T00:00:00Z"}', 'with space in the key', 'ü'.repeat(20), ''])('%.20s is no key', async (key) => {
    const { bring, calls } = world();
    expect((await bring(key)).statusCode).toBe(401);
    expect(calls).not.toContain('PutSecretValue');
  });

  test('a key that cannot be stored is a 503', async () => {
    const { bring, secret } = world();
    Object.defineProperty(secret, 'SecretString', { get: () => { throw new AwsCallError('secretsmanager GetSecretValue', 'throttled', 'ThrottlingException', 400); }, enumerable: true });
    expect((await bring()).statusCode).toBe(503);
  });
});

describe('while none is open', () => {
  test.each([
    ['there is a key', { value: KEY }],
    ['it was never opened', { value: 'random of the stack' }],
    ['it is over', { value: state(NOW) }],
    ['it says a week, and a day has passed', { value: state(NOW + 168 * HOUR), createdAt: NOW - 24 * HOUR }],
    ['its end is no time', { value: '{"pairingUntil":"soon"}' }],
  ])('a key is refused: %s', async (_what, options) => {
    const { bring, calls, lines } = world(options);
    expect(await bring('another-key-of-somebody-else')).toMatchObject({ statusCode: 401, body: '{"message":"Unauthorized"}' });
    expect(calls).toEqual(['GetSecretValue']);
    expect(lines).toMatchObject([{ event: 'rejected', reason: 'signature', detail: expect.stringContaining('no pairing is open') }]);
  });

  test('Secrets Manager is asked once a second at most, and a pairing that opens is seen then', async () => {
    const { bring, calls, secret, advanceReal } = world({ value: 'random of the stack' });
    for (let requests = 0; requests < 10; requests++) expect((await bring()).statusCode).toBe(401);
    expect(calls).toHaveLength(1);
    secret.SecretString = state();
    advanceReal(1_000);
    expect((await bring()).statusCode).toBe(200);
  });

  test('a signed event that has such a header is an event', async () => {
    const { post, calls, lines } = world({ value: KEY });
    const headers = { 'x-hook-secret': 'another-key-of-somebody-else', 'x-hook-signature': createHmac('sha256', KEY).update('{}').digest('hex') };
    expect(await post({ path: '/s', method: 'POST', headers, body: '{}' })).toEqual({ statusCode: 200 });
    expect(lines).toMatchObject([{ event: 'accepted' }]);
    expect(calls).not.toContain('PutSecretValue');
  });
});

test.each<[string, number | undefined, boolean]>([
  [state(), NOW + HOUR, true], [state(NOW), NOW, false], ['{"pairingUntil":5}', Date.parse('5'), false], ['{"pairingUntil":"x"}', 0, false], ['"pairingUntil"', undefined, false],
  ['{"a":"pairingUntil"}', undefined, false], ['{"pairingUntil"', undefined, false], ['key', undefined, false], ['null', undefined, false],
])('%s', (value, until, open) => {
  expect(readPairingState(value)).toBe(until);
  expect(isPairingOpen(value, NOW, NOW)).toBe(open);
});
