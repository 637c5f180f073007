import { createHmac } from 'node:crypto';
import type { SourceConfig } from '../../../lib/contract/config';
import type { Acknowledgement, Handshake, Scheme } from '../../../lib/contract/scheme';
import { SCHEMES } from '../../../lib/contract/schemes';
import * as msgraph from '../../../lambda/ingest/schemes/msgraph';
import * as twilio from '../../../lambda/ingest/schemes/twilio';
import { SecretError } from '../../../lambda/shared/secret-error';
import { githubPost, ingest, KEYS, type Post } from '../support/ingest';

const TOKEN = 'verify-me';

const base: Handshake = { method: 'GET', signed: false, when: [{ field: { query: 'challenge' } }], answer: { text: { echo: { query: 'challenge' } } } };

/** GitHub's signatures with handshakes that a test makes up. */
function gateway(handshakes: Handshake[], { read = async (id: string) => [id === 'token' ? TOKEN : KEYS.github], source = {}, scheme = {} }: {
  read?: (id: string) => Promise<string[]>; source?: Partial<SourceConfig>; scheme?: Partial<Scheme>;
} = {}) {
  return ingest({
    config: {
      gateway: 'g', targets: { t: { queueUrl: 'q' } },
      sources: { github: { verifications: [{
        scheme: { ...SCHEMES.github, handshakes, ...scheme } as Scheme, secret: { id: 'github' }, verifyToken: { id: 'token' }, previousSecretOverlapSeconds: 0,
      }], ...source } },
    },
    secrets: { read: ({ id }) => read(id), refresh: async () => false },
  });
}

const get = (query: string, difference: Partial<Post> = {}): Post => ({ path: '/github', method: 'GET', headers: {}, body: '', query, ...difference });

describe('a check of the URL', () => {
  test('row 21: is answered and makes no event', async () => {
    const { post, sent, lines } = gateway([base]);
    expect(await post(get('challenge=abc123%20x'))).toEqual({
      statusCode: 200, body: 'abc123 x', headers: { 'content-type': 'text/plain', 'x-content-type-options': 'nosniff' },
    });
    expect(sent).toEqual([]);
    expect(lines).toEqual([{ time: '2026-01-02T03:04:05.000Z', event: 'handshake', source: 'github', handshake: 'github' }]);
  });

  test.each(['<script>alert(1)</script>', '"}', '\u2028', 'a\r\nset-cookie: x=1'])('comes back as text or JSON, never as a page or a header: %j', async (challenge) => {
    const query = `challenge=${encodeURIComponent(challenge)}`;
    const echo = { echo: { query: 'challenge' } };
    const text = await gateway([base]).post(get(query));
    expect(text).toMatchObject({ body: challenge, headers: { 'content-type': 'text/plain', 'x-content-type-options': 'nosniff' } });
    const json = await gateway([{ ...base, answer: { json: { a: echo, b: { literal: 1 } } } }]).post(get(query));
    expect(json.headers).toEqual({ 'content-type': 'application/json', 'x-content-type-options': 'nosniff' });
    expect(JSON.parse(json.body!)).toEqual({ a: challenge, b: 1 });
    const headers = await gateway([{ ...base, answer: { headers: { 'x-echo': echo } } }]).post(get(query));
    expect(headers.headers ?? {}).toEqual(/^[\x20-\x7E]+$/.test(challenge) ? { 'x-echo': challenge } : {});
  });

  test('may want no body', async () => {
    const head: Handshake = { method: 'HEAD', signed: false, when: [], answer: {} };
    expect(await gateway([head]).post(get('', { method: 'HEAD' }))).toEqual({ statusCode: 200 });
    expect(await gateway([{ ...head, answer: { status: 204 } }]).post(get('', { method: 'HEAD' }))).toEqual({ statusCode: 204 });
  });

  test('leaves out what is not in the request', async () => {
    const handshake: Handshake = {
      method: 'OPTIONS', signed: false, when: [{ field: { header: 'webhook-request-origin' } }],
      answer: { headers: { 'webhook-allowed-origin': { echo: { header: 'webhook-request-origin' } }, 'webhook-allowed-rate': { echo: { header: 'webhook-request-rate' } } } },
    };
    const options = (headers: { [name: string]: string }) => gateway([handshake]).post(get('', { method: 'OPTIONS', headers }));
    expect(await options({ 'WebHook-Request-Origin': 'a.example' })).toEqual({ statusCode: 200, headers: { 'webhook-allowed-origin': 'a.example' } });
    expect((await options({ 'WebHook-Request-Origin': 'a.example', 'WebHook-Request-Rate': '120' })).headers).toMatchObject({ 'webhook-allowed-rate': '120' });
    expect((await options({})).statusCode).toBe(405);
  });

  test.each([
    [[{ field: { query: 'mode' }, equals: 'subscribe' }], 'mode=subscribe', 200],
    [[{ field: { query: 'mode' }, equals: 'subscribe' }], 'mode=unsubscribe', 405],
    [[{ field: { query: 'mode' }, equals: 5 }], 'mode=5', 200],
    [[{ field: { query: 'mode' } }, { field: { query: 'other' } }], 'mode=1', 405],
    [[{ field: { query: 'mode' } }], 'mode=', 405],
  ])('is told by all its conditions: %j, %s', async (when, query, status) => {
    expect((await gateway([{ ...base, when }]).post(get(query))).statusCode).toBe(status);
  });

  test('that is none is a 405 with what the source takes', async () => {
    const { post } = gateway([base, { ...base, method: 'HEAD' }]);
    for (const method of ['GET', 'HEAD', 'PUT', 'OPTIONS']) {
      const answer = await post(get('', { method }));
      expect([method, answer.statusCode, answer.headers?.['allow']]).toEqual([method, 405, 'POST, GET, HEAD']);
    }
  });

  test('that only goes with a signature is no event and no answer without one', async () => {
    const handshake: Handshake = { method: 'POST', signed: true, when: [{ field: { json: '$.type' }, equals: 'check' }], answer: { text: { echo: { json: '$.challenge' } } } };
    const { post, sent, lines } = gateway([handshake]);
    const body = '{"type":"check","challenge":"c"}';
    expect(await post(githubPost(body))).toMatchObject({ statusCode: 200, body: 'c' });
    expect(await post(githubPost(body, 'another key'))).toMatchObject({ statusCode: 401, body: '{"message":"Unauthorized"}' });
    expect(sent).toEqual([]);
    expect(await post(githubPost('{"type":"other"}'))).toEqual({ statusCode: 200 });
    expect(lines.map(({ event }) => event)).toEqual(['handshake', 'rejected', 'accepted']);
  });
});

describe('an event that looks like a check', () => {
  const order = '{"id":2,"customer_note":"&webhook_id=1"}';
  const FORM = 'application/x-www-form-urlencoded; charset=UTF-8';

  /** A source of WooCommerce's, and what becomes of a request. */
  const woo = async (body: string, headers: { [name: string]: string }, key?: string) => {
    const source = { verifications: [{ scheme: SCHEMES.woocommerce, secret: { id: 'github' }, previousSecretOverlapSeconds: 0 }] };
    const gateway = ingest({ config: { gateway: 'g', targets: { t: { queueUrl: 'q' } }, sources: { woo: source } } });
    const signature: { [name: string]: string } = key === undefined ? {} : { 'x-wc-webhook-signature': createHmac('sha256', key).update(body).digest('base64') };
    const answer = await gateway.post({ path: '/woo', method: 'POST', headers: { ...headers, ...signature }, body });
    return [answer.statusCode, gateway.lines[0]?.event, gateway.sent.length];
  };

  test.each([
    ['the ping of WooCommerce', 'webhook_id=12', { 'content-type': FORM }, undefined, [200, 'handshake', 0]],
    ['an order with it in a note', order, { 'content-type': 'application/json' }, KEYS.github, [200, 'accepted', 1]],
    ['an order with it in a note, and no content type', order, {}, KEYS.github, [200, 'accepted', 1]],
    ['an order with it in a note, as a form', order, { 'content-type': FORM }, KEYS.github, [200, 'accepted', 1]],
    ['a ping with a signature', 'webhook_id=12', { 'content-type': FORM }, KEYS.github, [200, 'accepted', 1]],
    ['a ping with a wrong signature', 'webhook_id=12', { 'content-type': FORM }, 'another', [401, 'rejected', 0]],
    ['an order that is not signed', order, { 'content-type': 'application/json' }, undefined, [401, 'rejected', 0]],
    ['a form with more in it', 'webhook_id=12&a=1', { 'content-type': FORM }, undefined, [401, 'rejected', 0]],
    ['a form with text for a number', 'webhook_id=x', { 'content-type': FORM }, undefined, [401, 'rejected', 0]],
    ['the ping as text', 'webhook_id=12', { 'content-type': 'text/plain' }, undefined, [401, 'rejected', 0]],
  ] as const)('%s', async (_what, body, headers, key, result) => {
    expect(await woo(body, headers, key)).toEqual(result);
  });

  const graph = () => ingest({
    config: { gateway: 'g', targets: { t: { queueUrl: 'q' } }, sources: { s: { verifications: [{ scheme: SCHEMES.msgraph, secret: { id: 'github' }, previousSecretOverlapSeconds: 0 }] } } },
    schemes: { msgraph },
  });

  test('a notification of Microsoft Graph is none, whatever the URL has', async () => {
    const gateway = graph();
    const check = { path: '/s', method: 'POST', headers: { 'content-type': 'text/plain' }, body: '', query: 'validationToken=abc' };
    expect(await gateway.post(check)).toMatchObject({ statusCode: 200, body: 'abc' });
    expect((await gateway.post({ ...check, body: JSON.stringify({ value: [{ clientState: KEYS.github }] }) })).body).toBeUndefined();
    expect(gateway.lines.map(({ event }) => event)).toEqual(['handshake', 'accepted']);
  });

  test('a GET of Twilio is none where its source also takes the GET of Mailchimp', async () => {
    const of = (scheme: Scheme) => ({ scheme, secret: { id: 'github' }, previousSecretOverlapSeconds: 0 });
    const gateway = ingest({
      config: { gateway: 'g', targets: { t: { queueUrl: 'q' } }, sources: { s: { publicUrl: 'https://h.example/s', verifications: [of(SCHEMES.mailchimp), of(SCHEMES.twilio)] } } },
      schemes: { twilio },
    });
    const signature = createHmac('sha1', KEYS.github).update('https://h.example/s?MessageSid=SM1').digest('base64');
    await gateway.post(get('MessageSid=SM1', { path: '/s', headers: { 'x-twilio-signature': signature } }));
    await gateway.post(get('MessageSid=SM1', { path: '/s' }));
    expect(gateway.lines.map(({ event }) => event)).toEqual(['accepted', 'handshake']);
  });
});

describe('an answer under the secret', () => {
  const crc: Handshake = {
    method: 'GET', signed: false, when: [{ field: { query: 'crc' } }],
    answer: { json: { response: { hmac: 'sha256', of: { query: 'crc' }, encoding: 'base64', prefix: 'sha256=' } } },
  };
  const of = (text: string) => `sha256=${createHmac('sha256', KEYS.github).update(text).digest('base64')}`;

  test('is its HMAC', async () => {
    expect(JSON.parse((await gateway([crc]).post(get('crc=abc-1'))).body!)).toEqual({ response: of('abc-1') });
  });

  test.each(['{"events":[]}', '[]', '"a"', 'a b', 'x'.repeat(257)])('is not made for %.20s, which could be an event', async (text) => {
    expect(JSON.parse((await gateway([crc]).post(get(`crc=${encodeURIComponent(text)}`))).body!)).toEqual({});
  });

  test('is made with the key that the request was signed with', async () => {
    const signed: Handshake = { ...crc, method: 'POST', signed: true, when: [], answer: { text: { hmac: 'sha256', of: { json: '$.t' }, encoding: 'hex' } } };
    const answer = await gateway([signed], { read: async () => ['next', KEYS.github] }).post(githubPost('{"t":"abc"}'));
    expect(answer.body).toBe(createHmac('sha256', KEYS.github).update('abc').digest('hex'));
  });

  test('is a 503 while there is no secret, and needs none where there is no HMAC', async () => {
    const read = () => Promise.reject(new SecretError('unavailable', 'github', 'timeout'));
    expect((await gateway([crc], { read }).post(get('crc=abc'))).statusCode).toBe(503);
    expect((await gateway([base], { read }).post(get('challenge=abc'))).statusCode).toBe(200);
  });
});

describe('a verify token', () => {
  const handshake: Handshake = { ...base, token: { query: 'token' } };

  test.each([
    [`challenge=c&token=${TOKEN}`, 200], ['challenge=c&token=wrong', 403], ['challenge=c&token=', 403], ['challenge=c', 403],
    [`challenge=c&token=${TOKEN}x`, 403], [`challenge=c&token=${KEYS.github}`, 403],
  ])('in %s is answered %d', async (query, status) => {
    const { post, lines } = gateway([handshake]);
    const answer = await post(get(query));
    expect(answer.statusCode).toBe(status);
    if (status === 200) return;
    expect(answer.body).toBe('{"message":"Forbidden"}');
    expect(lines).toMatchObject([{ event: 'rejected', status: 403, reason: 'signature' }]);
    expect(JSON.stringify(lines)).not.toContain('wrong');
  });

  test('that was revoked lets nobody in', async () => {
    for (const revoked of [false, true]) {
      let versions = ['new', TOKEN];
      const secrets = { read: async () => versions, refresh: async () => { if (revoked) versions = ['new']; return revoked; } };
      const source = { verifications: [{ scheme: { ...SCHEMES.github, handshakes: [handshake] }, verifyToken: { id: 'token' }, previousSecretOverlapSeconds: 0 }] };
      const { post } = ingest({ config: { gateway: 'g', targets: {}, sources: { github: source } }, secrets });
      expect((await post(get(`challenge=c&token=${TOKEN}`))).statusCode).toBe(revoked ? 403 : 200);
    }
  });

  test('that is empty or not configured lets nobody in', async () => {
    expect((await gateway([handshake], { read: async () => [''] }).post(get('challenge=c&token='))).statusCode).toBe(403);
    const source = { verifications: [{ scheme: { ...SCHEMES.github, handshakes: [handshake] }, secret: { id: 'github' }, previousSecretOverlapSeconds: 0 }] };
    expect((await gateway([], { source }).post(get('challenge=c&token=x'))).statusCode).toBe(403);
  });
});

describe('an acknowledgement', () => {
  const scheme = { acknowledgement: { status: 200, contentType: 'application/json', body: '{"type":1}' } };

  test.each<[string, Partial<Scheme>, Acknowledgement | undefined, object]>([
    ['is 200 without a body', {}, undefined, { statusCode: 200 }],
    ['is what the sender wants', scheme, undefined, { statusCode: 200, headers: { 'content-type': 'application/json' }, body: '{"type":1}' }],
    ['is what the source says', scheme, { status: 202, body: 'thanks' }, { statusCode: 202, headers: { 'content-type': 'text/plain' }, body: 'thanks' }],
    ['may be a status alone', scheme, { status: 204 }, { statusCode: 204 }],
  ])('%s', async (_what, difference, response, answer) => {
    const { post, sent } = gateway([], { scheme: difference, source: { response } });
    expect(await post(githubPost())).toEqual(answer);
    expect(sent).toHaveLength(1);
  });

  test('is only for events', async () => {
    expect(await gateway([], { scheme }).post(githubPost('{}', 'another key'))).toMatchObject({ statusCode: 401, body: '{"message":"Unauthorized"}' });
  });
});
