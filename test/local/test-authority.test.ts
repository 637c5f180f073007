import { X509Certificate, createPrivateKey, createPublicKey, sign, verify } from 'node:crypto';
import { connect } from 'node:net';
import os from 'node:os';
import type { SourcePart } from '../../lib/contract/parts';
import { SCHEMES } from '../../lib/contract/schemes';
import { TestAuthority } from '../../local/test-authority/test-authority';
import { post } from './services';

const PUBLIC_KEY = '4a3c89d33a280bba5e0c141c5223726795baedfb79f93ce7615c1de4cdc1d386';
const sns = { ...SCHEMES['aws-sns'], settings: { topicArns: ['arn:aws:sns:eu-west-1:111122223333:alerts'] } };
const plaid = { ...SCHEMES.plaid, settings: { environment: 'production' } };
const jwt = { ...SCHEMES['generic-jwt'], settings: { jwksUrl: 'https://keys.example.com:8443/jwks', issuer: 'me', audience: 'you' } };

let authority: TestAuthority;

beforeAll(async () => {
  authority = await TestAuthority.make(sources(
    { scheme: sns }, { scheme: plaid }, { scheme: jwt }, { scheme: SCHEMES.paypal }, { scheme: SCHEMES.discord, publicKey: PUBLIC_KEY },
  )) as TestAuthority;
  await authority.listen();
});
afterAll(() => authority.close());

function sources(...verifications: object[]): SourcePart[] {
  return [{ path: '/all', function: 'Ingest', verifications } as unknown as SourcePart];
}

function ask(host: string, path = '/', body = '{}'): ReturnType<typeof post> {
  return post(`${authority.hook.origin}${path}`, { host }, body);
}

test('there is none where no source needs one', async () => {
  expect(await TestAuthority.make(sources({ scheme: SCHEMES.github }, { scheme: SCHEMES.notion }))).toBeUndefined();
});

test('stands in for the hosts that the schemes pin, and for no other', () => {
  expect(authority.hook.hosts.toSorted()).toEqual([
    'api.paypal.com', 'api.sandbox.paypal.com', 'keys.example.com', 'production.plaid.com', 'sns.eu-west-1.amazonaws.com',
  ]);
});

test('answers each host with what is to be had there', async () => {
  const jwks = JSON.parse((await ask('keys.example.com', '/jwks')).body) as { keys: { kid: string; alg: string; d?: string }[] };
  expect(jwks.keys.map(({ kid, alg }) => [kid, alg])).toEqual([[authority.keys.keyId, 'RS256'], [authority.keys.keyId, 'ES256']]);
  for (const host of ['sns.eu-west-1.amazonaws.com', 'api.paypal.com']) {
    const { publicKey } = new X509Certificate((await ask(host, '/cert.pem')).body);
    expect(publicKey.equals(createPublicKey(authority.keys.rsaPrivateKey))).toBe(true);
  }
  expect((await ask('sns.eu-west-1.amazonaws.com', '/?Action=ConfirmSubscription')).body).toContain('ConfirmSubscriptionResponse');
  const plaidKey = await ask('production.plaid.com', '/webhook_verification_key/get', JSON.stringify({ key_id: authority.keys.keyId }));
  expect(JSON.parse(plaidKey.body)).toMatchObject({ key: { kid: authority.keys.keyId, kty: 'EC', expired_at: null } });
});

test.each([
  ['another host', 'example.com', '{}'],
  ['its own address, as a page of a browser would ask', '127.0.0.1', '{}'],
  ['a name that every object has', 'constructor', '{}'],
  ['a key that it has not', 'production.plaid.com', '{"key_id":"another"}'],
  ['a body that is no JSON', 'production.plaid.com', 'key_id'],
  ['a body that is too large', 'production.plaid.com', `{"key_id":"${'x'.repeat(64 * 1024)}"}`],
])('answers 404 to %s', async (_, host, body) => {
  expect(await ask(host, '/', body)).toMatchObject({ status: 404, body: '' });
});

test('no private key is to be had from it', async () => {
  const answers = await Promise.all(authority.hook.hosts.map((host) => ask(host, '/', JSON.stringify({ key_id: authority.keys.keyId }))));
  const told = answers.map(({ status, body }) => `${status} ${body}`).join('\n') + JSON.stringify(authority.hook);
  expect(told).not.toMatch(/PRIVATE KEY|"d":/);
  expect(answers.every(({ status }) => status === 200)).toBe(true);
});

test('has a key of its own beside the one of a sender, in the same format', () => {
  const own = authority.hook.publicKeys[PUBLIC_KEY] as string;
  expect(own).toMatch(/^[0-9a-f]{64}$/);
  expect(own).not.toBe(PUBLIC_KEY);
  const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: Buffer.from(own, 'hex').toString('base64url') }, format: 'jwk' });
  const message = Buffer.from('signed');
  expect(verify(null, message, key, sign(null, message, createPrivateKey(authority.keys.privateKeys[PUBLIC_KEY] as string)))).toBe(true);
});

test('listens on 127.0.0.1 and on no other address of this machine', async () => {
  const { hostname, port } = new URL(authority.hook.origin);
  expect(hostname).toBe('127.0.0.1');
  const others = Object.values(os.networkInterfaces()).flatMap((each) => each ?? []).filter(({ address, scopeid }) => address !== '127.0.0.1' && !scopeid);
  for (const { address } of others) {
    const outcome = await new Promise((resolve) => {
      const socket = connect(Number(port), address, () => resolve('connected')).on('error', () => resolve('refused'));
      socket.setTimeout(1_000, () => resolve('silent'));
    });
    expect([address, outcome]).not.toContain('connected');
  }
});
