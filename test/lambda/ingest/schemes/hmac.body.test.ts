import { createHash } from 'node:crypto';
import { hasRepeatedMembers } from '../../../../lambda/ingest/schemes/shared/json';
import { readMultipart } from '../../../../lambda/ingest/schemes/shared/multipart';
import { firstValid, FORM, isValid, judge, NOW, sign, type Case } from './support.hmac';

const MULTIPART = 'multipart/form-data; boundary=X';
const part = (name: string, value: string) => `--X\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;
const multipart = (fields: readonly (readonly [string, string])[]) => `${fields.map(([name, value]) => part(name, value)).join('')}--X--\r\n`;

describe('mailgun', () => {
  const signature = (timestamp: string, key = 'key', token = 'tok') => ({ timestamp, token, signature: sign('sha256', key, timestamp + token, 'hex') });
  const own = signature(String(NOW));
  const send = (body: unknown, headers = {}): Case => ({ scheme: 'mailgun', secrets: ['key'], body: typeof body === 'string' ? body : JSON.stringify(body), headers });

  test.each<[string, Case]>([
    ['JSON', send({ signature: own })],
    ['JSON with the time as a number', send({ signature: { ...own, timestamp: NOW } })],
    ['the primary account\'s signature', send({ 'signature': signature(String(NOW), 'other'), 'parent-signature': own })],
    ['a form', send(`${new URLSearchParams(own)}`, { 'content-type': FORM })],
    ['a multipart form', send(multipart(Object.entries(own)), { 'content-type': MULTIPART })],
    ['the edge of the window', send({ signature: signature(String(NOW - 300)) })],
    ['the edge of the window, in the future', send({ signature: signature(String(NOW + 300)) })],
  ])('takes %s', async (_, given) => expect(await judge(given)).toEqual({ valid: true, fields: { token: 'tok' } }));

  test.each<[string, Case]>([
    ['a signature of another key', send({ signature: signature(String(NOW), 'other') })],
    ['the end of the time in the token', send({ signature: { ...own, timestamp: String(NOW).slice(0, -1), token: `${String(NOW).at(-1)}tok` } })],
    ['an upper-case signature', send({ signature: { ...own, signature: own.signature.toUpperCase() } })],
    ['a form field twice', send(`${new URLSearchParams(own)}&token=tok`, { 'content-type': FORM })],
    ['a part twice', send(multipart([...Object.entries(own), ['token', 'tok']]), { 'content-type': MULTIPART })],
    ['a list', send({ signature: [own.timestamp, own.token, own.signature] })],
    ['an inherited signature', send(`{"signature":{"__proto__":${JSON.stringify(own)}}}`)],
    ['null', send('null')],
  ])('refuses %s', async (_, given) => expect(await isValid(given)).toBe(false));

  test.each([-301, 301])('refuses a time %i s off, whoever signed it', async (off) => {
    expect(await judge(send({ signature: signature(String(NOW + off)) }))).toMatchObject({ valid: false, reason: 'timestamp' });
  });
});

describe('adyen', () => {
  const key = 'DFB1EB5485895CFA84146406857104ABB4CBCABDC8AAF103A624C8F6A3EAAB00';
  const item = (changes: object = {}, amount: object = { value: 1000, currency: 'EUR' }) => {
    const fields = { pspReference: 'P1', merchantAccountCode: 'm', merchantReference: 'r', amount, eventCode: 'CAPTURE', success: 'true', ...changes };
    const { pspReference, originalReference = '', merchantAccountCode, merchantReference, eventCode, success } = fields as { [name: string]: unknown };
    const { value, currency } = amount as { [name: string]: unknown };
    const signed = [pspReference, originalReference ?? '', merchantAccountCode, merchantReference, value, currency, eventCode, success].join(':');
    return { ...fields, additionalData: { hmacSignature: sign('sha256', Buffer.from(key, 'hex'), signed, 'base64') } };
  };
  const text = (...items: unknown[]) => JSON.stringify({ notificationItems: items.map((NotificationRequestItem) => ({ NotificationRequestItem })) });
  const send = (body: string): Case => ({ scheme: 'adyen', secrets: [key], body });

  test('names all items, with their outcome, and the type of the first', async () => {
    const body = text(item(), item({ pspReference: 'P2', eventCode: 'REFUND', success: 'false' }));
    expect(await judge(send(body))).toEqual({ valid: true, fields: { id: 'P1:CAPTURE:true,P2:REFUND:false', type: 'CAPTURE' } });
  });

  test.each<[string, string]>([
    ['a missing field as empty', text(item({ originalReference: undefined }))],
    ['null as empty', text(item({ originalReference: null }))],
    ['true that is no text', text(item({ success: true }))],
    ['an amount that is a text', text(item({}, { value: '1000', currency: 'EUR' }))],
  ])('takes %s', async (_, body) => expect(await isValid(send(body))).toBe(true));

  test.each<[string, string]>([
    ['a list in a signed field', text({ ...item(), pspReference: ['P1'] })],
    ['an object in a signed field', text({ ...item(), amount: { value: { valueOf: 1 }, currency: 'EUR' } })],
    ['an amount that a number cannot hold', text(item()).replace('1000', '1000.00000000000000000001').replace('"value":1000.', '"value":9007199254740993.')],
    ['a fraction', text(item({}, { value: 0.5, currency: 'EUR' }))],
    ['a signed field twice', text(item()).replace('"success":"true"', '"success":"false","success":"true"')],
    ['a signed field twice, once escaped', text(item()).replace('"success":"true"', '"succ\\u0065ss":"false","success":"true"')],
    ['an item that is none', text(item(), 1)],
    ['an item beside them', text(item()).replace('"notificationItems":[', '"notificationItems":[{"a":1},')],
    ['a list with a number', '{"notificationItems":[1]}'],
    ['no list', '{"notificationItems":{"0":1}}'],
  ])('refuses %s', async (_, body) => expect(await isValid(send(body))).toBe(false));
});

describe('braintree', () => {
  const notification = (kind: string, subject = '') =>
    Buffer.from(`<notification>\n<timestamp type="datetime">2026-01-02T03:04:05Z</timestamp>\n<kind>${kind}</kind><subject>${subject}</subject></notification>`)
      .toString('base64');
  const pair = (payload: string, publicKey = 'public', privateKey = 'private') =>
    `${publicKey}|${sign('sha1', createHash('sha1').update(privateKey).digest(), payload, 'hex')}`;
  const send = (payload: string, signature = pair(payload), more = ''): Case => ({
    scheme: 'braintree', secrets: ['public:private'], headers: { 'content-type': FORM },
    body: `${new URLSearchParams({ bt_signature: signature, bt_payload: payload })}${more}`,
  });

  test('describes a notification by its own kind, not by one in its subject', async () => {
    const payload = notification('dispute_opened', '<kind>forged</kind><timestamp>1</timestamp>');
    const id = createHash('sha256').update(Buffer.from(payload, 'base64')).digest('hex');
    expect(await judge(send(payload))).toEqual({ valid: true, fields: { id, type: 'dispute_opened', timestamp: '2026-01-02T03:04:05Z' } });
  });

  test('has the same id with and without the last line break', async () => {
    const payload = `${notification('check')}\n`;
    const [whole, cut] = [await judge(send(payload)), await judge(send(payload.trimEnd(), pair(payload)))];
    expect(cut).toEqual(whole);
    expect(cut.valid).toBe(true);
  });

  test('takes no kind from the subject', async () => {
    const subject = Buffer.from('<notification><subject><kind>forged</kind></subject></notification>').toString('base64');
    expect(await judge(send(subject))).toEqual({ valid: true, fields: { id: expect.any(String) } });
  });

  test('describes none where there is no XML', async () => {
    expect(await judge(send('AAAA'))).toEqual({ valid: true, fields: { id: expect.any(String) } });
  });

  const payload = notification('check');
  test.each<[string, Case]>([
    ['no payload', send('')],
    ['the payload twice', send(payload, pair(payload), '&bt_payload=AAAA')],
    ['the signature twice', send(payload, pair(payload), '&bt_signature=a')],
    ['its signature under another public key', send(payload, pair(payload, 'other'))],
    ['a pair of three', send(payload, `${pair(payload)}|x`)],
    ['the private key itself as the HMAC\'s', send(payload, `public|${sign('sha1', 'private', payload, 'hex')}`)],
    ['a 17th pair', send(payload, [...Array(16).fill('a|b'), pair(payload)].join('&'))],
  ])('refuses %s', async (_, given) => expect(await isValid(given)).toBe(false));
});

describe('dropbox-sign', () => {
  const event = (time: string, type: string, signed = time + type) =>
    ({ event_time: time, event_type: type, event_hash: sign('sha256', 'key', signed, 'hex') });
  const send = (json: unknown, contentType = MULTIPART): Case => {
    const text = JSON.stringify(json);
    const body = contentType === MULTIPART ? multipart([['json', text]]) : contentType === FORM ? `${new URLSearchParams({ json: text })}` : text;
    return { scheme: 'dropbox-sign', secrets: ['key'], body, headers: { 'content-type': contentType } };
  };
  const hash = event('1', 'account_confirmed').event_hash;

  test.each([MULTIPART, FORM, 'application/json'])('takes %s', async (contentType) => {
    const callback = { event: event('1', 'account_confirmed'), account: { account_id: 'a1' } };
    expect(await judge(send(callback, contentType))).toEqual({ valid: true, fields: { type: 'account_confirmed', hash, id: `${hash}:a1` } });
  });

  test('has no id where it is about nothing that has one', async () => {
    expect(await judge(send({ event: event('1', 'account_confirmed') }))).toEqual({ valid: true, fields: { type: 'account_confirmed', hash } });
  });

  test.each<[string, Case]>([
    ['the end of the time in the type', send({ event: event('12', '3abc', '123abc') })],
    ['the start of the type in the time', send({ event: event('123a', 'bc', '123abc') })],
    ['no event', send({})],
    ['an event that is a text', send({ event: 'event_time' })],
    ['the field twice', { ...send({}), body: multipart([['json', JSON.stringify({ event: event('1', 'a') })], ['json', '{}']]) }],
    ['a file', { ...send({}), body: multipart([['json', JSON.stringify({ event: event('1', 'a') })]]).replace('name="json"', 'name="json"; filename="a"') }],
  ])('refuses %s', async (_, given) => expect(await isValid(given)).toBe(false));
});

describe('msgraph', () => {
  const send = (value: unknown): Case => ({ scheme: 'msgraph', secrets: ['state', 'previous'], body: JSON.stringify({ value }) });

  test('takes items of different versions of the secret', async () => {
    expect(await isValid(send([{ clientState: 'state' }, { clientState: 'previous' }]))).toBe(true);
  });

  test.each([[null], [{}], ['state'], [['state']], [{ clientState: ['state'] }], [{ clientState: null }], [{ clientState: 'state ' }], [{ clientState: '' }]])(
    'refuses %j', async (item) => expect(await isValid(send([{ clientState: 'state' }, item]))).toBe(false));

  test.each([['no list', { clientState: 'state' }], ['a text', 'state'], ['nothing', undefined]])('refuses %s', async (_, value) => {
    expect(await isValid(send(value))).toBe(false);
  });
});

describe('multipart', () => {
  const read = (body: string, contentType = MULTIPART) => readMultipart(Buffer.from(body), contentType);

  test.each<[string, string, string, [string, string][]]>([
    ['parts', MULTIPART, multipart([['a', '1'], ['b', '2\r\n3']]), [['a', '1'], ['b', '2\r\n3']]],
    ['a quoted boundary', 'multipart/form-data; charset=utf-8; boundary="X Y"', multipart([['a', '1']]).replaceAll('--X', '--X Y'), [['a', '1']]],
    ['more headers', MULTIPART, part('a', '1').replace('\r\n\r\n', '\r\nContent-Type: text/plain\r\n\r\n') + '--X--', [['a', '1']]],
    ['a name without quotes', MULTIPART, part('a', '1').replace('"a"', 'a') + '--X--', [['a', '1']]],
    ['no parts', MULTIPART, '--X--', []],
    ['a file', MULTIPART, part('a', '1').replace('name="a"', 'name="a"; filename="b"') + '--X--', []],
    ['a part without a name', MULTIPART, part('a', '1').replace('; name="a"', '') + '--X--', []],
  ])('reads %s', (_, contentType, body, pairs) => expect(read(body, contentType)).toEqual(pairs));

  test.each([
    ['another type', multipart([]), 'multipart/mixed; boundary=X'],
    ['no boundary', multipart([]), 'multipart/form-data'],
    ['a boundary that is not there', multipart([]), 'multipart/form-data; boundary=Y'],
    ['no end', part('a', '1'), MULTIPART],
    ['a part without an end of headers', '--X\r\nContent-Disposition: form-data; name="a"\r\n--X--', MULTIPART],
    ['a longer boundary', multipart([['a', '1']]).replaceAll('--X', '--XY'), MULTIPART],
    ['201 parts', multipart(Array(201).fill(['a', '1'])), MULTIPART],
  ])('refuses %s', (_, body, contentType) => expect(() => read(body, contentType)).toThrow('multipart'));
});

describe('repeated members', () => {
  test.each([
    ['{"a":1,"b":{"a":1},"c":[{"a":1},{"a":1}]}', false],
    ['{"a":"\\"a\\":","b":"{\\\\"}', false],
    ['["a","a"]', false],
    ['{"a":1,"a":2}', true],
    ['{"a":1,"\\u0061":2}', true],
    ['{"b":[{"a" :1, "a"\n:2}]}', true],
    ['{"__proto__":1,"__proto__":2}', true],
    [`${'['.repeat(64)}${']'.repeat(64)}`, false],
    [`${'['.repeat(65)}${']'.repeat(65)}`, true],
  ])('%s: %s', (text, repeated) => expect(hasRepeatedMembers(text)).toBe(repeated));
});

test('the first valid case of each is what a provider sends', async () => {
  for (const scheme of ['mailgun', 'adyen', 'braintree', 'dropbox-sign', 'msgraph']) expect(await isValid(firstValid(scheme))).toBe(true);
});
