import { createHmac, generateKeyPairSync } from 'node:crypto';
import fc from 'fast-check';
import { SignJWT } from 'jose';
import type { SchemeModule } from '../../../../lib/contract/scheme-module';
import * as livekit from '../../../../lambda/ingest/schemes/livekit';
import * as messagebird from '../../../../lambda/ingest/schemes/messagebird';
import * as netlify from '../../../../lambda/ingest/schemes/netlify';
import * as plaid from '../../../../lambda/ingest/schemes/plaid';
import * as qstash from '../../../../lambda/ingest/schemes/qstash';
import * as vonage from '../../../../lambda/ingest/schemes/vonage';
import { digestOf } from '../../../../lambda/ingest/schemes/shared/jwt';
import { context, keyHost, outcome, requestOf, schemeRequest, validVector } from './support.jwt';

const NOW = 1_767_323_045;
const URL_ = 'https://hooks.example.com/in?x=1';
const BODY = Buffer.from('{"id":1}');

interface Sender {
  readonly module: SchemeModule;
  readonly header: string;
  readonly prefix?: string;
  /** What the secret of the source is, and which part of it signs. */
  readonly secret: (key: string) => string;
  readonly claims: { readonly [name: string]: unknown };
}

const plain = (key: string) => key;
const SENDERS: { [name: string]: Sender } = {
  netlify: { module: netlify, header: 'X-Webhook-Signature', secret: plain, claims: { iss: 'netlify', sha256: digestOf(BODY, 'hex') } },
  vonage: {
    module: vonage, header: 'Authorization', prefix: 'Bearer ', secret: plain,
    claims: { iss: 'Vonage', iat: NOW, jti: 'id-1', payload_hash: digestOf(BODY, 'hex') },
  },
  messagebird: {
    module: messagebird, header: 'MessageBird-Signature-JWT', secret: plain,
    claims: {
      iss: 'MessageBird', nbf: NOW, exp: NOW + 60, jti: 'id-1', url_hash: digestOf(URL_, 'hex'), payload_hash: digestOf(BODY, 'hex'),
    },
  },
  qstash: {
    module: qstash, header: 'Upstash-Signature', secret: plain,
    claims: { iss: 'Upstash', sub: URL_, nbf: NOW, exp: NOW + 60, jti: 'id-1', body: digestOf(BODY, 'base64url') },
  },
  livekit: {
    module: livekit, header: 'Authorization', secret: (key) => `api-key:${key}`,
    claims: { iss: 'api-key', nbf: NOW, exp: NOW + 60, sha256: digestOf(BODY, 'base64') },
  },
};

const KEY = 'a-secret-that-nobody-knows';

function token(claims: { readonly [name: string]: unknown }, key = KEY): Promise<string> {
  return new SignJWT({ ...claims }).setProtectedHeader({ alg: 'HS256' }).sign(Buffer.from(key));
}

interface Spoiled {
  readonly claims?: { readonly [name: string]: unknown };
  readonly token?: string | string[];
  readonly body?: Buffer;
  readonly secrets?: string[];
  readonly key?: string;
  readonly url?: string;
  readonly now?: number;
}

/** A request of the sender's that is right in all but what is spoiled. */
async function judge(name: string, spoiled: Spoiled = {}): Promise<string> {
  const { claims, token: given, body = BODY, secrets, key, url = URL_, now = NOW * 1_000 } = spoiled;
  const sender = SENDERS[name] as Sender;
  const texts = [given ?? await token({ ...sender.claims, ...claims }, key)].flat();
  const headers = { [sender.header]: texts.map((text) => `${sender.prefix ?? ''}${text}`) };
  return outcome(sender.module.createVerifier(context(name, {})), schemeRequest({ url, headers, body }), secrets ?? [sender.secret(KEY)], now);
}

describe.each(Object.keys(SENDERS))('%s', (name) => {
  const { secret, claims, module, header, prefix = '' } = SENDERS[name] as Sender;

  test('takes what is right, at any millisecond of the second', async () => {
    expect(await judge(name)).toBe('valid');
    expect(await judge(name, { now: NOW * 1_000 + 999 })).toBe('valid');
  });

  test('takes the current and the previous secret, and neither of others', async () => {
    expect(await judge(name, { secrets: [secret('new'), secret(KEY)] })).toBe('valid');
    expect(await judge(name, { secrets: [secret('new'), secret('old')] })).toBe('signature');
  });

  test('an unusable current secret is a fault of the source, an unusable previous one is left out', async () => {
    for (const unusable of ['', '   ', '\0\0\0']) {
      expect(await judge(name, { secrets: [secret(unusable)], key: unusable || '\0' })).toBe('SecretError');
      expect(await judge(name, { secrets: [secret(unusable), secret(KEY)] })).toBe('SecretError');
      expect(await judge(name, { secrets: [secret(KEY), secret(unusable)] })).toBe('valid');
      expect(await judge(name, { secrets: [secret('new'), secret(unusable)], key: unusable || '\0' })).toBe('signature');
    }
    expect(await judge(name, { secrets: [] })).toBe('SecretError');
  });

  test('an error names the secret and never quotes it', async () => {
    const request = schemeRequest({ url: URL_, headers: { [header]: prefix + await token(claims) }, body: BODY });
    const error: Error = await module.createVerifier(context(name, {})).verify(request, ['\0\0'], NOW * 1_000).then(() => fail(), (reason) => reason);
    expect(error.message).toMatch(new RegExp(`^secret "webhooks/${name}" is unusable: `));
  });

  const optional = ['jti', ...(name === 'livekit' ? ['nbf'] : []), ...(name === 'vonage' ? ['iss'] : [])];
  test.each(Object.keys(claims).filter((claim) => !optional.includes(claim)))('wants the claim %s, and as it is', async (claim) => {
    expect(await judge(name, { claims: { [claim]: undefined } })).not.toBe('valid');
    expect(await judge(name, { claims: { [claim]: 'other' } })).not.toBe('valid');
    expect(await judge(name, { claims: { [claim]: [claims[claim]] } })).not.toBe('valid');
  });

  test('a header that comes twice is refused, also where both are right', async () => {
    const right = await token(claims);
    expect(await judge(name, { token: [right, right] })).toBe('signature');
  });

  test('a signature is taken in one spelling only', async () => {
    const right = await token(claims);
    // 32 bytes leave two bits of the last character unused.
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    const twin = right.slice(0, -1) + alphabet[alphabet.indexOf(right.slice(-1)) ^ 1];
    expect(Buffer.from(twin.split('.')[2] as string, 'base64url')).toEqual(Buffer.from(right.split('.')[2] as string, 'base64url'));
    for (const spelling of [twin, `${right}=`, `${right} `, `${right}\t`, `${right}.`, right.replace('.', '..')]) {
      expect(await judge(name, { token: spelling })).toBe('signature');
    }
  });

  test('the scheme says which algorithm, the token does not', async () => {
    const payload = (await token(claims)).split('.')[1] as string;
    for (const [alg, hash] of [['HS384', 'sha384'], ['HS512', 'sha512'], ['none', 'sha256'], ['hs256', 'sha256']] as const) {
      const signed = `${Buffer.from(JSON.stringify({ alg })).toString('base64url')}.${payload}`;
      expect(await judge(name, { token: `${signed}.${createHmac(hash, KEY).update(signed).digest('base64url')}` })).toBe('signature');
    }
    const detached = `${Buffer.from('{"alg":"HS256","b64":false,"crit":["b64"]}').toString('base64url')}.${payload}`;
    expect(await judge(name, { token: `${detached}.${createHmac('sha256', KEY).update(detached).digest('base64url')}` })).toBe('signature');
  });

  test('any flipped bit of the token or the body is refused', async () => {
    const right = Buffer.from(await token(claims), 'latin1');
    await fc.assert(fc.asyncProperty(fc.nat(right.length * 8 - 1), fc.nat(BODY.length * 8 - 1), async (inToken, inBody) => {
      expect(await judge(name, { token: flip(right, inToken).toString('latin1') })).not.toBe('valid');
      expect(await judge(name, { body: flip(BODY, inBody) })).toBe('signature');
    }), { numRuns: 60 });
  });

  test('whatever is sent is judged and never thrown at', async () => {
    const piece = fc.oneof(fc.string(), fc.string({ unit: 'binary' }), fc.json().map((text) => Buffer.from(text).toString('base64url')));
    await fc.assert(fc.asyncProperty(fc.array(piece, { maxLength: 4 }), async (pieces) => {
      expect(await judge(name, { token: pieces.join('.') })).toBe('signature');
    }), { numRuns: 60 });
  });
});

function flip(bytes: Buffer, bit: number): Buffer {
  const copy = Buffer.from(bytes);
  copy.writeUInt8(copy.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
  return copy;
}

describe('windows', () => {
  test.each([
    ['vonage', { iat: NOW - 300 }, 'valid'],
    ['vonage', { iat: NOW - 301 }, 'timestamp'],
    ['vonage', { iat: NOW + 300 }, 'valid'],
    ['vonage', { iat: NOW + 301 }, 'timestamp'],
    ['messagebird', { exp: NOW - 4 }, 'valid'],
    ['messagebird', { exp: NOW - 5 }, 'timestamp'],
    ['messagebird', { nbf: NOW + 5 }, 'valid'],
    ['messagebird', { nbf: NOW + 6 }, 'timestamp'],
    ['messagebird', { nbf: undefined }, 'timestamp'],
    ['qstash', { exp: NOW + 1 }, 'valid'],
    ['qstash', { exp: NOW }, 'timestamp'],
    ['qstash', { nbf: NOW + 1 }, 'timestamp'],
    ['livekit', { exp: NOW - 9 }, 'valid'],
    ['livekit', { exp: NOW - 10 }, 'timestamp'],
    ['livekit', { nbf: NOW + 10 }, 'valid'],
    ['livekit', { nbf: NOW + 11 }, 'timestamp'],
  ])('%s, %j: %s', async (name, claims, expected) => {
    expect(await judge(name, { claims })).toBe(expected);
  });
});

test.each(['messagebird', 'qstash'])('%s signs the URL: without a publicUrl the refusal says what is missing', async (name) => {
  const { module, header, secret, claims } = SENDERS[name] as Sender;
  const request = { ...schemeRequest({ headers: { [header]: await token(claims) }, body: BODY }), publicUrl: undefined };
  expect(await module.createVerifier(context(name, {})).verify(request, [secret(KEY)], NOW * 1_000))
    .toEqual({ valid: false, reason: 'signature', detail: expect.stringContaining('publicUrl') });
  expect(await judge(name, { url: 'https://hooks.example.com/in' })).toBe('signature');
});

test('the id of the token is a verified field', async () => {
  for (const name of ['vonage', 'messagebird', 'qstash']) {
    const { module, header, prefix = '', secret, claims } = SENDERS[name] as Sender;
    const request = schemeRequest({ url: URL_, headers: { [header]: prefix + await token(claims) }, body: BODY });
    expect(await module.createVerifier(context(name, {})).verify(request, [secret(KEY)], NOW * 1_000)).toEqual({ valid: true, fields: { jti: 'id-1' } });
  }
});

test('messagebird: only an empty body may go without its digest', async () => {
  const empty = Buffer.alloc(0);
  expect(await judge('messagebird', { claims: { payload_hash: undefined }, body: empty })).toBe('valid');
  expect(await judge('messagebird', { claims: { payload_hash: digestOf(empty, 'hex') }, body: empty })).toBe('valid');
  expect(await judge('messagebird', { body: empty })).toBe('signature');
});

test('livekit: a secret is good for the tokens of its own API key', async () => {
  expect(await judge('livekit', { secrets: [`other:${KEY}`, 'api-key:other'] })).toBe('signature');
  expect(await judge('livekit', { secrets: [`other:${KEY}`, `api-key:${KEY}`] })).toBe('valid');
  expect(await judge('livekit', { secrets: [KEY] })).toBe('SecretError');
  expect(await judge('livekit', { secrets: [`:${KEY}`] })).toBe('SecretError');
});

describe('plaid', () => {
  const vector = validVector('plaid');
  const jwk = vector.jwks?.keys[0] as { kid: string };
  const settings = { clientId: 'client', environment: 'sandbox' };
  const run = (fetch: ReturnType<typeof keyHost>['fetch']) => plaid.createVerifier(context('plaid', settings, fetch));

  test('asks Plaid with the client id and the secret, once for a key', async () => {
    const bodies: unknown[] = [];
    const { fetch, asked } = keyHost((_url, body) => (bodies.push(JSON.parse(body ?? '')), JSON.stringify({ key: { ...jwk, expired_at: null } })));
    const verifier = run(fetch);
    expect(await outcome(verifier, requestOf(vector), ['api-secret'], vector.now * 1_000)).toBe('valid');
    expect(await outcome(verifier, requestOf(vector), ['api-secret'], vector.now * 1_000)).toBe('valid');
    expect(asked).toEqual(['https://sandbox.plaid.com/webhook_verification_key/get']);
    expect(bodies).toEqual([{ client_id: 'client', secret: 'api-secret', key_id: jwk.kid }]);
  });

  test('a key that has expired verifies nothing any more', async () => {
    const until = (expiredAt: number) => run(keyHost(() => JSON.stringify({ key: { ...jwk, expired_at: expiredAt } })).fetch);
    expect(await outcome(until(vector.now + 1), requestOf(vector), ['s'], vector.now * 1_000)).toBe('valid');
    expect(await outcome(until(vector.now), requestOf(vector), ['s'], vector.now * 1_000)).toBe('signature');
  });

  test('a key of another id, another kind or no key is not known rather than wrong', async () => {
    for (const answer of [{ key: { ...jwk, kid: 'other' } }, { key: { ...jwk, kty: 'RSA' } }, { key: { ...jwk, crv: 'P-384' } }, { key: null }, null, []]) {
      expect(await outcome(run(keyHost(() => JSON.stringify(answer)).fetch), requestOf(vector), ['s'], vector.now * 1_000)).not.toMatch(/valid|signature/);
    }
  });

  test('is not asked for what cannot be a key of its own', async () => {
    const { fetch, asked } = keyHost(() => JSON.stringify({ key: jwk }));
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    for (const header of [{ alg: 'ES256', kid: '../x' }, { alg: 'ES256' }, { alg: 'ES256', kid: 'k'.repeat(65) }]) {
      const signed = await new SignJWT({ iat: vector.now }).setProtectedHeader(header).sign(privateKey);
      expect(await outcome(run(fetch), schemeRequest({ headers: { 'plaid-verification': signed }, body: BODY }), ['s'], vector.now * 1_000)).toBe('signature');
    }
    const hmac = await new SignJWT({ iat: vector.now }).setProtectedHeader({ alg: 'HS256', kid: jwk.kid }).sign(Buffer.from('s'));
    expect(await outcome(run(fetch), schemeRequest({ headers: { 'plaid-verification': hmac }, body: BODY }), ['s'], vector.now * 1_000)).toBe('signature');
    expect(asked).toEqual([]);
  });

  test('an empty secret, an unknown environment and a missing client id are faults of the source', async () => {
    expect(await outcome(run(keyHost(() => '').fetch), requestOf(vector), [''], vector.now * 1_000)).toBe('SecretError');
    expect(() => plaid.createVerifier(context('plaid', { clientId: 'c', environment: 'evil.example/' }))).toThrow('one of production, sandbox');
    expect(() => plaid.createVerifier(context('plaid', { environment: 'sandbox' }))).toThrow('the setting "clientId" of the scheme "plaid" is undefined');
  });

  test('both edges of the window count', async () => {
    const verifier = run(keyHost(() => JSON.stringify({ key: jwk })).fetch);
    const at = (seconds: number) => outcome(verifier, requestOf(vector), ['s'], (vector.now + seconds) * 1_000);
    expect([await at(300), await at(301), await at(-300), await at(-301)]).toEqual(['valid', 'timestamp', 'valid', 'timestamp']);
  });

  test('any flipped bit of the token or the body is refused', async () => {
    const verifier = run(keyHost((_url, body) => {
      if (JSON.parse(body ?? '').key_id !== jwk.kid) throw new Error('400');
      return JSON.stringify({ key: jwk });
    }).fetch);
    const { headers, body } = requestOf(vector);
    const right = Buffer.from(headers['plaid-verification'] ?? '', 'latin1');
    await fc.assert(fc.asyncProperty(fc.nat(right.length * 8 - 1), fc.nat(body.length * 8 - 1), async (inToken, inBody) => {
      const spoiled = [
        { headers: { 'plaid-verification': flip(right, inToken).toString('latin1') }, body },
        { headers: { 'plaid-verification': right.toString('latin1') }, body: flip(body, inBody) },
      ];
      for (const request of spoiled) expect(await outcome(verifier, schemeRequest(request), ['s'], vector.now * 1_000)).not.toBe('valid');
    }), { numRuns: 60 });
  });
});
