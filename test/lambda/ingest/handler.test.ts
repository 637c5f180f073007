import type { RefreshableSecretReader } from '../../../lambda/shared/secrets';
import { AwsCallError } from '../../../lambda/shared/aws-error';
import { SecretError } from '../../../lambda/shared/secret-error';
import { SCHEMES } from '../../../lib/contract/schemes';
import { Secrets } from '../../../lambda/shared/secrets';
import { apiEvent, bytesOf, githubPost, ingest, ingestConfig, KEYS, NOW, standardPost, stripePost } from '../support/ingest';

const secretsOf = (overrides: Partial<RefreshableSecretReader>): RefreshableSecretReader => (
  { read: async () => [KEYS.github], refresh: async () => false, ...overrides }
);

describe('an authentic request', () => {
  test('is in the queue of each target that takes its source before it is answered 200 without a body', async () => {
    const gateway = ingest();
    expect(await gateway.post(stripePost())).toEqual({ statusCode: 200 });
    expect(gateway.sent.map(({ queueUrl }) => queueUrl.split('/').pop())).toEqual(['audit', 'billing']);
    expect(gateway.envelopes()[0]).toEqual(gateway.envelopes()[1]);
    expect(gateway.envelopes()[0]).toEqual({
      v: 1, id: expect.stringMatching(/^evt_[a-z2-7]{26}$/), source: 'stripe', type: 'invoice.paid', providerId: 'evt_1', time: '2026-01-02T03:04:05.000Z',
      headers: { 'content-type': 'application/json; charset=utf-8' }, body: '{"id":"evt_1","type":"invoice.paid"}',
    });
    expect(gateway.lines).toEqual([{
      time: '2026-01-02T03:04:05.000Z', event: 'accepted', id: gateway.envelopes()[0]?.id, source: 'stripe', type: 'invoice.paid', bytes: 36,
      targets: ['audit', 'billing'], duplicate: false,
    }]);
  });

  test('waits for the slowest queue', async () => {
    let arrive: () => void = () => undefined;
    const gateway = ingest({ send: (url) => url.endsWith('billing') ? new Promise<void>((resolve) => { arrive = resolve; }) : Promise.resolve() });
    const answer = gateway.post(stripePost());
    const early = await Promise.race([answer, new Promise((resolve) => setImmediate(() => resolve('still waiting')))]);
    expect(early).toBe('still waiting');
    arrive();
    expect((await answer).statusCode).toBe(200);
  });

  test.each([
    ['text that is not JSON', 'hello', {}],
    ['nothing', '', {}],
    ['a form', 'payload=%7B%7D', { 'content-type': 'application/x-www-form-urlencoded' }],
    ['XML', '<a/>', { 'content-type': 'application/xml' }],
    ['gzip', Buffer.from('1f8b08000000000000034bcccc0700', 'hex'), { 'content-encoding': 'gzip' }],
  ])('row 9: with %s is welcome', async (_what, body, headers) => {
    const gateway = ingest();
    const post = githubPost(body);
    expect((await gateway.post({ ...post, headers: { ...post.headers, ...headers } })).statusCode).toBe(200);
    expect(bytesOf(gateway.envelopes()[0]!)).toEqual(Buffer.from(body as string));
  });

  test.each([['text', false], ['base64', true]])('row 14: as %s is accepted with the same bytes', async (_how, base64) => {
    const gateway = ingest();
    expect((await gateway.post({ ...githubPost('{"ü":1}'), base64 })).statusCode).toBe(200);
    expect(gateway.envelopes()[0]?.body).toBe('{"ü":1}');
  });

  test('goes to a source that has a path of its own', async () => {
    const { sources, ...rest } = ingestConfig();
    const config = { ...rest, sources: { github: { ...sources.github!, path: '/in/gh' } } };
    expect((await ingest({ config }).post({ ...githubPost(), path: '/in/gh' })).statusCode).toBe(200);
    expect((await ingest({ config }).post(githubPost())).statusCode).toBe(404);
  });
});

describe('an answer says', () => {
  const body = (message: string) => ({ headers: expect.objectContaining({ 'content-type': 'application/json' }), body: JSON.stringify({ message }) });

  test('row 1: 404 for a path that is no source', async () => {
    const gateway = ingest();
    expect(await gateway.post({ ...githubPost(), path: '/__proto__' })).toEqual({ statusCode: 404, ...body('Not Found') });
    expect(gateway.lines).toEqual([{ time: '2026-01-02T03:04:05.000Z', event: 'rejected', source: null, status: 404, reason: 'route' }]);
  });

  test.each(['GET', 'PUT', 'DELETE', 'OPTIONS', 'HEAD', 'PATCH'])('row 1: 405 for %s', async (method) => {
    const gateway = ingest();
    const answer = await gateway.post({ ...githubPost(), method });
    expect(answer).toEqual({ statusCode: 405, ...body('Method Not Allowed') });
    expect(answer.headers).toMatchObject({ allow: 'POST' });
    expect(gateway.lines).toMatchObject([{ event: 'rejected', source: 'github', reason: 'method' }]);
  });

  test('row 12: 413 for what cannot fit into a message, before its signature is looked at', async () => {
    const asked = jest.fn();
    const gateway = ingest({ secrets: secretsOf({ read: asked }) });
    const answer = await gateway.post({ ...githubPost(), body: Buffer.alloc(1_048_577) });
    expect(answer).toEqual({ statusCode: 413, ...body('Content Too Large') });
    expect(gateway.lines).toMatchObject([{ event: 'rejected', source: 'github', reason: 'size', detail: expect.stringContaining('1048577 bytes') }]);
    expect(asked).not.toHaveBeenCalled();
  });

  test('row 65: the same 401 for everything that is wrong with a signature or a timestamp', async () => {
    const old = standardPost('{}', NOW / 1_000 - 1_000);
    const missing = { ...githubPost(), headers: {} };
    const wrong = githubPost('{}', 'another key');
    const answers = await Promise.all([old, missing, wrong].map((post) => ingest().post(post)));
    for (const answer of answers) expect(answer).toEqual({ statusCode: 401, ...body('Unauthorized') });
  });

  test('row 43: 503 with Retry-After while the secret cannot be read, also to a forger', async () => {
    const secrets = secretsOf({ read: () => Promise.reject(new SecretError('unavailable', 'github', 'throttled')) });
    for (const post of [githubPost(), githubPost('{}', 'another key')]) {
      const gateway = ingest({ secrets });
      const answer = await gateway.post(post);
      expect(answer).toEqual({ statusCode: 503, ...body('Service Unavailable') });
      expect(answer.headers).toMatchObject({ 'retry-after': '30' });
      expect(gateway.lines).toMatchObject([{ event: 'rejected', reason: 'secret', detail: 'secret "github" is unavailable: throttled' }]);
    }
  });

  test.each(['', ' ', '\n', '\0\0\0\0'])('row 53: 503 for the secret %j', async (secret) => {
    const gateway = ingest({ secrets: secretsOf({ read: async () => [secret] }) });
    expect((await gateway.post(githubPost())).statusCode).toBe(503);
    expect(gateway.lines).toMatchObject([{ reason: 'secret', detail: expect.stringContaining('secret "github" is unusable') }]);
  });

  test.each(['whsec_', 'whsec_c2hvcnQ=', 'whsec_%%%', `whsec_${Buffer.alloc(24).toString('base64')}`, `whsec_${Buffer.alloc(23, 1).toString('base64')}`])(
    'row 53: 503 for the Standard Webhooks secret %j, and the log does not have it', async (secret) => {
      const gateway = ingest({ secrets: secretsOf({ read: async () => [secret] }) });
      expect((await gateway.post(standardPost())).statusCode).toBe(503);
      expect(gateway.lines).toMatchObject([{ reason: 'secret', detail: expect.stringContaining('secret "standard" is unusable') }]);
      if (secret !== 'whsec_') expect(JSON.stringify(gateway.lines)).not.toContain(secret.slice(6));
    });

  test('row 56: 503 where the secret has no such field, and the log says so without the others', async () => {
    const answer = async (SecretString: string) => {
      const secrets = new Secrets({ call: async () => ({ SecretString, CreatedDate: NOW / 1_000 }) as never }, () => undefined);
      const github = { verifications: [{ scheme: SCHEMES.github, secret: { id: 'github', field: 'key' }, previousSecretOverlapSeconds: 0 }] };
      const gateway = ingest({ secrets, config: { ...ingestConfig(), sources: { github } } });
      return { ...await gateway.post(githubPost()), lines: gateway.lines };
    };
    expect((await answer(JSON.stringify({ key: KEYS.github }))).statusCode).toBe(200);
    const { statusCode, lines } = await answer('{"other":"hunter2"}');
    expect(statusCode).toBe(503);
    expect(lines).toMatchObject([{ event: 'rejected', reason: 'secret', detail: expect.stringContaining('its field "key" is missing') }]);
    expect(JSON.stringify(lines)).not.toContain('hunter2');
  });

  test('503 where no target takes the event and nothing keeps it', async () => {
    const config = { ...ingestConfig(), targets: { billing: { queueUrl: 'q', sources: ['stripe'] } } };
    const gateway = ingest({ config });
    expect((await gateway.post(githubPost())).statusCode).toBe(503);
    expect(gateway.lines).toMatchObject([{ event: 'unrouted', source: 'github', type: 'issues' }, { event: 'rejected', reason: 'store' }]);
    expect(gateway.sent).toEqual([]);
  });

  test('row 47: 503 for what nobody thought of, without a word of it to the sender', async () => {
    const gateway = ingest({ secrets: secretsOf({ read: () => Promise.reject(new TypeError('boom at https://x.example?token=1')) }) });
    expect(await gateway.post(githubPost())).toEqual({ statusCode: 503, ...body('Service Unavailable') });
    expect(gateway.lines).toMatchObject([{ event: 'rejected', source: 'github', reason: 'internal', detail: 'TypeError: boom at https://x.example?…' }]);
    expect((await ingest().handler({} as never)).statusCode).toBe(503);
  });
});

describe('queues', () => {
  const failing = (...names: string[]) => (url: string) => names.some((name) => url.endsWith(name))
    ? Promise.reject(new AwsCallError('sqs SendMessage', 'throttled', 'ThrottlingException', 400)) : Promise.resolve();

  test.each([[['audit']], [['billing']], [['audit', 'billing']]])('row 40: 503 where %j cannot take the event, and the log names them', async (names) => {
    const gateway = ingest({ send: failing(...names) });
    const answer = await gateway.post(stripePost());
    expect(answer.statusCode).toBe(503);
    expect(answer.headers).toMatchObject({ 'retry-after': '5' });
    expect(gateway.lines).toMatchObject([{ event: 'rejected', source: 'stripe', status: 503, reason: 'enqueue' }]);
    const { detail } = gateway.lines[0] as { detail: string };
    expect(detail).toContain(`${names.length} of 2 targets did not take it`);
    for (const name of ['audit', 'billing']) expect(detail.includes(`${name}: `)).toBe(names.includes(name));
    expect(detail).not.toContain('https://sqs');
  });

  test('row 42: a retry after a lost answer has the same id', async () => {
    const gateway = ingest();
    await gateway.post(githubPost());
    await gateway.post(githubPost());
    expect(new Set(gateway.envelopes().map(({ id }) => id)).size).toBe(1);
  });

  test('row 47: a send that throws at once is a 503 like any other', async () => {
    expect((await ingest({ send: () => { throw new Error('boom'); } }).post(githubPost())).statusCode).toBe(503);
  });
});

describe('a mismatch', () => {
  const rotated = (before = 'old key') => {
    const reads: string[] = [];
    let versions = [before];
    return { reads, secrets: secretsOf({
      read: async () => { reads.push(versions[0]!); return versions; },
      refresh: async () => { versions = [KEYS.github]; return true; },
    }) };
  };

  test('asks for the secret anew and verifies again', async () => {
    const { reads, secrets } = rotated();
    expect((await ingest({ secrets }).post(githubPost())).statusCode).toBe(200);
    expect(reads).toEqual(['old key', KEYS.github]);
  });

  test('row 53: or a secret that is no key asks for it anew, as it may have been put right', async () => {
    const { reads, secrets } = rotated('');
    expect((await ingest({ secrets }).post(githubPost())).statusCode).toBe(200);
    expect(reads).toEqual(['', KEYS.github]);
  });

  test('is a 401 if the new one does not match either', async () => {
    expect((await ingest({ secrets: rotated().secrets }).post(githubPost('{}', 'a third key'))).statusCode).toBe(401);
  });

  test('row 43: is a 503 if it is not known whether there is a new one', async () => {
    const secrets = secretsOf({ read: async () => ['old key'], refresh: () => Promise.reject(new SecretError('unavailable', 'github', 'timeout')) });
    expect((await ingest({ secrets }).post(githubPost())).statusCode).toBe(503);
  });

  test('row 67: asks for nothing where there is no signature', async () => {
    const asked = jest.fn();
    const gateway = ingest({ secrets: secretsOf({ read: asked, refresh: asked }) });
    for (const value of ['', 'sha256=', 'sha256=00', 'x']) await gateway.post({ ...githubPost(), headers: { 'x-hub-signature-256': value } });
    expect(asked).not.toHaveBeenCalled();
  });
});

test('row 72: no line has a body, a header, a query or a secret', async () => {
  const gateway = ingest();
  const post = githubPost('{"password":"hunter2"}');
  const headers = { ...post.headers, authorization: 'Bearer abc', cookie: 'c=1' };
  await gateway.post({ ...post, headers });
  await gateway.post({ ...post, headers, body: '{"password":"hunter3"}' });
  const event = apiEvent({ ...post, headers });
  event.rawQueryString = 'token=zzz';
  expect(gateway.lines).toHaveLength(2);
  for (const leak of ['hunter', 'Bearer', 'c=1', 'zzz', KEYS.github, post.headers['x-hub-signature-256']!.slice(10)]) {
    expect(JSON.stringify(gateway.lines)).not.toContain(leak);
  }
});
