import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { firstValid, FORM, hook0Case, isValid, judge, MODULES, sign, type Case } from './support.hmac';

const all = Object.keys(MODULES);
const valid = (scheme: string): Case => scheme === 'hook0' ? hook0Case() : firstValid(scheme);

/** Secrets that are not one plain text. */
const UNUSABLE: { readonly [scheme: string]: string[] } = {
  adyen: ['xyz', '0', '0000'],
  box: ['{}', '{"primary": 1}', '{"primary": ""}', '{"secondary": "\\u0000"}', '{"primary"', '\0\0'],
  braintree: ['key', ':key', 'id:', 'id:  ', 'id:\0'],
  pusher: ['key', ':key', 'id:', 'id:  ', 'id:\0'],
};

describe.each(all)('%s', (scheme) => {
  test('judges its first case as valid, before it is spoiled', async () => {
    expect(await isValid(valid(scheme))).toBe(true);
  });

  test.each(['', '   ', ...UNUSABLE[scheme] ?? ['\0\0\0\0']])('takes %j for no secret', async (secret) => {
    await expect(judge({ ...valid(scheme), secrets: [secret] })).rejects.toMatchObject({ name: 'SecretError', kind: 'unusable' });
  });

  test('says which secret cannot be used, and never its value', async () => {
    const error = await judge({ ...valid(scheme), secrets: [] }).catch((thrown: Error) => thrown);
    expect(error).toMatchObject({ name: 'SecretError', message: expect.stringContaining('"webhooks/s"') });
  });

  test('verifies by a previous version, and leaves out one that is no key', async () => {
    const { secrets: [secret = ''], ...given } = valid(scheme);
    const other = { adyen: '00ff', box: 'other', braintree: 'a:b', pusher: 'a:b' }[scheme] ?? 'other';
    expect(await isValid({ ...given, secrets: [other, '', secret] })).toBe(true);
    expect(await isValid({ ...given, secrets: [other] })).toBe(false);
  });

  test('answers whatever the request is', async () => {
    const { headers = {}, ...given } = valid(scheme);
    const names = Object.keys(headers);
    const json = fc.json({ maxDepth: 4 });
    const body = fc.oneof(fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)), json.map((text) => Buffer.from(text)));
    await fc.assert(fc.asyncProperty(body, fc.nat(names.length), fc.string(), async (bytes, at, text) => {
      const spoiled = at < names.length ? { ...headers, [names[at] as string]: text } : headers;
      expect(typeof await isValid({ ...given, body: bytes, headers: spoiled })).toBe('boolean');
    }));
  });
});

const big = 4_000_000;
const HUGE: readonly [name: string, contentType: string, body: string][] = [
  ['an array of one form field', FORM, 'a&'.repeat(big / 2)],
  ['open arrays', 'application/json', '['.repeat(big)],
  ['nested arrays', 'application/json', `{"notificationItems":[{"a":${'['.repeat(big / 2)}${']'.repeat(big / 2)}}]}`],
  ['nested objects', 'application/json', `{"notificationItems":[${'{"a":'.repeat(big / 6)}1${'}'.repeat(big / 6)}]}`],
  ['many items', 'application/json', `{"notificationItems":[${'{},'.repeat(big / 3)}{}]}`],
  ['many notifications', 'application/json', `{"value":[${'{},'.repeat(big / 3)}{}]}`],
  ['a name that is special', 'application/json', '{"__proto__":{"event":{"event_type":"a"},"signature":{},"value":[{}],"notificationItems":[{}]}}'],
  ['one long string', 'application/json', JSON.stringify({ notificationItems: [{ a: '\\"'.repeat(big / 4) }] })],
  ['many parts', 'multipart/form-data; boundary=X', '--X\r\n\r\n'.repeat(big / 8)],
  ['a part without an end', 'multipart/form-data; boundary=X', `--X\r\n${'a: b\r\n'.repeat(big / 6)}`],
  ['almost boundaries', 'multipart/form-data; boundary=X', `--X\r\n\r\n${'\r\n--'.repeat(big / 4)}`],
  ['a disposition of spaces', 'multipart/form-data; boundary=X', `--X\r\nContent-Disposition: form-data;${' '.repeat(big)}\r\n\r\n\r\n--X--`],
  ['a disposition of names', 'multipart/form-data; boundary=X', `--X\r\nContent-Disposition: form-data${'; name='.repeat(big / 8)}\r\n\r\n\r\n--X--`],
  ['a kind without an end', FORM, `bt_signature=a|b&bt_payload=${Buffer.from('<kind '.repeat(big / 12)).toString('base64')}`],
];

/** Who reads a body of a type at all; the others refuse it for the lack of a signature that fits. */
const READERS: { readonly [contentType: string]: string[] } = {
  [FORM]: ['twilio', 'plivo', 'mandrill', 'mailgun', 'braintree', 'dropbox-sign'],
  'application/json': ['mailgun', 'adyen', 'dropbox-sign', 'msgraph'],
  'multipart/form-data; boundary=X': ['mailgun', 'dropbox-sign'],
};

describe.each(HUGE)('%s', (_, contentType, body) => {
  // In a test the bytes are read several times, and the machine may be slow; what grows by the square takes minutes.
  test.each(READERS[contentType] ?? [])('is refused by %s in bounded time', async (scheme) => {
    const { headers = {}, ...given } = valid(scheme);
    const others = Object.fromEntries(Object.entries(headers).filter(([name]) => name.toLowerCase() !== 'content-type'));
    const start = performance.now();
    expect(await isValid({ ...given, body, headers: { ...others, 'content-type': contentType } })).toBe(false);
    expect(performance.now() - start).toBeLessThan(5_000);
  });
});

test('an authentic notification of Adyen with a huge string in it is verified in bounded time', async () => {
  const given = valid('adyen');
  const body = given.body.toString().replace('"live"', `"more":${JSON.stringify('\\"'.repeat(big / 4))},"live"`);
  expect(await isValid({ ...given, body })).toBe(true);
});

test('an authentic notification of Braintree is described in bounded time', async () => {
  const payload = Buffer.from('<timestamp '.repeat(100_000)).toString('base64');
  const signature = sign('sha1', createHash('sha1').update('private').digest(), payload, 'hex');
  const body = new URLSearchParams({ bt_signature: `public|${signature}`, bt_payload: payload }).toString();
  const start = performance.now();
  expect(await judge({ scheme: 'braintree', secrets: ['public:private'], body })).toMatchObject({ valid: true });
  expect(performance.now() - start).toBeLessThan(5_000);
});
