import { createPublicKey, generateKeyPairSync, verify } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import type { HttpSettings } from '../../../../lib/contract/config';
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

const SETTINGS: HttpSettings = { signingSecret: { id: 'arn:signing' }, previousSecretOverlapSeconds: 3_600, allowedPrivateCidrs: ['127.0.0.0/8'] };

const withSettings = (settings: Partial<HttpSettings>): Partial<SenderContext> => ({ settings: { ...SETTINGS, ...settings } });

async function target(answer: Answer = (_request, response) => response.end(), context: Partial<SenderContext> = {}, read = async () => [CURRENT]) {
  const server = await httpServer(answer);
  cleanups.push(server.close);
  const asked: unknown[] = [];
  const sender = createSender({
    target: 'billing',
    settings: { ...SETTINGS },
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

  test('has the headers that the transform set, but none that frames, proves or authorizes it', async () => {
    const { send, received, origin } = await target();
    const set = {
      'x-tenant': 'a', 'host': 'evil.example', 'content-length': '1', 'transfer-encoding': 'chunked', 'webhook-id': 'mine', 'webhook-signature': 'v1,x',
      'authorization': 'Basic x', 'cookie': 'a=b', 'user-agent': 'mine',
    };
    await send({ headers: { 'content-type': 'text/xml', 'x-github-event': 'push', ...set }, transformHeaders: Object.keys(set) });
    const { headers } = received[0]!;
    expect(headers).toMatchObject({
      'x-tenant': 'a', 'host': new URL(origin).host, 'content-length': '10', 'webhook-id': 'evt_abcdefghijklmnopqrstuvwxyz', 'user-agent': 'cdk-webhooks',
    });
    expect(headers['webhook-signature']).not.toBe('v1,x');
    for (const name of ['authorization', 'cookie', 'transfer-encoding', 'x-github-event']) expect(headers).not.toHaveProperty(name);
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

describe('a signature by a private key', () => {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const seed = privateKey.export({ format: 'der', type: 'pkcs8' }).subarray(-32);
  const point = publicKey.export({ format: 'der', type: 'spki' }).subarray(-32);
  const signed = ({ headers, body }: { headers: Record<string, unknown>; body: Buffer }) =>
    Buffer.concat([Buffer.from(`${headers['webhook-id'] as string}.${headers['webhook-timestamp'] as string}.`), body]);
  const proves = (signature: string, request: { headers: Record<string, unknown>; body: Buffer }) =>
    verify(null, signed(request), createPublicKey(privateKey), Buffer.from(signature.replace(/^v1a,/, ''), 'base64'));

  test.each([['its seed', seed], ['its seed and public key', Buffer.concat([seed, point])]])('of %s is v1a, over the very bytes', async (_what, bytes) => {
    const { send, received } = await target(undefined, {}, async () => [`whsk_${bytes.toString('base64')}`]);
    expect(await send({ body: Buffer.from([0xff, 0x00]) })).toMatchObject({ outcome: 'delivered' });
    const [request] = received;
    expect(request!.headers['webhook-signature']).toMatch(/^v1a,[A-Za-z0-9+/]{86}==$/);
    expect(proves(request!.headers['webhook-signature'] as string, request!)).toBe(true);
    expect(proves(request!.headers['webhook-signature'] as string, { ...request!, body: Buffer.from([0xfe, 0x00]) })).toBe(false);
  });

  test('stands beside one of the kind before it while they overlap', async () => {
    const { send, received } = await target(undefined, {}, async () => [`whsk_${seed.toString('base64')}`, CURRENT]);
    await send();
    const [v1a, v1, ...others] = (received[0]!.headers['webhook-signature'] as string).split(' ');
    expect(others).toEqual([]);
    expect(proves(v1a!, received[0]!)).toBe(true);
    expect(verifies(CURRENT, { ...received[0]!, headers: { ...received[0]!.headers, 'webhook-signature': v1 } })).toBe(true);
  });
});

describe('headers of the options', () => {
  test('are sent as they are, and stand before what the event brings', async () => {
    const { send, received } = await target(undefined, withSettings({ headers: { 'x-tenant': 'a b', 'content-type': 'application/cloudevents+json', 'user-agent': 'acme' } }));
    await send();
    expect(received[0]!.headers).toMatchObject({ 'x-tenant': 'a b', 'content-type': 'application/cloudevents+json', 'user-agent': 'acme' });
  });

  test('give the signature other names', async () => {
    const { send, received } = await target(undefined, withSettings({ signatureHeaders: { id: 'acme-id', timestamp: 'acme-time', signature: 'acme-signature' } }));
    await send();
    const { 'acme-id': id, 'acme-time': timestamp, 'acme-signature': signature, ...others } = received[0]!.headers;
    expect(verifies(CURRENT, { ...received[0]!, headers: { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signature } })).toBe(true);
    expect(Object.keys(others).filter((name) => name.startsWith('webhook-'))).toEqual([]);
  });

  test('row 69, row 72: go on from the event only where they are listed, and never what frames the request or proves somebody', async () => {
    const hostile = {
      'x-github-event': 'push', 'x-other': 'no', 'host': 'evil.example.com', 'content-length': '1', 'transfer-encoding': 'chunked', 'connection': 'upgrade',
      'upgrade': 'h2c', 'te': 'trailers', 'expect': '100-continue', 'authorization': 'Bearer t0ken', 'proxy-authorization': 'x', 'cookie': 'session=1',
      'webhook-id': 'evt_forged', 'webhook-signature': 'v1,forged', 'x-two': 'a\r\nx-injected: 1', 'x-bell': '\u0007', 'x-wide': '\u{1F4A5}', 'x-latin': 'é',
    };
    const { send, received, origin } = await target(undefined, withSettings({ forwardHeaders: Object.keys(hostile).filter((name) => name !== 'x-other') }));
    expect(await send({ headers: { 'content-type': 'application/json', ...hostile } })).toEqual({ outcome: 'delivered', status: 200 });
    expect(received[0]!.headers).toEqual({
      'host': new URL(origin).host, 'connection': 'keep-alive', 'content-length': '10', 'content-type': 'application/json', 'user-agent': 'cdk-webhooks',
      'webhook-id': 'evt_abcdefghijklmnopqrstuvwxyz', 'webhook-timestamp': expect.any(String), 'webhook-signature': expect.stringMatching(/^v1,\S{44}$/),
      'x-github-event': 'push', 'x-latin': 'é',
    });
    expect(received[0]!.body.toString()).toBe('{"a":"ü"}');
  });

  test.each([
    ['host', 'evil.example.com'], ['Content-Length', '1'], ['transfer-encoding', 'chunked'], ['connection', 'close'], ['webhook-id', 'x'], ['Webhook-Signature', 'x'],
    ['a b', 'x'], ['', 'x'], ['x:y', 'x'],
  ])('that nobody may set are an error: %j', async (name, value) => {
    await expect(target(undefined, withSettings({ headers: { [name]: value } }))).rejects.toThrow(JSON.stringify(name));
  });

  test.each(['a\r\nb: c', '', '\u{1F4A5}'])('that cannot be sent are an error, which does not tell them: %j', async (value) => {
    await expect(target(undefined, withSettings({ headers: { 'x-key': value } }))).rejects.toThrow('the value of the header "x-key" cannot be sent; correct it in headers');
  });
});

describe('what the receiver wishes', () => {
  test.each([
    [200, 'disable', { outcome: 'delivered', status: 200, gone: true }],
    [200, 'abort-message', { outcome: 'delivered', status: 200 }],
    [500, 'disable', { outcome: 'status', status: 500, detail: 'the target answered 500 with "webhook-delivery: disable"', gone: true }],
    [500, ' Disable ', { outcome: 'status', status: 500, detail: 'the target answered 500 with "webhook-delivery: disable"', gone: true }],
    [500, 'abort-message', { outcome: 'status', status: 500, detail: 'the target answered 500 with "webhook-delivery: abort-message"', permanent: true }],
    [500, 'faster', { outcome: 'status', status: 500, detail: 'the target answered 500' }],
  ])('with %d and %j', async (status, wish, result) => {
    const { send } = await target((_request, response) => response.writeHead(status, { 'webhook-delivery': wish }).end());
    expect(await send()).toEqual(result);
  });
});

describe('row 68: a target at an address that may not be reached', () => {
  test.each([
    ['http://127.0.0.1:1/x?token=t0ken', []], ['https://169.254.169.254/latest/meta-data/iam?token=t0ken', []], ['https://localhost/?token=t0ken', []],
    ['https://10.0.0.1/?token=t0ken', ['192.168.0.0/16']], ['http://[::1]:1/?token=t0ken', ['127.0.0.0/8']],
  ])('%s is blocked', async (url, allowedPrivateCidrs) => {
    const { send } = await target(undefined, { ...withSettings({ allowedPrivateCidrs }), environment: { TARGET_URL: url } });
    const result = await send();
    expect(result).toEqual({ outcome: 'blocked', status: null, detail: expect.stringContaining(new URL(url).hostname) });
    expect(result.detail).not.toContain('t0ken');
  });

  test('a network that is none is an error at once', async () => {
    await expect(target(undefined, withSettings({ allowedPrivateCidrs: ['10.0.0.0'] }))).rejects.toThrow('"10.0.0.0" is not a network in CIDR notation');
  });
});

test('row 34: 2xx is delivered, whatever the body says', async () => {
  const { send } = await target((_request, response) => response.writeHead(200).end('{"error":"nothing was saved"}'));
  expect(await send()).toEqual({ outcome: 'delivered', status: 200 });
});

test.each([undefined, '', 'billing.example.com', 'file:///etc/passwd', '/hooks'])('a URL must be one of HTTP: %j', async (url) => {
  await expect(target(undefined, { environment: { TARGET_URL: url } })).rejects.toThrow('the environment variable TARGET_URL is not an http or https URL');
});

describe('the response, where the target records responses', () => {
  const answer: Answer = (_request, response) => response.writeHead(422).end(`${'ü'.repeat(600)} and more`);

  test('is its first KB, as text', async () => {
    const { send } = await target(answer, { recordResponses: true });
    const { response, status } = await send();
    expect(status).toBe(422);
    expect(response).toBe('ü'.repeat(512));
  });

  test('is empty where the target said nothing, and absent where it did not answer', async () => {
    const { send, close } = await target(undefined, { recordResponses: true });
    expect(await send()).toEqual({ outcome: 'delivered', status: 200, response: '' });
    close();
    expect(await send()).not.toHaveProperty('response');
  });

  test('is not handed on where it does not', async () => {
    const { send } = await target(answer);
    expect(await send()).not.toHaveProperty('response');
  });
});
