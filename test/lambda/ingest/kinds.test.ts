import { createHash, createHmac, generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import fc from 'fast-check';
import type { VerificationConfig } from '../../../lib/contract/config';
import type { Scheme } from '../../../lib/contract/scheme';
import type { CodeVerifier, SchemeModule, SchemeRequest, SchemeVerdict } from '../../../lib/contract/scheme-module';
import type { IngestDependencies } from '../../../lambda/ingest/handler';
import { KeyFetchError } from '../../../lambda/shared/key-fetch';
import { SecretError } from '../../../lambda/shared/secret-error';
import { ingest, NOW } from '../support/ingest';

const SECRET = 'a secret of many words';
const BODY = '{"id":"e1","type":"paid"}';

interface Sent {
  readonly headers?: { [name: string]: string };
  readonly body?: string | Buffer;
  readonly query?: string;
  readonly method?: string;
  readonly publicUrl?: string;
  readonly secrets?: string[];
}

/** Posts to a source with one verification. */
async function check(scheme: Scheme, sent: Sent, config: Partial<VerificationConfig> = {}, overrides: Partial<IngestDependencies> = {}) {
  const { headers = {}, body = BODY, query, method = 'POST', publicUrl, secrets = [SECRET] } = sent;
  const source = { publicUrl, verifications: [{ scheme, secret: { id: 'secret' }, previousSecretOverlapSeconds: 0, ...config }] };
  const gateway = ingest({
    config: { gateway: 'g', sources: { s: source }, targets: { t: { queueUrl: 'q' } } },
    secrets: { read: async () => secrets, refresh: async () => false },
    ...overrides,
  });
  const answer = await gateway.post({ path: '/s', method, headers, body, query });
  const refusal = gateway.lines.flatMap((line) => line.event === 'rejected' ? [line] : [])[0];
  return { status: answer.statusCode, sent: gateway.sent.length, reason: refusal?.reason, detail: refusal?.detail, answer, lines: gateway.lines };
}

const ACCEPTED = { status: 200, sent: 1 };
const REFUSED = { status: 401, sent: 0, reason: 'signature' };

/** Changes one bit of a text, as latin1. */
const flip = (text: string, at: number, bit: number): string => {
  const bytes = Buffer.from(text, 'latin1');
  bytes[at % bytes.length]! ^= 1 << bit;
  return bytes.toString('latin1');
};

describe('a token', () => {
  const inHeader: Scheme = { name: 'key', kind: 'token', token: { header: 'x-api-key' } };
  const inQuery: Scheme = { name: 'key', kind: 'token', token: { query: 'code' } };
  const bearer: Scheme = { name: 'key', kind: 'token', token: { header: 'authorization' }, prefix: 'Bearer ' };

  test.each<[string, Scheme, Sent, object]>([
    ['in a header', inHeader, { headers: { 'X-Api-Key': SECRET } }, ACCEPTED],
    ['in the query', inQuery, { query: 'a=1&code=a+secret%20of+many+words' }, ACCEPTED],
    ['after a prefix', bearer, { headers: { authorization: `Bearer ${SECRET}` } }, ACCEPTED],
    ['of the version before', inHeader, { headers: { 'x-api-key': 'old' }, secrets: [SECRET, 'old'] }, ACCEPTED],
    ['that is missing', inHeader, {}, REFUSED],
    ['that is empty', inHeader, { headers: { 'x-api-key': '' } }, REFUSED],
    ['that is another', inHeader, { headers: { 'x-api-key': 'another' } }, REFUSED],
    ['that is a part of the right one', inHeader, { headers: { 'x-api-key': SECRET.slice(0, -1) } }, REFUSED],
    ['with something behind it', inHeader, { headers: { 'x-api-key': `${SECRET} ` } }, REFUSED],
    ['that came twice in headers', inHeader, { headers: { 'x-api-key': `${SECRET},${SECRET}` } }, REFUSED],
    ['that came twice in the query', inQuery, { query: 'code=a+secret+of+many+words&code=a+secret+of+many+words' }, REFUSED],
    ['in the other place', inQuery, { headers: { code: SECRET } }, REFUSED],
    ['without its prefix', bearer, { headers: { authorization: SECRET } }, REFUSED],
    ['of an empty secret', inHeader, { headers: { 'x-api-key': 'x' }, secrets: [''] }, { status: 503, reason: 'secret' }],
    ['of an empty secret before', inHeader, { headers: { 'x-api-key': 'x' }, secrets: [SECRET, ''] }, REFUSED],
  ])('%s', async (_what, scheme, sent, result) => {
    expect(await check(scheme, sent)).toMatchObject(result);
  });

  test('does not travel with the event, whatever the scheme calls an id', async () => {
    const gateway = ingest({
      config: {
        gateway: 'g', targets: { t: { queueUrl: 'q' } },
        sources: { s: { verifications: [{ scheme: { ...inHeader, type: [{ header: 'x-api-key' }] }, secret: { id: 's' }, previousSecretOverlapSeconds: 0 }] } },
      },
      secrets: { read: async () => [SECRET], refresh: async () => false },
    });
    await gateway.post({ path: '/s', method: 'POST', headers: { 'x-api-key': SECRET }, body: BODY });
    expect(gateway.envelopes()[0]!.headers).toEqual({});
  });
});

describe('basic authentication', () => {
  const basic: Scheme = { name: 'basic', kind: 'basic' };
  const of = (text: string | Buffer, name = 'Basic') => ({ headers: { authorization: `${name} ${Buffer.from(text as string).toString('base64')}` } });

  test.each<[string, Sent, Partial<VerificationConfig>, object]>([
    ['with a configured user name', of(`user:${SECRET}`), { username: 'user' }, ACCEPTED],
    ['with both in the secret', { ...of('user:pa:ss'), secrets: ['user:pa:ss'] }, {}, ACCEPTED],
    ['in another case', of(`user:${SECRET}`, 'bAsIc'), { username: 'user' }, ACCEPTED],
    ['in UTF-8', { ...of('user:grüße'), secrets: ['grüße'] }, { username: 'user' }, ACCEPTED],
    ['of the version before', { ...of('user:old'), secrets: [SECRET, 'old'] }, { username: 'user' }, ACCEPTED],
    ['of another user', of(`root:${SECRET}`), { username: 'user' }, REFUSED],
    ['with another password', of('user:x'), { username: 'user' }, REFUSED],
    ['without a password', of('user:'), { username: 'user' }, REFUSED],
    ['without a colon', of(`user${SECRET}`), { username: 'user' }, REFUSED],
    ['of another kind', of(`user:${SECRET}`, 'Bearer'), { username: 'user' }, REFUSED],
    ['twice', { headers: { authorization: `${of(`user:${SECRET}`).headers.authorization},x` } }, { username: 'user' }, REFUSED],
    ['that is no base64', { headers: { authorization: 'Basic %%' } }, { username: 'user' }, REFUSED],
    ['that is not there', {}, { username: 'user' }, REFUSED],
    ['in latin1, which is another text', { ...of(Buffer.from('user:grüße', 'latin1')), secrets: ['grüße'] }, { username: 'user' }, REFUSED],
    ['with no colon in the secret', of(SECRET), {}, { status: 503, reason: 'secret' }],
  ])('%s', async (_what, sent, config, result) => {
    expect(await check(basic, sent, config)).toMatchObject(result);
  });
});

describe('a public key', () => {
  const pairs = { ed25519: generateKeyPairSync('ed25519'), ecdsa: generateKeyPairSync('ec', { namedCurve: 'P-256' }) };
  const spki = (key: KeyObject) => key.export({ format: 'der', type: 'spki' });
  const raw = spki(pairs.ed25519.publicKey).subarray(-32);
  const scheme = (kind: 'ed25519' | 'ecdsa', publicKey: 'hex' | 'base64' | 'whpk' | 'spki', difference = {}): Scheme => ({
    name: 'signed', kind, publicKey, encoding: 'base64', signed: '{ts}|{body}', signature: { header: 'x-signature', format: 'plain' },
    timestamp: { from: { header: 'x-time' }, unit: 's', toleranceSeconds: 300 }, ...difference,
  });
  const signedBy = (kind: 'ed25519' | 'ecdsa', key: KeyObject, body: string | Buffer = BODY, seconds = NOW / 1_000): Sent => {
    const data = Buffer.concat([Buffer.from(`${seconds}|`), Buffer.from(body as string)]);
    return { body, headers: { 'x-time': String(seconds), 'x-signature': sign(kind === 'ed25519' ? null : 'sha256', data, key).toString('base64') } };
  };

  test.each([
    ['ed25519', 'hex', raw.toString('hex')],
    ['ed25519', 'base64', raw.toString('base64')],
    ['ed25519', 'whpk', `whpk_${raw.toString('base64')}`],
    ['ed25519', 'spki', spki(pairs.ed25519.publicKey).toString('base64')],
    ['ecdsa', 'spki', spki(pairs.ecdsa.publicKey).toString('base64')],
    ['ecdsa', 'spki', pairs.ecdsa.publicKey.export({ format: 'pem', type: 'spki' }).toString()],
  ] as const)('%s as %s %s', async (kind, format, publicKey) => {
    const config = { publicKey, secret: undefined };
    const post = signedBy(kind, pairs[kind].privateKey);
    expect(await check(scheme(kind, format), post, config)).toMatchObject(ACCEPTED);
    expect(await check(scheme(kind, format), { ...post, body: '{}' }, config)).toMatchObject(REFUSED);
    const other = kind === 'ed25519' ? generateKeyPairSync('ed25519') : generateKeyPairSync('ec', { namedCurve: 'P-256' });
    expect(await check(scheme(kind, format), signedBy(kind, other.privateKey), config)).toMatchObject(REFUSED);
    expect(await check(scheme(kind, format), signedBy(kind, pairs[kind].privateKey, BODY, NOW / 1_000 - 301), config))
      .toMatchObject({ status: 401, reason: 'timestamp' });
  });

  test.each([
    ['ed25519', 'hex', ''], ['ed25519', 'hex', raw.toString('hex').slice(2)], ['ed25519', 'base64', '%%'], ['ed25519', 'hex', '00'.repeat(32)],
    ['ed25519', 'spki', spki(pairs.ecdsa.publicKey).toString('base64')], ['ecdsa', 'spki', spki(pairs.ed25519.publicKey).toString('base64')],
    ['ecdsa', 'spki', spki(generateKeyPairSync('ec', { namedCurve: 'P-384' }).publicKey).toString('base64')], ['ecdsa', 'spki', 'text'],
  ] as const)('that is none is a 503: %s as %s %s', async (kind, format, publicKey) => {
    expect(await check(scheme(kind, format), signedBy(kind, pairs[kind].privateKey), { publicKey, secret: undefined })).toMatchObject({ status: 503, reason: 'secret' });
  });

  test('a signature can be written in one way only', async () => {
    const config = { publicKey: raw.toString('base64'), secret: undefined };
    const post = signedBy('ed25519', pairs.ed25519.privateKey);
    const signature = post.headers!['x-signature']!;
    const other = signature.replace(/.==$/, (end) => `${String.fromCharCode(end.charCodeAt(0) + 1)}==`);
    expect(Buffer.from(other, 'base64')).toEqual(Buffer.from(signature, 'base64'));
    expect(await check(scheme('ed25519', 'base64'), { ...post, headers: { ...post.headers, 'x-signature': other } }, config)).toMatchObject(REFUSED);
  });

  test('one bit changed anywhere is refused', async () => {
    await fc.assert(fc.asyncProperty(
      fc.constantFrom('ed25519' as const, 'ecdsa' as const), fc.uint8Array({ minLength: 1, maxLength: 100 }), fc.constantFrom('body', 'x-signature', 'x-time'),
      fc.nat(), fc.nat(7), async (kind, bytes, part, at, bit) => {
        const config = { publicKey: spki(pairs[kind].publicKey).toString('base64'), secret: undefined };
        const post = signedBy(kind, pairs[kind].privateKey, Buffer.from(bytes));
        expect(await check(scheme(kind, 'spki'), post, config)).toMatchObject(ACCEPTED);
        const spoiled = part === 'body' ? { ...post, body: Buffer.from(flip(post.body!.toString('latin1'), at, bit), 'latin1') }
          : { ...post, headers: { ...post.headers, [part]: flip(post.headers![part]!, at, bit) } };
        expect(await check(scheme(kind, 'spki'), spoiled, config)).toMatchObject({ status: 401, sent: 0 });
      }), { numRuns: 200 });
  });
});

describe('a plain hash, the method and the URL', () => {
  const scheme: Scheme = {
    name: 'hashed', kind: 'hash', hash: 'sha256', encoding: 'hex', signed: '{secret}{method}{url}{body}', methods: ['POST', 'GET'],
    signature: { header: 'x-signature', format: 'plain' },
  };
  const publicUrl = 'https://hooks.example.com/in';
  const of = (text: string, sent: Sent): Sent => ({ publicUrl, ...sent, headers: { 'x-signature': createHash('sha256').update(text).digest('hex') } });

  test.each<[string, Sent, object]>([
    ['as they are', of(`${SECRET}POST${publicUrl}${BODY}`, {}), ACCEPTED],
    ['with a query, in its own order and escapes', of(`${SECRET}POST${publicUrl}?b=%2F&a=1${BODY}`, { query: 'b=%2F&a=1' }), ACCEPTED],
    ['by another method that events come by', of(`${SECRET}GET${publicUrl}`, { method: 'GET', body: '' }), ACCEPTED],
    ['for another method', of(`${SECRET}GET${publicUrl}${BODY}`, {}), REFUSED],
    ['for another URL', of(`${SECRET}POST${publicUrl}/${BODY}`, {}), REFUSED],
    ['for another query', of(`${SECRET}POST${publicUrl}?a=1${BODY}`, { query: 'a=2' }), REFUSED],
    ['without the secret', of(`POST${publicUrl}${BODY}`, {}), REFUSED],
    ['with no public URL', of(`${SECRET}POST${publicUrl}${BODY}`, { publicUrl: undefined }), { ...REFUSED, detail: expect.stringContaining('publicUrl') }],
    ['with the Host of the request', { ...of(`${SECRET}POSThttps://evil.example/in${BODY}`, {}), publicUrl }, REFUSED],
    ['of an empty secret', { ...of(`POST${publicUrl}${BODY}`, {}), secrets: [''] }, { status: 503, reason: 'secret' }],
  ])('%s', async (_what, sent, result) => {
    expect(await check(scheme, sent)).toMatchObject(result);
  });

  test('the URL as HubSpot decodes it', async () => {
    const decoded: Scheme = { ...scheme, signed: '{secret}{decodedUrl}' };
    const query = 'u=https%3A%2F%2fa.example%2Fx%40y%20z&k=%5Bz%5D';
    expect(await check(decoded, of(`${SECRET}${publicUrl}?u=https://a.example/x@y%20z&k=%5Bz%5D`, { query }))).toMatchObject(ACCEPTED);
    expect(await check(decoded, of(`${SECRET}${publicUrl}?${query}`, { query }))).toMatchObject(REFUSED);
  });
});

describe('a version that was revoked', () => {
  const basicOf = (text: string) => ({ headers: { authorization: `Basic ${Buffer.from(text).toString('base64')}` } });
  const hashed: Scheme = { name: 'h', kind: 'hash', hash: 'sha256', encoding: 'hex', signed: '{secret}{body}', signature: { header: 'x-signature', format: 'plain' } };
  const code: Scheme = { name: 'c', kind: 'code', module: 'coded' };
  const coded: SchemeModule = {
    createVerifier: () => ({
      verify: async (_request, [secret]) => secret === 'old' ? { valid: true } : { valid: false, reason: 'signature', detail: 'another' },
    }),
  };

  test.each<[string, Scheme, Sent, Partial<VerificationConfig>]>([
    ['a token', { name: 't', kind: 'token', token: { header: 'x-api-key' } }, { headers: { 'x-api-key': 'old' } }, {}],
    ['basic authentication', { name: 'b', kind: 'basic' }, basicOf('user:old'), { username: 'user' }],
    ['basic authentication with both in the secret', { name: 'b', kind: 'basic' }, { ...basicOf('user:old'), secrets: ['user:new', 'user:old'] }, {}],
    ['an HMAC', { ...hashed, kind: 'hmac', key: 'utf8', signed: '{body}' }, { headers: { 'x-signature': createHmac('sha256', 'old').update(BODY).digest('hex') } }, {}],
    ['a plain hash', hashed, { headers: { 'x-signature': createHash('sha256').update(`old${BODY}`).digest('hex') } }, {}],
    ['a scheme with code', code, {}, {}],
  ])('proves nothing from the next look at the secret on: %s', async (_what, scheme, sent, config) => {
    const { secrets: versions = [SECRET, 'old'] } = sent;
    for (const revoked of [false, true]) {
      let known = versions;
      const secrets = { read: async () => known, refresh: async () => { if (revoked) known = versions.slice(0, 1); return revoked; } };
      expect(await check(scheme, sent, config, { secrets, schemes: { coded } })).toMatchObject(revoked ? REFUSED : ACCEPTED);
    }
  });
});

describe('an open source', () => {
  test('takes what comes, and says that nothing proves it', async () => {
    const { status, sent, lines } = await check({ name: 'unverified', kind: 'open' }, {}, { secret: undefined });
    expect({ status, sent }).toEqual(ACCEPTED);
    expect(lines).toMatchObject([{ event: 'accepted', verified: false }]);
  });

  test('is told from one that proves its events', async () => {
    const { lines } = await check({ name: 'key', kind: 'token', token: { header: 'x-api-key' } }, { headers: { 'x-api-key': SECRET } });
    expect(Object.keys(lines[0]!)).not.toContain('verified');
  });
});

describe('a scheme with code', () => {
  const scheme: Scheme = { name: 'coded-json', kind: 'code', module: 'coded', settings: { a: 1 }, id: [{ verified: 'jti' }] };
  const moduleOf = (verify: CodeVerifier['verify']): { schemes: { coded: SchemeModule } } => ({ schemes: { coded: { createVerifier: () => ({ verify }) } } });

  test('is given the request, the secrets and the time, and its settings', async () => {
    const verify = jest.fn(async (): Promise<SchemeVerdict> => ({ valid: true, fields: { jti: 'j1' } }));
    const createVerifier = jest.fn(() => ({ verify }));
    const fetch = async () => '';
    const sent = { query: 'a=1', publicUrl: 'https://h.example/s', secrets: [SECRET, ' ', 'old'] };
    const { status, lines } = await check(scheme, sent, {}, { schemes: { coded: { createVerifier } }, fetch });
    expect(status).toBe(200);
    expect(createVerifier).toHaveBeenCalledWith({ scheme: 'coded-json', settings: { a: 1 }, fetch, secretId: expect.any(String) });
    const [request, secrets, now] = verify.mock.calls[0] as unknown as [SchemeRequest, string[], number];
    expect([request.method, request.body.toString(), request.json, request.query.get('a'), request.rawQuery, request.publicUrl, secrets, now])
      .toEqual(['POST', BODY, JSON.parse(BODY), '1', 'a=1', 'https://h.example/s?a=1', [SECRET], NOW]);
    expect(lines).toMatchObject([{ event: 'accepted' }]);
  });

  test.each<[string, () => Promise<SchemeVerdict>, object]>([
    ['no', async () => ({ valid: false, reason: 'signature', detail: 'why' }), { ...REFUSED, detail: 'why' }],
    ['too old', async () => ({ valid: false, reason: 'timestamp', detail: 'old' }), { status: 401, sent: 0, reason: 'timestamp', detail: 'old' }],
    ['that it cannot know', () => Promise.reject(new KeyFetchError('h.example did not answer')), { status: 503, reason: 'secret', detail: expect.stringContaining('h.example did not answer') }],
    ['that the secret is none', () => Promise.reject(new SecretError('unusable', 'secret', 'why')), { status: 503, reason: 'secret' }],
    ['that it is a handshake', async () => ({ valid: true, handshake: true }), { status: 200, sent: 0, lines: [expect.objectContaining({ event: 'handshake', handshake: 'coded-json' })] }],
  ])('may say %s', async (_what, verdict, result) => {
    expect(await check(scheme, {}, {}, moduleOf(verdict))).toMatchObject(result);
  });

  test('is given no secret that is empty, and none where the scheme has none', async () => {
    const verify = jest.fn(async (): Promise<SchemeVerdict> => ({ valid: true }));
    expect(await check(scheme, { secrets: [''] }, {}, moduleOf(verify))).toMatchObject({ status: 503, reason: 'secret' });
    expect(verify).not.toHaveBeenCalled();
    expect(await check(scheme, { secrets: [] }, { secret: undefined }, moduleOf(verify))).toMatchObject(ACCEPTED);
    expect(verify.mock.calls[0]).toMatchObject([expect.anything(), [], NOW]);
  });

  test('asks for the secret anew when it says no', async () => {
    let versions = ['old'];
    const secrets = { read: async () => versions, refresh: async () => { versions = [SECRET]; return true; } };
    const verify = async (_request: SchemeRequest, [secret]: string[]): Promise<SchemeVerdict> => (
      secret === SECRET ? { valid: true } : { valid: false, reason: 'signature', detail: 'no' });
    expect(await check(scheme, {}, {}, { ...moduleOf(verify), secrets })).toMatchObject(ACCEPTED);
  });

  test.each(['coded', 'toString'])('without its module %s, is the trouble of its own source', async (module) => {
    const detail = `the module of scheme "coded-json", scheme-${module}.mjs, is not beside the function; deploy again`;
    const { status, lines } = await check({ ...scheme, module } as Scheme, {}, {}, { schemes: {} });
    expect({ status, lines }).toMatchObject({ status: 503, lines: [{ event: 'rejected', reason: 'internal', detail }] });
  });
});
