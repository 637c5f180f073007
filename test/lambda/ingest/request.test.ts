import { readPath, readRequest } from '../../../lambda/ingest/request';
import { apiEvent, githubPost } from '../support/ingest';

const read = (body: string | Buffer, base64?: boolean) => readRequest(apiEvent({ ...githubPost(), body, base64 }));

describe('the body', () => {
  test('row 14: is the same bytes whichever way it came', () => {
    const text = 'payload=%7B%22a%22%3A1%7D&x=münchen';
    expect(read(text, true).body).toEqual(Buffer.from(text));
    expect(read(text, false).body).toEqual(Buffer.from(text));
  });

  test('is decoded by the flag, not by the content type', () => {
    const event = { ...apiEvent({ ...githubPost(), headers: { 'content-type': 'application/octet-stream' }, body: 'aGVsbG8=' }), isBase64Encoded: false };
    expect(readRequest(event).body.toString()).toBe('aGVsbG8=');
    expect(readRequest({ ...event, isBase64Encoded: true }).body.toString()).toBe('hello');
  });

  test('is empty where there is none', () => {
    const { body: _none, ...event } = apiEvent(githubPost());
    expect(readRequest(event).body).toHaveLength(0);
  });

  test.each([
    ['invalid UTF-8', Buffer.from([0x7b, 0xff]), undefined],
    ['a byte order mark', Buffer.from('\uFEFF{}'), '\uFEFF{}'],
    ['NUL', Buffer.from('a\0b'), 'a\0b'],
  ])('as text: %s', (_what, body, text) => {
    expect(read(body).text).toBe(text);
  });

  test.each([
    ['an object', '{"a":1}', { a: 1 }],
    ['an object behind a byte order mark', '\uFEFF{"a":1}', { a: 1 }],
    ['broken', '{"a":', undefined],
    ['nothing', '', undefined],
    ['row 11: 1 MB of [', '['.repeat(1_000_000), undefined],
  ])('as JSON: %s', (_what, body, value) => {
    expect(read(body).json).toEqual(value);
  });

  test.each<[string, string | undefined, string, string | null]>([
    ['a form', 'application/x-www-form-urlencoded', 'a=1&id=2', '2'],
    ['a form with its character set', 'Application/X-WWW-Form-Urlencoded; charset=UTF-8', 'a=1&id=2', '2'],
    ['a form without a content type', undefined, 'a=1&id=2', '2'],
    ['JSON in which somebody wrote one', 'application/json', '{"note":"&id=2"}', null],
    ['JSON without a content type', undefined, '{"note":"&id=2"}', null],
    ['text', 'text/plain', 'a=1&id=2', null],
    ['another type of a longer name', 'application/x-www-form-urlencoded-not', 'a=1&id=2', null],
  ])('as a form: %s', (_what, contentType, body, id) => {
    const headers: { [name: string]: string } = contentType === undefined ? {} : { 'content-type': contentType };
    expect(readRequest(apiEvent({ ...githubPost(), headers, body })).form.get('id')).toBe(id);
  });

  test('row 11: __proto__ in a body is a property like any other', () => {
    const value = read('{"__proto__":{"polluted":true}}').json as object;
    expect(Object.hasOwn(value, '__proto__')).toBe(true);
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });
});

describe('the headers', () => {
  test('have lower-case names, and what comes under two spellings is joined', () => {
    const { headers } = readRequest(apiEvent({ ...githubPost(), headers: { 'X-A': '1', 'x-a': '2', 'X-B': '3' } }));
    expect(headers['x-a']).toBe('1,2');
    expect(headers['x-b']).toBe('3');
  });

  test('have no inherited names', () => {
    const { headers } = readRequest(apiEvent(githubPost()));
    expect(headers['constructor']).toBeUndefined();
    expect(headers['tostring']).toBeUndefined();
  });
});

describe('the path', () => {
  test.each([
    ['ANY /github', '/prod/github', '/github'],
    ['$default', '/github', '/github'],
  ])('of route %s with raw path %s is %s', (routeKey, rawPath, path) => {
    expect(readPath({ ...apiEvent(githubPost()), routeKey, rawPath })).toBe(path);
  });
});

describe('the public URL', () => {
  const read = (publicUrl: string | undefined, query: string) => readRequest(apiEvent({ ...githubPost(), query }), publicUrl).publicUrl;

  test.each([
    ['https://hooks.example.com/a', '', 'https://hooks.example.com/a'],
    ['https://hooks.example.com/a', 'b=1&c=%2F', 'https://hooks.example.com/a?b=1&c=%2F'],
    [undefined, 'b=1', undefined],
  ])('%s with the query %j', (publicUrl, query, url) => {
    expect(read(publicUrl, query)).toBe(url);
  });

  test('has nothing of the Host header', () => {
    const post = githubPost();
    expect(readRequest(apiEvent({ ...post, headers: { ...post.headers, 'host': 'evil.example', 'x-forwarded-host': 'evil.example' } }), 'https://a.example/b').publicUrl)
      .toBe('https://a.example/b');
  });
});
