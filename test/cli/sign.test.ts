import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Webhook } from 'standardwebhooks';
import { draftEvent } from '../../cli/draft';
import type { OutgoingRequest } from '../../cli/fields';
import { sign } from '../../cli/sign';
import { createHandler } from '../../lambda/ingest/handler';
import type { HmacScheme, Scheme } from '../../lib/contract/scheme';
import { SCHEMES } from '../../lib/contract/schemes';
import { apiEvent } from '../lambda/support/ingest';

interface Vector {
  readonly id: string;
  readonly scheme: 'github' | 'stripe' | 'standard-webhooks';
  readonly secret: string;
  readonly headers: { readonly [name: string]: string };
  readonly bodyBase64: string;
  readonly now: number;
}

const FIXTURES = path.join(__dirname, 'fixtures');
const URL_OF_SOURCE = new URL('https://hooks.example.com/in');
const NOW = Date.parse('2026-01-02T03:04:05.678Z');
const WHSEC = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';

/** Throws unless the ingest function would take the request. */
async function verifyAsSource(scheme: Scheme, secret: string, { url, headers, body }: OutgoingRequest, now = NOW): Promise<void> {
  const handler = createHandler({
    config: {
      gateway: 'g', targets: { t: { queueUrl: 'q' } },
      sources: { in: { verifications: [{ scheme, secret: { id: 's' }, previousSecretOverlapSeconds: 0 }], publicUrl: 'https://hooks.example.com/in' } },
    },
    now: () => now, secrets: { read: async () => [secret], refresh: async () => false }, schemes: {}, fetch: () => Promise.reject(new Error('no keys')),
    pair: async () => false, send: async () => undefined, log: () => undefined, metrics: () => undefined,
  });
  const { statusCode } = await handler(apiEvent({ path: '/in', query: url.search.slice(1), method: 'POST', headers, body }));
  if (statusCode !== 200) throw new Error(`answered ${statusCode}`);
}

const OPTIONS = { now: NOW, publicUrl: 'https://hooks.example.com/in' };
const signed = (scheme: Scheme, secret: string, now = NOW, body?: Buffer): OutgoingRequest =>
  sign({ scheme }, { secret }, draftEvent(scheme, URL_OF_SOURCE, { now, body }), { ...OPTIONS, now });

describe('providers\' vectors', () => {
  const vectors = JSON.parse(readFileSync(path.join(FIXTURES, 'vectors.json'), 'utf8')) as Vector[];

  test.each(vectors.map((vector) => [vector.id, vector] as const))('%s: the same header as the provider\'s own code', (_id, vector) => {
    const scheme = SCHEMES[vector.scheme];
    const { [scheme.signature.header]: expected, ...headers } = vector.headers;
    const request = { url: URL_OF_SOURCE, headers, body: Buffer.from(vector.bodyBase64, 'base64') };
    const { headers: made } = sign({ scheme }, { secret: vector.secret }, request, { ...OPTIONS, now: vector.now * 1000 });
    expect(made[scheme.signature.header]).toBe(expected);
  });
});

describe('official libraries', () => {
  test('standardwebhooks takes what is sent to a Standard Webhooks source', () => {
    const now = Date.now();
    const scheme = SCHEMES['standard-webhooks'];
    const { headers, body } = signed(scheme, WHSEC, now);
    expect(new Webhook(WHSEC).verify(body, headers)).toEqual(JSON.parse(body.toString()));
  });

  test('@octokit/webhooks-methods takes what is sent to a GitHub source, and not under another secret', () => {
    const { headers, body } = signed(SCHEMES.github, 'octo-secret');
    const right = { secret: 'octo-secret', body: body.toString(), signature: headers['x-hub-signature-256'] };
    const input = JSON.stringify([right, { ...right, secret: 'another' }]);
    const answers = execFileSync(process.execPath, [path.join(FIXTURES, 'octokit-verify.mjs')], { input, encoding: 'utf8' });
    expect(JSON.parse(answers)).toEqual([true, false]);
  });
});

const BASE: HmacScheme = {
  name: 'hmac', kind: 'hmac', hash: 'sha256', key: 'utf8', encoding: 'hex', signed: '{body}', signature: { header: 'x-signature', format: 'plain' },
};

const HEX_KEY = '00112233445566778899aabbccddeeff';

/** Every knob of a scheme at least once. */
const SHAPES: { readonly [what: string]: [Partial<HmacScheme>, string?] } = {
  'a plain signature': [{}],
  'a prefix': [{ signature: { header: 'x-signature', format: 'plain', prefix: 'v0=' } }],
  'sha1 in base64': [{ hash: 'sha1', encoding: 'base64' }],
  'sha384 in base64url': [{ hash: 'sha384', encoding: 'base64url' }],
  'sha512': [{ hash: 'sha512' }],
  'a hex key': [{ key: 'hex' }, HEX_KEY],
  'a base64 key': [{ key: 'base64' }, Buffer.from('a key of any bytes').toString('base64')],
  'a whsec key': [{ key: 'whsec' }, WHSEC],
  'a timestamp header': [{ signed: '{ts}.{body}', timestamp: { from: { header: 'x-time' }, unit: 's', toleranceSeconds: 1 } }],
  'a timestamp header signed by name': [{ signed: '{h:x-time}:{body}', timestamp: { from: { header: 'x-time' }, unit: 'ms', toleranceSeconds: 1 } }],
  'a timestamp in the query': [{ signed: 'v1:{ts}:{body}', timestamp: { from: { query: 't' }, unit: 'iso', toleranceSeconds: 1 } }],
  'a timestamp in the signature header': [{
    signed: '{ts}.{body}',
    signature: { header: 'x-signature', format: 'keyValue', name: 's', separator: ';' },
    timestamp: { from: { signature: 't' }, unit: 's', toleranceSeconds: 1 },
  }],
  'an HTTP date': [{ signed: '{ts}{body}', timestamp: { from: { header: 'date' }, unit: 'httpdate', toleranceSeconds: 1 } }],
  'a timestamp in the JSON body': [{ timestamp: { from: { json: '$.meta.sent' }, unit: 'ms', toleranceSeconds: 1 } }],
  'a timestamp in the form body': [{ timestamp: { from: { form: 'sent' }, unit: 's', toleranceSeconds: 1 } }],
  'a signed id header': [{ signed: '{h:x-id}.{body}', id: [{ header: 'x-id' }] }],
  'a signed nonce': [{ signed: '{h:x-nonce}.{body}' }],
  'required headers': [{ requiredHeaders: { 'x-version': '2' } }],
};

describe('any scheme', () => {
  test.each(Object.entries(SHAPES))('%s: the source takes it', async (_what, [part, secret = 'secret']) => {
    const scheme = { ...BASE, ...part };
    const request = signed(scheme, secret);
    await expect(verifyAsSource(scheme, secret, request)).resolves.toBeUndefined();
    await expect(verifyAsSource(scheme, secret, { ...request, body: Buffer.concat([request.body, Buffer.from(' ')]) })).rejects.toThrow('401');
  });

  test('bytes that are no text are signed as they are', async () => {
    const body = Buffer.from([0, 0xff, 0xc3, 0x28, 0x0a]);
    const scheme: Scheme = { ...BASE, signed: '{ts}.{body}', timestamp: { from: { header: 'x-time' }, unit: 's', toleranceSeconds: 1 } };
    const request = signed(scheme, 'secret', NOW, body);
    expect(request.body).toEqual(body);
    await expect(verifyAsSource(scheme, 'secret', request)).resolves.toBeUndefined();
  });

  const stamped = Object.entries(SCHEMES).filter(([, scheme]) => scheme.kind === 'hmac' && scheme.timestamp && scheme.key !== 'hex');
  test.each(stamped)('%s at a time far ahead: the source takes it then and not now', async (_name, scheme: Scheme) => {
    const later = NOW + 30 * 86_400_000;
    const request = signed(scheme, WHSEC, later);
    await expect(verifyAsSource(scheme, WHSEC, request, later)).resolves.toBeUndefined();
    await expect(verifyAsSource(scheme, WHSEC, request, NOW)).rejects.toThrow('401');
  });

  test.each([
    ['utf8', '', 'empty'],
    ['hex', 'xyz', 'not hex'],
    ['base64', 'a key!', 'not base64'],
    ['whsec', 'whsec_', 'empty'],
  ] as const)('fails when the secret is no %s key, without showing it', (key, secret, why) => {
    const scheme = { ...BASE, key };
    const signing = (): unknown => signed(scheme, secret);
    expect(signing).toThrow(why);
    if (secret) expect(signing).not.toThrow(secret);
  });

  test('fails when a body of one\'s own lacks the timestamp that the source reads in it', () => {
    const scheme: Scheme = { ...BASE, timestamp: { from: { json: '$.sent' }, unit: 's', toleranceSeconds: 1 } };
    expect(() => signed(scheme, 'secret', NOW, Buffer.from('{}'))).toThrow('$.sent');
  });
});
