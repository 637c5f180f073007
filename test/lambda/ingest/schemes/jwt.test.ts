import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import fc from 'fast-check';
import { SignJWT } from 'jose';
import * as jwt from '../../../../lambda/ingest/schemes/jwt';
import { KEY_REFRESH_MS, KEY_TTL_MS } from '../../../../lambda/ingest/schemes/shared/key-cache';
import { context, keyHost, outcome, schemeRequest } from './support.jwt';

const NOW = 1_767_323_045;
const SETTINGS = { jwksUrl: 'https://issuer.example.com/jwks', issuer: 'https://issuer.example.com/', audience: 'gateway' };
const CLAIMS = { iss: SETTINGS.issuer, aud: 'gateway', exp: NOW + 60, jti: 'id-1', sub: 'sender' };
const BODY = Buffer.from('anything');

interface Pair {
  readonly kid: string;
  readonly alg: string;
  readonly privateKey: KeyObject;
  readonly jwk: object;
}

function rsa(kid: string, alg = 'RS256'): Pair {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  return { kid, alg, privateKey, jwk: { ...publicKey.export({ format: 'jwk' }), kid, alg, use: 'sig' } };
}

const first = rsa('first');
const second = rsa('second');

const sign = (pair: Pair, claims: object = CLAIMS, header: object = {}) =>
  new SignJWT({ ...claims }).setProtectedHeader({ alg: pair.alg, kid: pair.kid, ...header }).sign(pair.privateKey);

/** An issuer whose keys can change, and who can be down. */
function issuer(...pairs: Pair[]) {
  const state = { pairs, down: false };
  const { fetch, asked } = keyHost(() => {
    if (state.down) throw new Error('the issuer is down');
    return JSON.stringify({ keys: state.pairs.map(({ jwk }) => jwk) });
  });
  return { state, fetch, asked };
}

function verifier(settings: { [name: string]: unknown } = {}, { fetch } = issuer(first)) {
  const made = jwt.createVerifier(context('generic-jwt', { ...SETTINGS, ...settings }, fetch));
  return (authorization: string | string[], now = NOW * 1_000, header = 'authorization') =>
    outcome(made, schemeRequest({ headers: { [header]: authorization }, body: BODY }), [], now);
}

test('takes a token of the issuer, and gives its id and subject as verified fields', async () => {
  const made = jwt.createVerifier(context('generic-jwt', SETTINGS, issuer(first).fetch));
  const request = schemeRequest({ headers: { authorization: `Bearer ${await sign(first)}` }, body: BODY });
  expect(await made.verify(request, [], NOW * 1_000)).toEqual({ valid: true, fields: { jti: 'id-1', sub: 'sender' } });
});

test.each([
  ['iss', 'https://other.example.com/', 'signature'], ['iss', undefined, 'signature'], ['iss', [SETTINGS.issuer], 'signature'],
  ['aud', 'other', 'signature'], ['aud', undefined, 'signature'], ['aud', ['other'], 'signature'], ['aud', ['other', 'gateway'], 'valid'],
  ['exp', undefined, 'timestamp'], ['exp', NOW, 'timestamp'], ['exp', NOW + 1, 'valid'], ['exp', String(NOW + 60), 'timestamp'],
  ['nbf', NOW, 'valid'], ['nbf', NOW + 1, 'timestamp'],
])('claim %s of %j: %s', async (claim, value, expected) => {
  expect(await verifier()(`Bearer ${await sign(first, { ...CLAIMS, [claim]: value })}`)).toBe(expected);
});

test('issuer and audience may be several', async () => {
  const judge = verifier({ issuer: ['a', SETTINGS.issuer], audience: ['b', 'gateway'] });
  expect(await judge(`Bearer ${await sign(first)}`)).toBe('valid');
  expect(await judge(`Bearer ${await sign(first, { ...CLAIMS, iss: 'c' })}`)).toBe('signature');
});

test('required claims must be there with exactly that value', async () => {
  const judge = verifier({ requiredClaims: { role: 'sender', admin: false, level: 3 } });
  const claims = { ...CLAIMS, role: 'sender', admin: false, level: 3 };
  expect(await judge(`Bearer ${await sign(first, claims)}`)).toBe('valid');
  for (const other of [{ role: 'reader' }, { admin: 0 }, { level: '3' }, { role: undefined }, { role: ['sender'] }]) {
    expect(await judge(`Bearer ${await sign(first, { ...claims, ...other })}`)).toBe('signature');
  }
});

test("Google's service account must be verified too", async () => {
  const judge = verifier({ email: 'push@proj.iam.gserviceaccount.com' });
  const claims = { ...CLAIMS, email: 'push@proj.iam.gserviceaccount.com', email_verified: true };
  expect(await judge(`Bearer ${await sign(first, claims)}`)).toBe('valid');
  for (const other of [{ email: 'x@evil.example' }, { email_verified: false }, { email_verified: 'true' }, { email_verified: undefined }]) {
    expect(await judge(`Bearer ${await sign(first, { ...claims, ...other })}`)).toBe('signature');
  }
});

test('google-pubsub must have a service account', () => {
  const make = (settings: object) => () => jwt.createVerifier(context('google-pubsub', { ...SETTINGS, ...settings }));
  for (const settings of [{}, { email: '' }]) expect(make(settings)).toThrow('the setting "email"');
  expect(make({ email: 'push@proj.iam.gserviceaccount.com' })).not.toThrow();
});

test('the token is after Bearer, alone, and comes once', async () => {
  const right = await sign(first);
  for (const header of [right, `Basic ${right}`, `Bearer${right}`, `Bearer ${right},Bearer ${right}`, `Bearer ${right} `, `Bearer ${right}=`, 'Bearer ', '']) {
    expect(await verifier()(header)).toBe('signature');
  }
  expect(await verifier()([`Bearer ${right}`, `Bearer ${right}`])).toBe('signature');
  expect(await verifier()(`bEARER ${right}`)).toBe('valid');
  const custom = verifier({ header: 'X-Token' });
  expect(await custom(right, NOW * 1_000, 'x-token')).toBe('valid');
  expect(await custom(`Bearer ${right}`, NOW * 1_000, 'x-token')).toBe('valid');
  expect(await custom(`Bearer ${right}`)).toBe('signature');
});

test('the algorithm is that of the settings', async () => {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const ec = { kid: 'ec', alg: 'ES256', privateKey, jwk: { ...publicKey.export({ format: 'jwk' }), kid: 'ec' } };
  const token = `Bearer ${await sign(ec)}`;
  expect(await verifier({ algorithm: 'ES256' }, issuer(first, ec))(token)).toBe('valid');
  expect(await verifier({}, issuer(first, ec))(token)).toBe('signature');
  expect(await verifier({ algorithm: 'ES256' }, issuer(first, ec))(`Bearer ${await sign(first)}`)).toBe('signature');
});

test('a key published for another algorithm or use is not taken', async () => {
  const token = `Bearer ${await sign(first)}`;
  for (const change of [{ alg: 'RS512' }, { use: 'enc' }, { kid: 'other' }]) {
    expect(await verifier({}, issuer({ ...first, jwk: { ...first.jwk, ...change } }))(token)).toBe('signature');
  }
});

test('a shared secret in the key set is no key, and HS256 cannot be configured', async () => {
  const oct = { kid: 'oct', alg: 'HS256', privateKey: undefined as never, jwk: { kty: 'oct', k: Buffer.from('k'.repeat(32)).toString('base64url'), kid: 'oct' } };
  const token = await new SignJWT(CLAIMS).setProtectedHeader({ alg: 'HS256', kid: 'oct' }).sign(Buffer.from('k'.repeat(32)));
  expect(await verifier({}, issuer(first, oct))(`Bearer ${token}`)).toBe('signature');
  for (const algorithm of ['HS256', 'none', 'rs256', '', null]) expect(() => verifier({ algorithm })).toThrow('the setting "algorithm"');
});

test.each(['jku', 'jwk', 'x5u', 'x5c'])('keys in a token are never used: %s', async (name) => {
  const hosts = issuer(first);
  const value = name === 'jwk' ? second.jwk : name === 'x5c' ? ['MIIB'] : 'https://evil.example/jwks';
  expect(await verifier({}, hosts)(`Bearer ${await sign(second, CLAIMS, { kid: 'first', [name]: value })}`)).toBe('signature');
  expect(hosts.asked).toEqual([SETTINGS.jwksUrl]);
});

test('a new key of the issuer is found at once, an unknown one asks at most once in 30 seconds', async () => {
  const hosts = issuer(first);
  const judge = verifier({}, hosts);
  expect(await judge(`Bearer ${await sign(first)}`)).toBe('valid');
  hosts.state.pairs = [first, second];
  const token = `Bearer ${await sign(second)}`;
  expect(await judge(token, NOW * 1_000 + KEY_REFRESH_MS - 1)).toBe('signature');
  expect(await judge(token, NOW * 1_000 + KEY_REFRESH_MS)).toBe('valid');
  for (let n = 0; n < 5; n++) expect(await judge(`Bearer ${await sign({ ...second, kid: `made up ${n}` })}`, NOW * 1_000 + KEY_REFRESH_MS + n)).toBe('signature');
  expect(hosts.asked).toHaveLength(2);
});

test('a key that is no longer published verifies for five minutes at most', async () => {
  const hosts = issuer(first, second);
  const judge = verifier({}, hosts);
  const token = `Bearer ${await sign(second, { ...CLAIMS, exp: NOW + 3_600 })}`;
  expect(await judge(token)).toBe('valid');
  hosts.state.pairs = [first];
  expect(await judge(token, NOW * 1_000 + KEY_TTL_MS - 1)).toBe('valid');
  expect(await judge(token, NOW * 1_000 + KEY_TTL_MS)).toBe('signature');
});

test('an issuer that is down or answers nonsense is not known rather than wrong', async () => {
  const token = `Bearer ${await sign(first)}`;
  const hosts = issuer(first);
  hosts.state.down = true;
  expect(await verifier({}, hosts)(token)).toBe('Error');
  for (const answer of ['', '<html>', '{}', '{"keys":{}}', 'null']) expect(await verifier({}, { ...hosts, fetch: keyHost(() => answer).fetch })(token)).toBe('Error');
});

test('what is no JWT asks nobody', async () => {
  const hosts = issuer(first);
  const hmac = await new SignJWT(CLAIMS).setProtectedHeader({ alg: 'HS256', kid: 'first' }).sign(Buffer.from('k'));
  for (const header of ['', 'Bearer', 'Bearer a.b', 'Bearer a.b.c', `Bearer ${hmac}`]) expect(await verifier({}, hosts)(header)).toBe('signature');
  expect(hosts.asked).toEqual([]);
});

test('any flipped bit of the token is refused', async () => {
  const judge = verifier();
  const right = Buffer.from(await sign(first), 'latin1');
  await fc.assert(fc.asyncProperty(fc.nat(right.length * 8 - 1), async (bit) => {
    const token = Buffer.from(right);
    token.writeUInt8(token.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
    expect(await judge(`Bearer ${token.toString('latin1')}`)).toBe('signature');
  }), { numRuns: 100 });
});

test.each([
  [{ jwksUrl: 'http://issuer.example.com/jwks' }, 'must be an https URL'], [{ jwksUrl: 'jwks' }, 'must be an https URL'], [{ jwksUrl: undefined }, 'jwksUrl'],
  [{ issuer: undefined }, 'issuer'], [{ issuer: '' }, 'issuer'], [{ audience: [] }, 'audience'], [{ audience: ['a', ''] }, 'audience'], [{ audience: 7 }, 'audience'],
])('settings %j are refused when the function starts', (settings, message) => {
  expect(() => verifier(settings)).toThrow(message);
});
