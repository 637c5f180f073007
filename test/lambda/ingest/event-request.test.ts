import { createHmac } from 'node:crypto';
import type { Scheme } from '../../../lib/contract/scheme';
import { SCHEMES } from '../../../lib/contract/schemes';
import { eventRequest } from '../../../lambda/ingest/event-request';
import { readRequest } from '../../../lambda/ingest/request';
import * as plivo from '../../../lambda/ingest/schemes/plivo';
import * as twilio from '../../../lambda/ingest/schemes/twilio';
import { apiEvent, bytesOf, ingest, ingestConfig, KEYS, NOW, source } from '../support/ingest';
import { recorded, recordedConfig } from '../support/recorded';

const URL_OF_SOURCE = 'https://hooks.example.com/s';
const FORM = 'application/x-www-form-urlencoded';
const QUERY = 'MessageSid=SM1&Body=a+b%21&MessageStatus=delivered';

const configOf = (scheme: Scheme) => ({ s: { ...source(scheme, 'github'), publicUrl: URL_OF_SOURCE } });
const twilioSignature = (url: string) => ({ 'x-twilio-signature': createHmac('sha1', KEYS.github).update(url).digest('base64') });
const twilioGet = (query = QUERY) => ({
  path: '/s', method: 'GET', body: '', query, headers: { ...twilioSignature(query === '' ? URL_OF_SOURCE : `${URL_OF_SOURCE}?${query}`), 'i-twilio-idempotency-token': 'i-1' },
});

function gatewayOf(scheme: Scheme) {
  return ingest({ config: { ...ingestConfig(), sources: configOf(scheme) }, schemes: { twilio, plivo } });
}

test('a GET of Twilio has its query as its body, byte for byte, with its type', async () => {
  const gateway = gatewayOf(SCHEMES.twilio);
  expect(await gateway.post(twilioGet())).toEqual({ statusCode: 200 });
  const [envelope] = gateway.envelopes();
  expect(bytesOf(envelope!).toString()).toBe(QUERY);
  expect(envelope).toMatchObject({ type: 'delivered', providerId: 'i-1', headers: { 'content-type': FORM } });
  expect(gateway.lines).toMatchObject([{ event: 'accepted', type: 'delivered', bytes: QUERY.length }]);
});

test('what is verified is the request as it was sent', async () => {
  const gateway = gatewayOf(SCHEMES.twilio);
  expect((await gateway.post({ ...twilioGet(), query: QUERY.replace('delivered', 'failed') })).statusCode).toBe(401);
  expect((await gateway.post({ ...twilioGet(), body: QUERY })).statusCode).toBe(401);
  expect(gateway.sent).toEqual([]);
});

test('the row has it too', async () => {
  const config = { ...recordedConfig(), sources: configOf(SCHEMES.twilio) };
  const gateway = recorded({ config, schemes: { twilio }, secrets: { read: async () => [KEYS.github], refresh: async () => false } });
  expect(await gateway.post(twilioGet())).toEqual({ statusCode: 200 });
  const [row] = gateway.table.rows.values();
  expect([String(row!['body']), row!['bytes'], row!['type']]).toEqual([QUERY, QUERY.length, 'delivered']);
});

test('a GET of Plivo is named by its query', async () => {
  const gateway = gatewayOf(SCHEMES.plivo);
  const query = 'CallUUID=c-1&Event=Hangup';
  const signature = createHmac('sha256', KEYS.github).update(`${URL_OF_SOURCE}?${query}.n1`).digest('base64');
  await gateway.post({ path: '/s', method: 'GET', body: '', query, headers: { 'x-plivo-signature-v3': signature, 'x-plivo-signature-v3-nonce': 'n1' } });
  expect(gateway.envelopes()).toMatchObject([{ body: query, type: 'Hangup', providerId: 'c-1,Hangup' }]);
});

test.each(['GET', 'DELETE'])('a %s of HubSpot has its query as its body', async (method) => {
  const gateway = gatewayOf(SCHEMES.hubspot);
  const query = 'portalId=1&email=a%40example.com';
  const signed = `${method}${URL_OF_SOURCE}?portalId=1&email=a@example.com${NOW}`;
  const headers = { 'x-hubspot-request-timestamp': String(NOW), 'x-hubspot-signature-v3': createHmac('sha256', KEYS.github).update(signed).digest('base64') };
  expect((await gateway.post({ path: '/s', method, body: '', query, headers })).statusCode).toBe(200);
  expect(gateway.envelopes()).toMatchObject([{ body: query, headers: { 'content-type': FORM } }]);
});

test.each(['GET', 'DELETE'])('a %s of Zendesk, whose query nothing proves, is a 405', async (method) => {
  const gateway = gatewayOf(SCHEMES.zendesk);
  const time = new Date(NOW).toISOString();
  const headers = { 'x-zendesk-webhook-signature-timestamp': time, 'x-zendesk-webhook-signature': createHmac('sha256', KEYS.github).update(time).digest('base64') };
  const post = { path: '/s', method, body: '', query: 'ticket=1', headers };
  expect(await gateway.post(post)).toMatchObject({ statusCode: 405, headers: { allow: 'POST, PUT, PATCH' } });
  expect((await gateway.post({ ...post, method: 'PUT' })).statusCode).toBe(200);
});

describe('the request stays as it is', () => {
  const verifications = [{ ...source(SCHEMES.twilio, 's').verifications[0]! }] as never;
  const read = (method: string, body: string, query: string) => readRequest(apiEvent({ path: '/s', method, headers: { 'x-a': '1' }, body, query }));

  test.each([['POST', '', 'a=1'], ['GET', 'b=2', 'a=1'], ['GET', '', ''], ['PUT', '', 'a=1']])('of a %s with the body %j and the query %j', (method, body, query) => {
    const request = read(method, body, query);
    expect(eventRequest({ verifications }, request)).toBe(request);
  });

  test('but for the body and its type', () => {
    const { method, headers, rawQuery, body } = eventRequest({ verifications }, read('GET', '', 'a=1'));
    expect([method, headers['x-a'], headers['content-type'], rawQuery, body.toString(), headers['constructor']]).toEqual(['GET', '1', FORM, 'a=1', 'a=1', undefined]);
  });
});

test('row 72: a token in the query stays behind, of whatever verification, handshake or pairing it is', () => {
  const token = (place: string): Scheme => ({ kind: 'token', name: 't', token: { query: place } });
  const { verifications } = { verifications: [
    ...source(SCHEMES.twilio, 's').verifications, ...source(token('key'), 's').verifications, ...source(SCHEMES.meta, 's').verifications,
  ] };
  const request = readRequest(apiEvent({ path: '/s', method: 'GET', headers: {}, body: '', query: 'a=1&key=t&k%65y=t&hub.verify_token=t&pair=t&b=%20&keys=2&c' }));
  expect(eventRequest({ verifications: verifications as never, pairing: { key: { query: 'pair' } } }, request).body.toString()).toBe('a=1&b=%20&keys=2&c');
});
