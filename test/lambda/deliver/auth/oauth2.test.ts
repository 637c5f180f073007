import type { HttpAuthSettings } from '../../../../lib/contract/config';
import { httpServer, type Answer } from '../../support/server';
import { authorized } from './support';

const cleanups: (() => void)[] = [];
afterEach(() => {
  jest.restoreAllMocks();
  for (const cleanup of cleanups.splice(0)) cleanup();
});

async function server(answer?: Answer) {
  const made = await httpServer(answer);
  cleanups.push(made.close);
  return made;
}

const json = (value: unknown, status = 200): Answer => (_request, response) => response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));

/** Gives the tokens t1, t2, … */
function tokens(fields: object = { expires_in: 3_600 }): Answer {
  let count = 0;
  return (request, response, socket) => json({ access_token: `t${++count}`, token_type: 'Bearer', ...fields })(request, response, socket);
}

async function setUp(issuer: Answer = tokens(), answer?: Answer, difference: Partial<Extract<HttpAuthSettings, { kind: 'oauth2' }>> = {}, versions = ['s3cret']) {
  const [issuerServer, target] = [await server(issuer), await server(answer)];
  const auth: HttpAuthSettings = {
    kind: 'oauth2', tokenUrl: `${issuerServer.origin}/token?tenant=q`, clientId: 'client', clientSecret: { id: 'arn:client' }, ...difference,
  };
  return { ...authorized(target.origin, auth, { 'arn:client': versions }), asked: issuerServer.received, received: target.received };
}

const authorizations = (received: { headers: { authorization?: string } }[]) => received.map(({ headers }) => headers.authorization);

test('a token is asked for as RFC 6749 says, and goes with the event', async () => {
  const { send, asked, received } = await setUp(undefined, undefined, { clientId: 'a client', scopes: ['events:write', 'x'] }, ['s:3+ü']);
  expect(await send()).toEqual({ outcome: 'delivered', status: 200 });
  expect(asked).toHaveLength(1);
  expect(asked[0]).toMatchObject({ method: 'POST', url: '/token?tenant=q', headers: { 'content-type': 'application/x-www-form-urlencoded', 'accept': 'application/json' } });
  expect(asked[0]!.body.toString()).toBe('grant_type=client_credentials&scope=events%3Awrite+x');
  expect(Buffer.from(asked[0]!.headers.authorization!.slice('Basic '.length), 'base64').toString()).toBe('a+client:s%3A3%2B%C3%BC');
  expect(authorizations(received)).toEqual(['Bearer t1']);
});

test('a token is used until a minute before it expires', async () => {
  const { send, asked, received } = await setUp();
  const clock = jest.spyOn(Date, 'now').mockReturnValue(1_000_000);
  await send();
  clock.mockReturnValue(1_000_000 + 3_539_999);
  await send();
  expect(asked).toHaveLength(1);
  clock.mockReturnValue(1_000_000 + 3_540_000);
  await send();
  expect(authorizations(received)).toEqual(['Bearer t1', 'Bearer t1', 'Bearer t2']);
});

test.each([[{}, 240], [{ expires_in: '120' }, 60], [{ expires_in: 'soon' }, 240], [{ expires_in: -1 }, 240], [{ expires_in: 1e9 }, 86_340]])(
  'a token with %j is kept for %d seconds', async (fields, seconds) => {
    const { send, asked } = await setUp(tokens(fields));
    const clock = jest.spyOn(Date, 'now').mockReturnValue(0);
    await send();
    clock.mockReturnValue(seconds * 1_000 - 1);
    await send();
    expect(asked).toHaveLength(1);
    clock.mockReturnValue(seconds * 1_000);
    await send();
    expect(asked).toHaveLength(2);
  },
);

test('attempts at once share one request, also for a token that is too short-lived to keep', async () => {
  const { send, asked, received } = await setUp(tokens({ expires_in: 30 }));
  await Promise.all(Array.from({ length: 5 }, () => send()));
  expect(asked).toHaveLength(1);
  expect(authorizations(received)).toEqual(Array(5).fill('Bearer t1'));
  await send();
  expect(asked).toHaveLength(2);
});

test('row 23b: an endpoint that answers 101 is asked again at the next attempt', async () => {
  let upgrades = 0;
  const good = tokens();
  const { send, asked, received } = await setUp((request, response, socket) => {
    if (upgrades++ > 0) return good(request, response, socket);
    socket.write('HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n');
  });
  expect(await send()).toMatchObject({ outcome: 'aws', detail: expect.stringMatching(/^no access token: 127\.0\.0\.1:\d+ answered 101$/) });
  expect(await send()).toEqual({ outcome: 'delivered', status: 200 });
  expect(asked).toHaveLength(2);
  expect(authorizations(received)).toEqual(['Bearer t1']);
});

describe('401 from the target', () => {
  test('gets a new token and another try at once', async () => {
    const { send, received } = await setUp(undefined, (request, response) => response.writeHead(request.headers.authorization === 'Bearer t1' ? 401 : 200).end());
    expect(await send()).toEqual({ outcome: 'delivered', status: 200 });
    expect(authorizations(received)).toEqual(['Bearer t1', 'Bearer t2']);
    await send();
    expect(authorizations(received)[2]).toBe('Bearer t2');
  });

  test('to the new one too is an answer', async () => {
    const { send, asked, received } = await setUp(undefined, (_request, response) => response.writeHead(401).end());
    expect(await send()).toMatchObject({ outcome: 'status', status: 401 });
    expect(received).toHaveLength(2);
    expect(asked).toHaveLength(2);
  });

  test('to many at once costs one new token', async () => {
    const { send, asked } = await setUp(undefined, (request, response) => response.writeHead(request.headers.authorization === 'Bearer t1' ? 401 : 200).end());
    expect(await Promise.all(Array.from({ length: 5 }, () => send()))).toEqual(Array(5).fill({ outcome: 'delivered', status: 200 }));
    expect(asked).toHaveLength(2);
  });
});

describe('no token is a failed attempt, in which the target hears nothing', () => {
  test.each<[string, Answer, string]>([
    ['a refusal', json({ error: 'invalid_client', error_description: 'bad s3cret' }, 401), 'answered 401 (invalid_client)'],
    ['a refusal of another kind', json({ error: 'S3cret <b>' }, 403), 'answered 403'],
    ['an error', json('down', 503), 'answered 503'],
    ['a redirect', (_request, response) => response.writeHead(302, { location: '/login' }).end(), 'answered 302'],
    ['no JSON', (_request, response) => response.end('<html>'), 'no access token that can be sent'],
    ['no token', json({ token_type: 'Bearer' }), 'no access token that can be sent'],
    ['a token with a line break', json({ access_token: 'a\r\nb: c', token_type: 'bearer' }), 'no access token that can be sent'],
    ['a token of another type', json({ access_token: 'a', token_type: 'mac' }), 'not of the type "bearer"'],
    ['more than is read', json({ access_token: 'a'.repeat(20_000), token_type: 'bearer' }), 'no access token that can be sent'],
  ])('%s', async (_what, issuer, explanation) => {
    const { send, received, asked } = await setUp(issuer);
    const result = await send();
    expect(result).toEqual({ outcome: 'aws', status: null, detail: expect.stringContaining(explanation) });
    expect(JSON.stringify(result)).not.toMatch(/s3cret|tenant/i);
    expect(received).toEqual([]);
    await send();
    expect(asked).toHaveLength(2);
  });

  test('an endpoint that cannot be reached, with what went wrong', async () => {
    const closed = await server();
    closed.close();
    const { send } = await setUp(undefined, undefined, { tokenUrl: `${closed.origin}/token` });
    expect(await send()).toMatchObject({ outcome: 'refused', status: null, detail: expect.stringContaining('no access token could be fetched') });
  });

  test('row 68: an endpoint at an address that may not be reached', async () => {
    const { send, received } = await setUp(undefined, undefined, { tokenUrl: 'https://169.254.169.254/token?x=t0ken' });
    const result = await send();
    expect(result).toMatchObject({ outcome: 'blocked', detail: expect.stringContaining('169.254.169.254') });
    expect(result.detail).not.toContain('t0ken');
    expect(received).toEqual([]);
  });

  test('an endpoint that does not answer, at the deadline of the attempt', async () => {
    const { send } = await setUp(() => undefined);
    expect(await send(AbortSignal.timeout(50))).toEqual({ outcome: 'timeout', status: null, detail: 'no access token came in time' });
  });
});

test('while a rotation lasts, the previous client secret is tried where the current one is refused', async () => {
  const issuer = tokens();
  const passwordOf = (text = '') => Buffer.from(text.slice('Basic '.length), 'base64').toString().split(':')[1];
  const { send, asked } = await setUp(
    (request, response, socket) => passwordOf(request.headers.authorization) === 'old' ? issuer(request, response, socket) : response.writeHead(401).end(),
    undefined, {}, ['new', 'old'],
  );
  expect(await send()).toEqual({ outcome: 'delivered', status: 200 });
  expect(asked.map(({ headers }) => passwordOf(headers.authorization))).toEqual(['new', 'old']);
});

test('a token URL that is none is an error at once', async () => {
  await expect(setUp(undefined, undefined, { tokenUrl: 'auth.example.com' })).rejects.toThrow('the token URL "auth.example.com" is no URL');
});
