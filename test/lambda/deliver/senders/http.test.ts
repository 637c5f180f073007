import { Webhook } from 'standardwebhooks';
import type { Delivery, SenderContext } from '../../../../lib/contract/sender';
import { createSender } from '../../../../lambda/deliver/senders/http';
import { SecretError } from '../../../../lambda/shared/secret-error';
import { httpServer, type Answer } from '../../support/server';

const CURRENT = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const PREVIOUS = 'Zm9v'.repeat(8);

const cleanups: (() => void)[] = [];
afterEach(() => {
  jest.restoreAllMocks();
  for (const cleanup of cleanups.splice(0)) cleanup();
});

async function target(answer: Answer = (_request, response) => response.end(), context: Partial<SenderContext> = {}, read = async () => [CURRENT]) {
  const server = await httpServer(answer);
  cleanups.push(server.close);
  const asked: unknown[] = [];
  const sender = createSender({
    target: 'billing',
    settings: { signingSecret: { id: 'arn:signing' }, previousSecretOverlapSeconds: 3_600 },
    environment: { TARGET_URL: `${server.origin}/hooks?token=t0ken` },
    secrets: { read: (...given) => { asked.push(given); return read(); } },
    ...context,
  });
  const send = (difference: Partial<Delivery> = {}) => sender.send({
    id: 'evt_abcdefghijklmnopqrstuvwxyz', source: 'stripe', type: 'invoice.paid', time: '2026-01-02T03:04:05.000Z',
    headers: { 'content-type': 'application/json' }, body: Buffer.from('{"a":"ü"}'), attempt: 1, signal: AbortSignal.timeout(2_000), ...difference,
  });
  return { ...server, send, asked };
}

const verifies = (key: string, { headers, body }: { headers: object; body: Buffer }): boolean => {
  try {
    new Webhook(key).verify(body.toString(), headers as Record<string, string>);
    return true;
  } catch {
    return false;
  }
};

describe('the request', () => {
  test('is a POST of the very bytes, which the library of Standard Webhooks verifies', async () => {
    const { send, received } = await target();
    expect(await send()).toEqual({ outcome: 'delivered', status: 200 });
    expect(received).toHaveLength(1);
    const [request] = received;
    expect(request).toMatchObject({ method: 'POST', url: '/hooks?token=t0ken', body: Buffer.from('{"a":"ü"}') });
    expect(verifies(CURRENT, request!)).toBe(true);
    expect(verifies(CURRENT, { ...request!, body: Buffer.from('{"a":"u"}') })).toBe(false);
    expect(verifies(PREVIOUS, request!)).toBe(false);
  });

  test('has these headers and no more', async () => {
    const { send, received, origin } = await target();
    jest.spyOn(Date, 'now').mockReturnValue(Date.parse('2026-01-02T03:04:05.999Z'));
    await send({ headers: { 'content-type': 'text/xml', 'content-encoding': 'gzip', 'user-agent': 'theirs', 'x-github-event': 'push', 'idempotency-key': 'i' } });
    expect(received[0]!.headers).toEqual({
      'host': new URL(origin).host, 'connection': 'keep-alive', 'content-length': '10', 'content-type': 'text/xml', 'content-encoding': 'gzip',
      'user-agent': 'cdk-webhooks', 'webhook-id': 'evt_abcdefghijklmnopqrstuvwxyz', 'webhook-timestamp': '1767323045',
      'webhook-signature': expect.stringMatching(/^v1,[A-Za-z0-9+/]{43}=$/),
    });
  });

  test('row 38: has the same id and a new timestamp on every attempt', async () => {
    const { send, received } = await target((_request, response) => response.writeHead(500).end());
    const clock = jest.spyOn(Date, 'now');
    for (const attempt of [1, 2]) {
      clock.mockReturnValue(1_767_323_045_000 + attempt * 3_600_000);
      await send({ attempt });
    }
    expect(received.map(({ headers }) => headers['webhook-id'])).toEqual(Array(2).fill('evt_abcdefghijklmnopqrstuvwxyz'));
    expect(received.map(({ headers }) => headers['webhook-timestamp'])).toEqual(['1767326645', '1767330245']);
    expect(received[0]!.headers['webhook-signature']).not.toBe(received[1]!.headers['webhook-signature']);
  });

  test('is signed by both keys while they overlap', async () => {
    const { send, received, asked } = await target(undefined, {}, async () => [CURRENT, PREVIOUS]);
    await send();
    expect(received[0]!.headers['webhook-signature']).toMatch(/^v1,\S+ v1,\S+$/);
    expect(verifies(CURRENT, received[0]!)).toBe(true);
    expect(verifies(PREVIOUS, received[0]!)).toBe(true);
    expect(asked).toEqual([[{ id: 'arn:signing' }, 3_600]]);
  });

  test.each([
    ['nothing', {}, 'application/octet-stream'],
    ['a type that cannot be sent', { 'content-type': 'a\r\nb: c' }, 'application/octet-stream'],
    ['a type beyond Latin-1', { 'content-type': 'text/💥' }, 'application/octet-stream'],
    ['a type', { 'content-type': 'application/x-www-form-urlencoded' }, 'application/x-www-form-urlencoded'],
  ])('has a content type: %s', async (_what, headers, expected) => {
    const { send, received } = await target();
    expect(await send({ headers })).toMatchObject({ outcome: 'delivered' });
    expect(received[0]!.headers['content-type']).toBe(expected);
  });

  test.each([['no bytes', Buffer.alloc(0)], ['bytes that are no text', Buffer.from([0xff, 0x00, 0xfe])]])('may have %s', async (_what, body) => {
    const { send, received } = await target();
    await send({ body });
    expect(received[0]!.body).toEqual(body);
    expect(received[0]!.headers['content-length']).toBe(String(body.length));
  });
});

describe('the result', () => {
  test.each([200, 201, 204, 299])('of %d is delivered', async (status) => {
    const { send } = await target((_request, response) => response.writeHead(status).end());
    expect(await send()).toEqual({ outcome: 'delivered', status });
  });

  test.each([301, 307, 400, 410, 429, 500, 503])('of %d is its status', async (status) => {
    const { send, received } = await target((_request, response) => response.writeHead(status, { location: '/other' }).end());
    const redirect = status < 400 ? ', and redirects are not followed' : '';
    expect(await send()).toEqual({ outcome: 'status', status, detail: `the target answered ${status}${redirect}` });
    expect(received).toHaveLength(1);
  });

  test.each([['120', 120], ['soon', undefined], ['Fri, 02 Jan 2026 03:05:05 GMT', 60]])('has Retry-After %s', async (value, seconds) => {
    const { send } = await target((_request, response) => response.writeHead(503, { 'retry-after': value }).end());
    jest.spyOn(Date, 'now').mockReturnValue(Date.parse('2026-01-02T03:04:05Z'));
    expect((await send()).retryAfterSeconds).toBe(seconds);
  });

  test('row 23: of no answer is a timeout', async () => {
    const { send } = await target(() => undefined);
    expect(await send({ signal: AbortSignal.timeout(50) })).toMatchObject({ outcome: 'timeout', status: null });
  });

  test.each([
    ['row 43: a secret that cannot be read', () => Promise.reject(new SecretError('unavailable', 'arn:signing', 'timeout')), 'secret "arn:signing" is unavailable'],
    ['row 53: an empty one', async () => [''], 'secret "arn:signing" is unusable: it is empty'],
    ['row 53: one that is too short', async () => ['whsec_c2hvcnQ='], 'secret "arn:signing" is unusable: it is not "whsec_"'],
    ['none', async () => [], 'secret "arn:signing" is unusable'],
  ])('of %s is a failed attempt that nothing was sent in', async (_what, read, explanation) => {
    const { send, received } = await target(undefined, {}, read as () => Promise<string[]>);
    const result = await send();
    expect(result).toMatchObject({ outcome: 'aws', status: null, detail: expect.stringContaining(explanation) });
    expect(result.permanent).toBeUndefined();
    expect(result.detail).not.toContain('c2hvcnQ');
    expect(received).toEqual([]);
  });

  test('never has the query string of the URL', async () => {
    const { send, close } = await target();
    close();
    const result = await send();
    expect(result.outcome).toBe('refused');
    expect(JSON.stringify(result)).not.toContain('t0ken');
  });
});

test.each([undefined, '', 'billing.example.com', 'file:///etc/passwd', '/hooks'])('a URL must be one of HTTP: %j', async (url) => {
  await expect(target(undefined, { environment: { TARGET_URL: url } })).rejects.toThrow('the environment variable TARGET_URL is not an http or https URL');
});
