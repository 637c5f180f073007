import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import type { HmacScheme } from '../../../lib/contract/scheme';
import { SCHEMES } from '../../../lib/contract/schemes';
import { readRequest } from '../../../lambda/ingest/request';
import { compileVerifier } from '../../../lambda/ingest/verify';
import { apiEvent, githubPost, ingest, ingestConfig, KEYS, NOW, source, standardPost, stripePost, type Post } from '../support/ingest';

const verdict = async (post: Post, overrides: Parameters<typeof ingest>[0] = {}) => {
  const gateway = ingest(overrides);
  const answer = await gateway.post(post);
  return { status: answer.statusCode, sent: gateway.sent.length, reason: gateway.lines.flatMap((line) => line.event === 'rejected' ? line.reason : []) };
};

const never = () => Promise.reject(new Error('nothing is fetched here'));
const ACCEPTED = { status: 200, reason: [] };
const refused = (reason: string) => ({ status: 401, sent: 0, reason: [reason] });

const withHeader = (post: Post, name: string, value: string | undefined): Post => {
  const { [name]: _old, ...headers } = post.headers;
  return { ...post, headers: value === undefined ? headers : { ...headers, [name]: value } };
};

const signatureOf: { [source: string]: string } = { github: 'x-hub-signature-256', stripe: 'stripe-signature', standard: 'webhook-signature' };
const valid: { [source: string]: () => Post } = { github: () => githubPost(), stripe: () => stripePost(), standard: () => standardPost() };
const sources = Object.keys(valid) as (keyof typeof KEYS)[];

describe('signatures', () => {
  test.each(sources)('%s: what is signed by the sender is accepted', async (name) => {
    expect(await verdict(valid[name]!())).toMatchObject(ACCEPTED);
  });

  test.each([
    ['github', undefined], ['github', ''], ['github', 'sha256='], ['github', 'sha1=0102'], ['github', 'zz'], ['github', 'sha256=zz'],
    ['stripe', undefined], ['stripe', ''], ['stripe', 't=1767323045'], ['stripe', 't=1767323045,v1='], ['stripe', 'v1='], ['stripe', ',,,'],
    ['standard', undefined], ['standard', ''], ['standard', 'v1,'], ['standard', 'v1'], ['standard', 'v2,AAAA'], ['standard', '   '],
  ])('row 2: %s with the signature %j is refused', async (name, value) => {
    expect(await verdict(withHeader(valid[name]!(), signatureOf[name]!, value))).toEqual(refused('signature'));
  });

  test.each(sources)('row 3: %s with one byte of the body changed is refused', async (name) => {
    const post = valid[name]!();
    expect(await verdict({ ...post, body: String(post.body).replace('{', '[') })).toEqual(refused('signature'));
  });

  test.each(sources)('row 4: %s with the signature header twice is refused, also when both are right', async (name) => {
    const post = valid[name]!();
    const value = post.headers[signatureOf[name]!]!;
    for (const both of [`${value},${value}`, `${value}, ${value}`]) {
      expect(await verdict(withHeader(post, signatureOf[name]!, both))).toEqual(refused('signature'));
    }
  });

  test.each([['github', 'x-github-delivery'], ['standard', 'webhook-id']])('%s with the id header %s twice is refused', async (name, header) => {
    const post = valid[name]!();
    const twice = `${post.headers[header]},other`;
    // Signed with the joined value, so that only the repetition is wrong.
    const signature = createHmac('sha256', Buffer.from(KEYS.standard.slice(6), 'base64')).update(`${twice}.${NOW / 1_000}.${post.body}`).digest('base64');
    const spoiled = withHeader(post, header, twice);
    expect(await verdict(name === 'standard' ? withHeader(spoiled, 'webhook-signature', `v1,${signature}`) : spoiled)).toEqual(refused('signature'));
  });

  test('a list of signatures with a header of another sender behind it is refused', async () => {
    const post = standardPost();
    const value = post.headers['webhook-signature']!;
    expect(await verdict(withHeader(post, 'webhook-signature', `${value} v1,AAAA,${value}`))).toEqual(refused('signature'));
  });

  test.each([
    ['upper-case hex', githubPost(), (value: string) => value.toUpperCase().replace('SHA256=', 'sha256='), 401],
    ['a trailing space', githubPost(), (value: string) => `${value} `, 401],
    ['a prefix in other letters', githubPost(), (value: string) => value.replace('sha256=', 'SHA256='), 401],
    ['base64url instead of base64', standardPost('{"n":5}'), (value: string) => value.replace(/[+/]/g, '-'), 401],
    ['base64 without padding', standardPost(), (value: string) => value.replace('=', ''), 401],
    ['base64 with other unused bits', standardPost('{"n":5}'), (value: string) => value.replace(/.=$/, (end) => `${String.fromCharCode(end.charCodeAt(0) + 1)}=`), 401],
    ['spaces after the commas of a list', stripePost(), (value: string) => value.replace(',', ', '), 200],
  ])('row 5: %s', async (_what, post, change, status) => {
    const header = Object.values(signatureOf).find((name) => name in post.headers)!;
    const changed = change(post.headers[header]!);
    expect(changed).not.toBe(post.headers[header]);
    expect((await verdict(withHeader(post, header, changed))).status).toBe(status);
  });

  test('row 64: a signature made with an empty key is refused, and the secret is named as the reason', async () => {
    for (const [name, empty, post] of [['github', '', githubPost('{}', '')], ['standard', 'whsec_', standardPost('{}', NOW / 1_000, 'whsec_')]] as const) {
      const secrets = { read: async () => [empty], refresh: async () => false };
      expect([name, await verdict(post, { secrets })]).toEqual([name, { status: 503, sent: 0, reason: ['secret'] }]);
    }
  });

  test('row 66: of more than 16 signatures, the first 16 count', async () => {
    const post = standardPost();
    const value = post.headers['webhook-signature']!;
    const forged = `v1,${'A'.repeat(43)}=`;
    expect(await verdict(withHeader(post, 'webhook-signature', `${`${forged} `.repeat(15)}${value}`))).toMatchObject(ACCEPTED);
    expect(await verdict(withHeader(post, 'webhook-signature', `${`${forged} `.repeat(16)}${value}`))).toEqual(refused('signature'));
  });

  test('any of the secrets is enough, and a previous one that is no key is left out', async () => {
    const secrets = (texts: string[]) => ({ secrets: { read: async () => texts, refresh: async () => false } });
    const other = 'whsec_cm90YXRlZCBuZXcgc2VjcmV0IGtleSAwMDAx';
    expect(await verdict(standardPost(), secrets([other, KEYS.standard]))).toMatchObject(ACCEPTED);
    expect(await verdict(standardPost(), secrets([KEYS.standard, other]))).toMatchObject(ACCEPTED);
    expect(await verdict(standardPost(), secrets([KEYS.standard, 'whsec_']))).toMatchObject(ACCEPTED);
    expect(await verdict(standardPost(), secrets([other, 'whsec_']))).toEqual(refused('signature'));
    expect(await verdict(standardPost(), secrets(['whsec_', KEYS.standard]))).toMatchObject({ status: 503 });
  });

  test('one bit changed anywhere is refused, and nothing throws', async () => {
    const posts = sources.map((name) => ({ name, make: (body: Buffer) => {
      const post = { github: githubPost, stripe: stripePost, standard: standardPost }[name](body);
      return { ...post, base64: true };
    } }));
    await fc.assert(fc.asyncProperty(
      fc.constantFrom(...posts), fc.uint8Array({ minLength: 1, maxLength: 200 }), fc.constantFrom('body', 'signature', 'timestamp', 'secret'), fc.nat(), fc.nat(7),
      async ({ name, make }, bytes, part, at, bit) => {
        const body = Buffer.from(bytes);
        const post = make(body);
        const flip = (text: string): string => {
          const buffer = Buffer.from(text, 'latin1');
          buffer[at % buffer.length]! ^= 1 << bit;
          return buffer.toString('latin1');
        };
        expect(await verdict(post)).toMatchObject(ACCEPTED);
        const header = part === 'timestamp' && name === 'standard' ? 'webhook-timestamp' : signatureOf[name]!;
        const spoiled = part === 'body' ? { ...post, body: Buffer.from(flip(body.toString('latin1')), 'latin1') }
          : part === 'secret' ? post : withHeader(post, header, flip(post.headers[header]!));
        const secrets = { read: async () => [part === 'secret' ? flip(KEYS[name]) : KEYS[name]], refresh: async () => false };
        const { status, sent } = await verdict(spoiled, { secrets });
        expect([401, 503]).toContain(status);
        expect(sent).toBe(0);
      },
    ), { numRuns: 1_000 });
  });

  test('whatever the headers and the body are, the answer is one of the table', async () => {
    const text = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('t=1767323045', 'v1=', 'sha256=', 'v1,', ',', ' ', '='));
    const value = fc.array(text, { maxLength: 20 }).map((parts) => parts.join(''));
    await fc.assert(fc.asyncProperty(fc.constantFrom(...sources), value, value, value, value, async (name, signature, timestamp, id, body) => {
      const headers = { 'stripe-signature': signature, 'x-hub-signature-256': signature, 'webhook-signature': signature,
        'webhook-timestamp': timestamp, 'webhook-id': id, 'x-github-delivery': id };
      expect((await verdict({ path: `/${name}`, method: 'POST', headers, body, base64: false })).status).toBe(401);
    }), { numRuns: 500 });
  });
});

describe('timestamps', () => {
  const at = (offset: number) => NOW / 1_000 + offset;

  test.each([[-300, 200], [-301, 401], [0, 200], [300, 200], [301, 401]])('row 6: %d seconds from now answers %d', async (offset, status) => {
    for (const post of [stripePost(undefined, at(offset)), standardPost(undefined, at(offset))]) {
      const { status: given, reason } = await verdict(post);
      expect(given).toBe(status);
      expect(reason).toEqual(status === 200 ? [] : ['timestamp']);
    }
  });

  test('the edge of the window does not move with the milliseconds', async () => {
    expect(await verdict(standardPost(undefined, at(-300)), { now: () => NOW + 999 })).toMatchObject(ACCEPTED);
    expect(await verdict(standardPost(undefined, at(-300)), { now: () => NOW + 1_000 })).toEqual(refused('timestamp'));
  });

  test.each(['123abc', '1e9', '1'.repeat(20), ' 1767323045', '+1767323045', '1767323045.0', '-1', '0x69572DA5', 'NaN'])(
    'row 6: the timestamp %j is refused although it is signed', async (text) => {
      expect(await verdict(standardPost(undefined, text))).toEqual(refused('timestamp'));
    });

  test('a missing timestamp is refused', async () => {
    expect(await verdict(withHeader(standardPost(), 'webhook-timestamp', undefined))).toEqual(refused('timestamp'));
    const signature = stripePost().headers['stripe-signature']!;
    expect(await verdict(withHeader(stripePost(), 'stripe-signature', signature.replace(/t=\d+,/, '')))).toEqual(refused('timestamp'));
  });

  test('an old request with a wrong signature is refused for its signature: only an authentic one has a time', async () => {
    expect(await verdict(standardPost(undefined, at(-900), 'whsec_cm90YXRlZCBuZXcgc2VjcmV0IGtleSAwMDAx'))).toEqual(refused('signature'));
  });
});

describe('schemes', () => {
  const base: HmacScheme = {
    name: 'custom', kind: 'hmac', hash: 'sha256', key: 'utf8', encoding: 'hex', signed: '{body}', signature: { header: 'x-signature', format: 'plain' },
  };
  const body = '{"sentAt":1767323045000,"n":1}';

  const check = async (scheme: Partial<HmacScheme>, headers: { [name: string]: string }, secret = 'some key') => {
    const config = { ...ingestConfig(), sources: { custom: source({ ...base, ...scheme }, 'custom') } };
    const secrets = { read: async () => [secret], refresh: async () => false };
    return verdict({ path: '/custom', method: 'POST', headers, body }, { config, secrets });
  };
  const mac = (hash: string, data: string, encoding: 'hex' | 'base64' | 'base64url', key: string | Buffer = 'some key') =>
    createHmac(hash, key).update(data).digest(encoding);

  test.each(['sha1', 'sha256', 'sha384', 'sha512'] as const)('%s in each encoding', async (hash) => {
    for (const encoding of ['hex', 'base64', 'base64url'] as const) {
      const signature = mac(hash, body, encoding);
      expect([encoding, await check({ hash, encoding }, { 'x-signature': signature })]).toEqual([encoding, { ...ACCEPTED, sent: 1 }]);
      expect(await check({ hash, encoding }, { 'x-signature': signature.slice(1) })).toEqual(refused('signature'));
    }
  });

  test.each([
    ['utf8', 'some key', Buffer.from('some key')],
    ['hex', 'c0ffee', Buffer.from('c0ffee', 'hex')],
    ['base64', 'c29tZSBrZXk=', Buffer.from('some key')],
    ['base64', 'c29tZSBrZXk', Buffer.from('some key')],
    ['whsec', 'MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', Buffer.from('MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', 'base64')],
  ] as const)('a key as %s: %s', async (key, secret, bytes) => {
    expect(await check({ key }, { 'x-signature': mac('sha256', body, 'hex', bytes) }, secret)).toMatchObject(ACCEPTED);
  });

  test('placeholders and literal text, in any order', async () => {
    const scheme: Partial<HmacScheme> = {
      signed: 'v0:{h:x-tenant}|{body}{ts}{other}',
      timestamp: { from: { header: 'x-time' }, unit: 'iso', toleranceSeconds: 10 },
    };
    const headers = { 'x-tenant': 'münchen', 'x-time': '2026-01-02T03:04:05.000Z' };
    const signature = mac('sha256', `v0:münchen|${body}2026-01-02T03:04:05.000Z{other}`, 'hex');
    expect(await check(scheme, { ...headers, 'x-signature': signature })).toMatchObject(ACCEPTED);
    expect(await check(scheme, { 'x-time': headers['x-time'], 'x-signature': signature })).toEqual(refused('signature'));
  });

  test.each([
    ['s', '1767323045'], ['ms', '1767323045123'], ['iso', '2026-01-02T04:04:05+01:00'], ['iso', '2026-01-02T03:04:05.123456Z'],
    ['httpdate', 'Fri, 02 Jan 2026 03:04:05 GMT'],
  ] as const)('a timestamp in %s: %s', async (unit, text) => {
    const scheme: Partial<HmacScheme> = { signed: '{ts}.{body}', timestamp: { from: { header: 'x-time' }, unit, toleranceSeconds: 0 } };
    expect(await check(scheme, { 'x-time': text, 'x-signature': mac('sha256', `${text}.${body}`, 'hex') })).toMatchObject(ACCEPTED);
    const twice = `${text},${text}`;
    expect(await check(scheme, { 'x-time': twice, 'x-signature': mac('sha256', `${twice}.${body}`, 'hex') })).toEqual(refused('timestamp'));
  });

  test('a timestamp inside the signed body is looked at after the signature', async () => {
    const timestamp = (toleranceSeconds: number) => ({ from: { json: '$.sentAt' }, unit: 'ms' as const, toleranceSeconds });
    const headers = { 'x-signature': mac('sha256', body, 'hex') };
    expect(await check({ timestamp: timestamp(60) }, headers)).toMatchObject(ACCEPTED);
    expect(await check({ timestamp: { ...timestamp(60), from: { json: '$.n' } } }, headers)).toEqual(refused('timestamp'));
    expect(await check({ timestamp: { ...timestamp(60), from: { json: '$.other' } } }, headers)).toEqual(refused('timestamp'));
  });

  test('required headers must have exactly their value', async () => {
    const scheme = { requiredHeaders: { 'x-version': '2' } };
    const headers = { 'x-signature': mac('sha256', body, 'hex') };
    expect(await check(scheme, { ...headers, 'x-version': '2' })).toMatchObject(ACCEPTED);
    expect(await check(scheme, { ...headers, 'x-version': '2,2' })).toEqual(refused('signature'));
    expect(await check(scheme, headers)).toEqual(refused('signature'));
  });

  test('two headers are told from a list where the separator is no comma', async () => {
    const scheme: Partial<HmacScheme> = { signature: { header: 'x-signature', format: 'keyValue', name: 'h1', separator: ';' } };
    const signature = mac('sha256', body, 'hex');
    expect(await check(scheme, { 'x-signature': `h2=other;h1=${signature}` })).toMatchObject(ACCEPTED);
    expect(await check(scheme, { 'x-signature': `h1=${signature};h2=other,h1=${signature}` })).toEqual(refused('signature'));
  });

  test('a timestamp that is signed must be outside the body', () => {
    const compile = (difference: Partial<HmacScheme>) => compileVerifier(source({ ...base, ...difference }, 'id').verifications[0]!, {}, never);
    expect(() => compile({ signed: '{ts}{body}' })).toThrow('scheme "custom" signs {ts}');
    const timestamp = { from: { json: '$.t' }, unit: 's' as const, toleranceSeconds: 1 };
    expect(() => compile({ signed: '{ts}{body}', timestamp })).toThrow('scheme "custom" signs {ts}');
    expect(() => compile({ signed: '{secret}{body}' })).toThrow('{secret} is for plain hashes');
    expect(() => compileVerifier({ scheme: base, previousSecretOverlapSeconds: 0 }, {}, never)).toThrow('no secret for scheme "custom"');
  });
});

test('the bytes are verified, not their text: two bodies that decode to the same text have different signatures', () => {
  const verifier = compileVerifier(source(SCHEMES.github, 'github').verifications[0]!, {}, never);
  const prove = (byte: number) => {
    const request = readRequest(apiEvent({ ...githubPost(Buffer.from([0xff])), body: Buffer.from([byte]) }));
    return () => verifier.claim(request, NOW).prove([KEYS.github]);
  };
  expect(prove(0xff)()).toMatchObject({ secret: KEYS.github });
  expect(prove(0xfe)).toThrow('no key makes a signature');
});
