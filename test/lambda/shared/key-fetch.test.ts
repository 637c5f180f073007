import { ConnectionError, type Exchange, type Exchanged } from '../../../lambda/shared/connections';
import { createKeyFetch } from '../../../lambda/shared/key-fetch';

/** What the network answers, and what it was asked. */
function network(answer: Partial<Exchanged> | Error = {}) {
  const asked: Exchange[] = [];
  const fetch = createKeyFetch({ exchange: async (exchange) => {
    asked.push(exchange);
    if (answer instanceof Error) throw answer;
    return { status: 200, headers: {}, body: Buffer.from('{"keys":[]}'), complete: true, ...answer };
  } });
  return { fetch, asked };
}

test('a key is fetched by GET, within two seconds and 64 KiB', async () => {
  const { fetch, asked } = network();
  expect(await fetch('https://keys.example/jwks?a=1')).toBe('{"keys":[]}');
  expect(asked).toMatchObject([{ method: 'GET', maxResponseBytes: 65_536, body: undefined }]);
  expect(asked[0]!.url.href).toBe('https://keys.example/jwks?a=1');
  expect(asked[0]!.signal).toBeInstanceOf(AbortSignal);
});

test('a body makes it a POST', async () => {
  const { fetch, asked } = network();
  await fetch('https://keys.example/', { headers: { 'content-type': 'application/json' }, body: '{"ü":1}' });
  expect(asked).toMatchObject([{ method: 'POST', headers: { 'content-type': 'application/json', 'content-length': '8' }, body: Buffer.from('{"ü":1}') }]);
});

test.each(['http://keys.example/', 'file:///etc/passwd', 'data:text/plain,x', 'keys.example', ''])('%j is not fetched', async (url) => {
  const { fetch, asked } = network();
  await expect(fetch(url)).rejects.toMatchObject({ name: 'KeyFetchError', message: expect.stringContaining('https') });
  expect(asked).toEqual([]);
});

test.each<[string, Partial<Exchanged> | Error, string]>([
  ['an error', { status: 500 }, 'keys.example answered 500'],
  ['a redirect', { status: 302, headers: { location: 'https://other.example/' } }, 'keys.example answered 302'],
  ['too much', { complete: false }, 'keys.example did not send its key'],
  ['nothing', new ConnectionError('ECONNREFUSED', 'connect', false), 'keys.example did not answer with a key (ECONNREFUSED)'],
])('%s is no key, and the message has no query', async (_what, answer, message) => {
  const { fetch, asked } = network(answer);
  const failed = await fetch('https://keys.example/a?token=secret').then(() => undefined, (error: Error) => error);
  expect(failed).toMatchObject({ name: 'KeyFetchError', message: expect.stringContaining(message) });
  expect(failed!.message).not.toContain('secret');
  expect(asked).toHaveLength(1);
});
