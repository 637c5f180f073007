import { call, callRaw, closeApis, newApi, type TestApi } from './support';

let api: TestApi;

beforeAll(async () => {
  api = await newApi();
});

afterAll(closeApis);
beforeEach(() => void api.events.splice(0));

const only = (): (typeof api.events)[number] => {
  expect(api.events).toHaveLength(1);
  return api.events[0] as (typeof api.events)[number];
};

test('a plain request is the event that a deployed API sends', async () => {
  await call(api.port, { method: 'GET', headers: ['User-Agent', 'curl/8.2.1', 'Accept', '*/*'] });
  const host = `127.0.0.1:${api.port}`;
  // The fields and their order in https://github.com/aws/aws-lambda-java-libs/pull/230.
  expect(only()).toEqual({
    version: '2.0',
    routeKey: 'ANY /github',
    rawPath: '/github',
    rawQueryString: '',
    headers: {
      'accept': '*/*',
      'content-length': '0',
      'host': host,
      'user-agent': 'curl/8.2.1',
      'x-amzn-trace-id': expect.stringMatching(/^Root=1-69a55377-[0-9a-f]{24}$/),
      'x-forwarded-for': '127.0.0.1',
      'x-forwarded-port': String(api.port),
      'x-forwarded-proto': 'http',
    },
    requestContext: {
      accountId: '000000000000',
      apiId: 'a1b2c3',
      domainName: host,
      domainPrefix: '127',
      http: { method: 'GET', path: '/github', protocol: 'HTTP/1.1', sourceIp: '127.0.0.1', userAgent: 'curl/8.2.1' },
      requestId: expect.stringMatching(/^[A-Za-z0-9+/]{15}=$/),
      routeKey: 'ANY /github',
      stage: '$default',
      time: '02/Mar/2026:09:08:07 +0000',
      timeEpoch: Date.parse('2026-03-02T09:08:07.123Z'),
    },
    isBase64Encoded: false,
  });
  expect(Object.keys(only().headers)).toEqual([...Object.keys(only().headers)].sort());
});

describe('the body', () => {
  const post = async (body: string | Uint8Array, ...headers: string[]): Promise<unknown[]> => {
    await call(api.port, { headers, body });
    return [only().body, only().isBase64Encoded];
  };

  test.each([
    ['text/plain'], ['text/xml; charset=utf-8'], ['TEXT/HTML'], ['application/json'], ['application/json; charset=utf-8'], ['Application/JSON'],
    ['application/xml'], ['application/javascript'],
  ])('of type %s is text', async (type) => {
    expect(await post('{"a":"\u00e9"}', 'Content-Type', type)).toEqual(['{"a":"\u00e9"}', false]);
  });

  test.each([
    ['application/x-www-form-urlencoded'], ['application/octet-stream'], ['application/vnd.api+json'], ['application/cloudevents+json'], ['application/soap+xml'],
    ['multipart/form-data; boundary=x'], ['image/png'], ['application/jsonp'], ['application/json-patch'], ['x'], [''],
  ])('of type %j is in base64', async (type) => {
    expect(await post('a=1', 'Content-Type', type)).toEqual(['YT0x', true]);
  });

  test('without a type is in base64', async () => {
    expect(await post('a=1')).toEqual(['YT0x', true]);
  });

  test('that is compressed is in base64 whatever its type', async () => {
    expect(await post('\u001f', 'Content-Type', 'application/json', 'Content-Encoding', 'gzip')).toEqual(['Hw==', true]);
  });

  test('of bytes comes through whole', async () => {
    const bytes = Uint8Array.from({ length: 256 }, (_, i) => i);
    const [body] = await post(bytes, 'Content-Type', 'application/octet-stream');
    expect(new Uint8Array(Buffer.from(body as string, 'base64'))).toEqual(bytes);
  });

  test('that is empty is absent, and not base64', async () => {
    expect(await post('', 'Content-Type', 'application/octet-stream')).toEqual([undefined, false]);
    expect(only()).not.toHaveProperty('body');
  });

  test('in chunks has a length in the event, and no encoding', async () => {
    await call(api.port, { headers: ['Transfer-Encoding', 'chunked', 'Content-Type', 'text/plain'], body: 'chunked' });
    expect(only()).toMatchObject({ body: 'chunked', headers: { 'content-length': '7' } });
    expect(only().headers).not.toHaveProperty('transfer-encoding');
    expect(only().headers).not.toHaveProperty('connection');
  });
});

describe('headers', () => {
  test('have lower-case names, and one name\'s values are joined by a comma', async () => {
    await call(api.port, { headers: ['X-Sig', 'a', 'x-sig', 'b', 'X-SIG', 'c,d', 'Content-Type', 'text/plain', 'Content-Type', 'text/html'] });
    expect(only().headers).toMatchObject({ 'x-sig': 'a,b,c,d', 'content-type': 'text/plain,text/html' });
  });

  test('give cookies apart, and only when there are some', async () => {
    await call(api.port, { headers: ['Cookie', 'a=1; b=2', 'cookie', 'c=3'] });
    expect(only().cookies).toEqual(['a=1', 'b=2', 'c=3']);
    expect(only().headers).not.toHaveProperty('cookie');
  });

  test('of a proxy in front are kept, the address is added', async () => {
    const headers = ['X-Forwarded-For', '203.0.113.9', 'X-Amzn-Trace-Id', 'Root=1-0-1', 'Via', '1.1 tunnel', 'X-Forwarded-Proto', 'gopher'];
    await call(api.port, { headers });
    expect(only().headers).toMatchObject({ 'x-forwarded-for': '203.0.113.9, 127.0.0.1', 'x-amzn-trace-id': 'Root=1-0-1', 'via': '1.1 tunnel', 'x-forwarded-proto': 'http' });
  });

  test('named like a property of every object are headers', async () => {
    await call(api.port, { headers: ['__proto__', 'x', 'constructor', 'y'] });
    expect(Object.entries(only().headers)).toEqual(expect.arrayContaining([['__proto__', 'x'], ['constructor', 'y']]));
  });

  test('without a user agent give an empty one', async () => {
    await call(api.port);
    expect(only().requestContext.http.userAgent).toBe('');
  });
});

describe('the query', () => {
  test.each([
    ['/github?a=1&b=2', 'a=1&b=2', { a: '1', b: '2' }],
    ['/github?a=1&a=2&a=x,y', 'a=1&a=2&a=x,y', { a: '1,2,x,y' }],
    ['/github?a=%20%2B&b=c+d', 'a=%20%2B&b=c+d', { a: ' +', b: 'c d' }],
    ['/github?flag', 'flag', { flag: '' }],
    ['/github?u=http://x/?y', 'u=http://x/?y', { u: 'http://x/?y' }],
    ['/github?A=1&a=2', 'A=1&a=2', { A: '1', a: '2' }],
  ])('of %s is raw as sent and decoded by name', async (path, raw, parameters) => {
    await call(api.port, { path });
    expect(only()).toMatchObject({ rawPath: '/github', rawQueryString: raw, queryStringParameters: parameters });
  });

  test('has its parameters in the order of their names', async () => {
    await call(api.port, { path: '/github?b=1&a=2&B=3&b=4' });
    expect(Object.entries(only().queryStringParameters ?? {})).toEqual([['B', '3'], ['a', '2'], ['b', '1,4']]);
  });

  test.each(['/github', '/github?'])('of %s is empty, and its parameters absent', async (path) => {
    await call(api.port, { path });
    expect(only().rawQueryString).toBe('');
    expect(only()).not.toHaveProperty('queryStringParameters');
  });
});

describe('the path', () => {
  test.each([
    ['percent-encoded', '/git%68ub'],
    ['percent-encoded twice', '/git%2568ub'],
    ['with an encoded question mark, where AWS cuts it', '/github%3Fx=1'],
    ['with what would be malformed, after an encoded question mark', '/github%3F%25'],
    ['with its origin', 'http://127.0.0.1/github'],
  ])('%s is decoded', async (_what, path) => {
    await call(api.port, { path });
    expect(only()).toMatchObject({ rawPath: '/github', rawQueryString: '', requestContext: { http: { path: '/github' } } });
  });
});

test.each(['GET', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'HEAD'])('ANY takes %s', async (method) => {
  await call(api.port, { method });
  expect(only().requestContext.http.method).toBe(method);
});

test('HTTP/1.0 is said so', async () => {
  await callRaw(api.port, `GET /github HTTP/1.0\r\nHost: 127.0.0.1:${api.port}\r\n\r\n`);
  expect(only().requestContext.http.protocol).toBe('HTTP/1.0');
});

test('the time is the run\'s', async () => {
  await api.clock.advance(86_400_000);
  await call(api.port);
  expect(only().requestContext).toMatchObject({ time: '03/Mar/2026:09:08:07 +0000', timeEpoch: Date.parse('2026-03-03T09:08:07.123Z') });
});
