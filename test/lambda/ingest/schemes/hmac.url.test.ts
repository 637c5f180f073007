import { caseOf, firstValid, FORM, isValid, judge, loadVectors, NOW, sign, URL_OF_SOURCE, type Case } from './support.hmac';

const URL_SIGNERS = ['twilio', 'twilio-json', 'plivo', 'mandrill', 'contentful'];

describe.each(URL_SIGNERS)('%s', (scheme) => {
  test('refuses without a public URL, says so, and never asks the Host header', async () => {
    const given = firstValid(scheme);
    const host = new URL(given.url as string).host;
    const verdict = await judge({ ...given, url: undefined, headers: { ...given.headers, Host: host } });
    expect(verdict).toEqual({ valid: false, reason: 'signature', detail: expect.stringContaining('publicUrl') });
  });

  test.each(['http://', 'https://other.example.com'])('refuses another URL', async (start) => {
    const given = firstValid(scheme);
    const url = (given.url as string).replace(/^https:\/\/[^/]*/, start === 'http://' ? 'http://hooks.example.com' : start);
    // Contentful signs the path alone.
    expect(await isValid({ ...given, url })).toBe(scheme === 'contentful');
    expect(await isValid({ ...given, url: `${given.url}/` })).toBe(false);
  });

  test('refuses a signature header that came twice', async () => {
    const given = firstValid(scheme);
    const [name, value] = Object.entries(given.headers ?? {}).find(([key]) => /signature(-v3)?$/i.test(key)) as [string, string];
    // Plivo has lists of signatures, so that two headers are a list of two.
    expect(await isValid({ ...given, headers: { ...given.headers, [name]: `${value},${value}` } })).toBe(scheme === 'plivo');
  });
});

describe('twilio', () => {
  const send = (url: string, signedUrl: string, body = '', signedForm = ''): Case => ({
    scheme: 'twilio', secrets: ['token'], url, body, headers: { 'content-type': FORM, 'x-twilio-signature': sign('sha1', 'token', signedUrl + signedForm, 'base64') },
  });

  test.each([
    ['as it was sent', "https://h.example.com/a?q='x y'", "https://h.example.com/a?q='x y'"],
    ['without the port', 'https://h.example.com:8443/a?b=1', 'https://h.example.com/a?b=1'],
    ['with the default port', 'https://h.example.com/a?b=1', 'https://h.example.com:443/a?b=1'],
    ['with the default port of http', 'http://h.example.com/a', 'http://h.example.com:80/a'],
    ['as browsers write it', "https://h.example.com/a?q='x'", 'https://h.example.com/a?q=%27x%27'],
    ['with its query encoded anew', 'https://h.example.com/a?q=a+b', 'https://h.example.com/a?q=a%20b'],
  ])('takes a URL signed %s', async (_, url, signed) => expect(await isValid(send(url, signed))).toBe(true));

  test.each([
    ['another port', 'https://h.example.com:8443/a', 'https://h.example.com:9443/a'],
    ['another host', 'https://h.example.com/a', 'https://h.example.org/a'],
    ['another case of the path', 'https://h.example.com/a', 'https://h.example.com/A'],
  ])('refuses %s', async (_, url, signed) => expect(await isValid(send(url, signed))).toBe(false));

  test('signs names that objects have', async () => {
    expect(await isValid(send(URL_OF_SOURCE, URL_OF_SOURCE, '__proto__=a&constructor=b', '__proto__aconstructorb'))).toBe(true);
  });

  test('refuses bytes that are no text, which would be signed by nobody', async () => {
    const given = send(URL_OF_SOURCE, URL_OF_SOURCE);
    expect(await isValid(given)).toBe(true);
    expect(await isValid({ ...given, body: Buffer.from([0xff, 0xfe]) })).toBe(false);
  });

  test('twilio-json refuses a URL without the hash', async () => {
    const given = { ...send(URL_OF_SOURCE, URL_OF_SOURCE), scheme: 'twilio-json' };
    expect(await judge(given)).toMatchObject({ valid: false, detail: 'the URL has no bodySHA256' });
  });
});

describe('plivo', () => {
  const send = (method: string, url: string, body: string, signed: string, nonce = '7'): Case => ({
    scheme: 'plivo', secrets: ['token'], method, url, body,
    headers: { 'content-type': FORM, 'x-plivo-signature-v3': sign('sha256', 'token', `${signed}.${nonce}`, 'base64'), 'x-plivo-signature-v3-nonce': nonce },
  });

  // What https://github.com/plivo/plivo-node signs for these.
  test.each([
    ['nothing', 'GET', 'https://h.example.com/a', '', 'https://h.example.com/a'],
    ['a query', 'GET', 'https://h.example.com/a?b=2&a=z&a=b%20c', '', 'https://h.example.com/a?a=b c&a=z&b=2'],
    ['a form', 'POST', 'https://h.example.com/a', 'b=2&a=z&a=b', 'https://h.example.com/a?abazb2'],
    ['both', 'POST', 'https://h.example.com/a?y=1&x=2', 'b=2&a=1', 'https://h.example.com/a?x=2&y=1.a1b2'],
    ['a query with an empty form', 'POST', 'https://h.example.com/a?y=1', '', 'https://h.example.com/a?y=1'],
  ])('takes %s', async (_, method, url, body, signed) => expect(await isValid(send(method, url, body, signed))).toBe(true));

  test('refuses a nonce that came twice, and none', async () => {
    const given = send('GET', 'https://h.example.com/a', '', 'https://h.example.com/a', '7,8');
    expect(await judge(given)).toMatchObject({ valid: false, detail: expect.stringContaining('more than once') });
    expect(await isValid({ ...given, headers: { ...given.headers, 'x-plivo-signature-v3-nonce': '' } })).toBe(false);
  });

  test('looks at 16 signatures', async () => {
    const given = firstValid('plivo');
    const right = given.headers?.['X-Plivo-Signature-V3'] as string;
    const wrong = sign('sha256', 'x', 'x', 'base64');
    const list = (before: number) => ({ ...given, headers: { ...given.headers, 'X-Plivo-Signature-V3': [...Array(before).fill(wrong), right].join(',') } });
    expect(await isValid(list(15))).toBe(true);
    expect(await isValid(list(16))).toBe(false);
  });
});

describe('mandrill', () => {
  const send = (events: string, key = 'key', more = ''): Case => ({
    scheme: 'mandrill', secrets: ['key'], body: `${new URLSearchParams({ mandrill_events: events })}${more}`,
    headers: { 'content-type': FORM, 'x-mandrill-signature': sign('sha1', key, `${URL_OF_SOURCE}mandrill_events${events}`, 'base64') },
  });
  const event = (name: string, id: string, ts: number) => ({ event: name, _id: id, ts });

  test.each([
    ['one event', [event('send', 'm1', 5)], { id: 'send:m1:5', type: 'send' }],
    ['two events of a message', [event('send', 'm1', 5), event('open', 'm1', 6)], { id: 'send:m1:5,open:m1:6', type: 'send' }],
    ['an event without an id', [event('send', 'm1', 5), { type: 'blacklist', ts: 6 }], { type: 'send' }],
    ['a change of a deny list', [{ type: 'blacklist', ts: 6 }], { type: 'blacklist' }],
    ['no event', [], {}],
    ['no list', { event: 'send' }, {}],
    ['special names', [JSON.parse('{"__proto__":{"event":"send"}}')], {}],
  ])('describes %s', async (_, events, fields) => {
    expect(await judge(send(JSON.stringify(events)))).toEqual({ valid: true, fields });
  });

  test('answers the test of a new webhook, which anybody could have signed, and makes no event of it', async () => {
    expect(await judge(send('[]', 'test-webhook'))).toEqual({ valid: true, handshake: true });
  });

  test.each([
    ['an event', send('[{"event":"send"}]', 'test-webhook')],
    ['another field', {
      ...send('[]', 'test-webhook', '&z=1'),
      headers: { 'x-mandrill-signature': sign('sha1', 'test-webhook', `${URL_OF_SOURCE}mandrill_events[]z1`, 'base64') },
    }],
    ['a space', send('[ ]', 'test-webhook')],
  ])('refuses %s under the key of tests', async (_, given) => expect(await isValid(given)).toBe(false));
});

describe('contentful', () => {
  const send = (list: string, { path = '/in/s', query = '', signedQuery = '', t = NOW * 1_000, settings = {} } = {}): Case => {
    const names = list.split(',').map((name) => name.trim().toLowerCase()).sort();
    const own: { [name: string]: string } = { 'x-contentful-signed-headers': names.join(','), 'x-contentful-timestamp': String(t), 'x-a': 'b' };
    const signed = `POST\n${path}${signedQuery}\n${names.map((name) => `${name}:${own[name]}`).join(';')}\n{}`;
    const headers = { ...own, 'x-contentful-signed-headers': list, 'x-contentful-signature': sign('sha256', 'k'.repeat(64), signed, 'hex') };
    return { scheme: 'contentful', secrets: ['k'.repeat(64)], url: `https://h.example.com${path}${query}`, headers, body: '{}', settings };
  };
  const both = 'x-contentful-signed-headers,x-contentful-timestamp';

  test.each([
    ['the two names', both, {}],
    ['names in another order', `x-contentful-timestamp, X-A,${both}`.replace(`,${both}`, ',x-contentful-signed-headers'), {}],
    ['a query, which is escaped twice', both, { query: '?a=1&b=%20', signedQuery: '?a%253D1%2526b%253D%252520' }],
    ['the edge of its window', both, { t: NOW * 1_000 - 30_000 }],
    ['the edge of its window, in the future', both, { t: NOW * 1_000 + 30_000 }],
    ['a window of its own', both, { t: NOW * 1_000 - 90_000, settings: { toleranceSeconds: 90 } }],
  ])('takes %s', async (_, list, options) => expect(await isValid(send(list, options))).toBe(true));

  test.each([
    ['a list without itself', 'x-contentful-timestamp,x-a', {}],
    ['a list without the time', 'x-contentful-signed-headers,x-a', {}],
    ['a header that is not there', `${both},x-b`, {}],
    ['another query', both, { query: '?a=2', signedQuery: '?a%253D1' }],
    ['half a surrogate pair', both, { query: '?a=\ud800', signedQuery: '?a%253D1' }],
  ])('refuses %s', async (_, list, options) => expect(await judge(send(list, options))).toMatchObject({ valid: false, reason: 'signature' }));

  test.each([-31_000, 31_000])('refuses a time %i ms off', async (off) => {
    expect(await judge(send(both, { t: NOW * 1_000 + off }))).toMatchObject({ valid: false, reason: 'timestamp' });
  });
});

test('a vector is spoiled by another method where that is signed', async () => {
  const [vector] = loadVectors('contentful');
  expect(await isValid({ ...caseOf('contentful', vector as never), method: 'PUT' })).toBe(false);
});
