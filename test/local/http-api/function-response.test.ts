import { gatewayResponse } from '../../../local/http-api/function-response';

const respond = (value: unknown): unknown => {
  const response = gatewayResponse(JSON.stringify(value));
  return response && { ...response, body: response.body.toString() };
};

const TEXT = { 'content-type': 'text/plain; charset=utf-8' };
const JSON_TYPE = { 'content-type': 'application/json' };

describe('a response in the documented format', () => {
  test('has status, headers, cookies and body', () => {
    expect(respond({ statusCode: 201, headers: { 'X-A': 'b', 'Content-Type': 'text/html' }, cookies: ['a=1; Path=/', 'b=2'], body: '<p>' })).toEqual({
      status: 201, headers: { 'x-a': 'b', 'content-type': 'text/html' }, cookies: ['a=1; Path=/', 'b=2'], body: '<p>',
    });
  });

  test.each<[string, object, object]>([
    ['only a status', { statusCode: 204 }, { status: 204, headers: TEXT, body: '' }],
    ['a status as text', { statusCode: '202' }, { status: 202 }],
    ['null parts', { statusCode: 200, headers: null, cookies: null, body: null }, { headers: TEXT, cookies: [], body: '' }],
    ['numbers and booleans as header values', { statusCode: 200, headers: { 'retry-after': 5, 'x-ok': true } }, { headers: { ...TEXT, 'retry-after': '5', 'x-ok': 'true' } }],
    ['a body in base64', { statusCode: 200, body: 'aMOp', isBase64Encoded: true }, { body: 'h\u00e9' }],
    ['text that only looks like base64', { statusCode: 200, body: 'aMOp', isBase64Encoded: false }, { body: 'aMOp' }],
    ['fields of its own', { statusCode: 200, extra: 1 }, { status: 200 }],
    ['headers that are the gateway\'s to say', { statusCode: 200, headers: { 'Content-Length': '5', 'Transfer-Encoding': 'chunked', 'Connection': 'close' } }, { headers: TEXT }],
  ])('may have %s', (_what, value, expected) => {
    expect(respond(value)).toMatchObject(expected);
  });

  test('keeps the bytes of a base64 body', () => {
    const bytes = Buffer.from([0, 128, 255]);
    expect(gatewayResponse(JSON.stringify({ statusCode: 200, body: bytes.toString('base64'), isBase64Encoded: true }))?.body).toEqual(bytes);
  });
});

describe('anything without a statusCode is a JSON body', () => {
  // What a deployed API made of such payloads: InvokeResponseExtensionsIntegrationTests in https://github.com/aws/aws-lambda-dotnet.
  test.each([
    ['{"name": "Ada", "age": 36}', '{"name": "Ada", "age": 36}'],
    ['[1, 2]', '[1, 2]'],
    ['42', '42'],
    ['true', 'true'],
    ['null', 'null'],
    ['"test"', 'test'],
    ['""', ''],
    ['"say \\"hi\\""', 'say "hi"'],
    ['{"name": "Ada", "age":', '{"name": "Ada", "age":'],
    ['Hello', 'Hello'],
    ['', ''],
  ])('%j', (payload, body) => {
    const response = gatewayResponse(payload);
    expect({ ...response, body: response?.body.toString() }).toEqual({ status: 200, headers: JSON_TYPE, cookies: [], body });
  });
});

describe('a malformed response', () => {
  test.each<[string, object]>([
    ['a fraction as its status', { statusCode: 200.5 }],
    ['null as its status', { statusCode: null }],
    ['a word as its status', { statusCode: 'ok' }],
    ['a status below 200', { statusCode: 101 }],
    ['a status above 599', { statusCode: 600 }],
    ['an object as its body', { statusCode: 200, body: {} }],
    ['a number as its body', { statusCode: 200, body: 5 }],
    ['broken base64', { statusCode: 200, body: 'a*b', isBase64Encoded: true }],
    ['a list of headers', { statusCode: 200, headers: ['a'] }],
    ['text as its headers', { statusCode: 200, headers: 'a: b' }],
    ['null as a header value', { statusCode: 200, headers: { a: null } }],
    ['a list as a header value', { statusCode: 200, headers: { a: ['b'] } }],
    ['a line break in a header value', { statusCode: 200, headers: { a: 'b\r\nc: d' } }],
    ['a space in a header name', { statusCode: 200, headers: { 'a b': 'c' } }],
    ['text as its cookies', { statusCode: 200, cookies: 'a=1' }],
    ['a number as a cookie', { statusCode: 200, cookies: [1] }],
    ['a line break in a cookie', { statusCode: 200, cookies: ['a=1\n'] }],
  ])('has %s', (_what, value) => {
    expect(respond({ ...value })).toBeNull();
  });
});
