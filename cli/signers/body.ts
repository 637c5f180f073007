import { createHash, randomBytes } from 'node:crypto';
import { CliError, Exit } from '../cli-error';
import { hmac, jsonBody, member, pair, withJson } from './hmac';
import type { Signer } from './signer';

/** Senders that put the signature into the body. */
export const mailgun: Signer = (request, { secret, now }) => {
  const body = jsonBody(request);
  const timestamp = String(Math.floor(now / 1000));
  const token = randomBytes(25).toString('hex');
  return { ...withJson(request, { ...body, signature: { timestamp, token, signature: hmac('sha256', secret, timestamp + token, 'hex') } }), verified: { token } };
};

/** Every item of the batch has its own. */
export const adyen: Signer = (request, { secret }) => {
  const body = jsonBody(request);
  const ids = items(body, 'notificationItems').map((wrapped) => {
    const item = member(wrapped, 'NotificationRequestItem');
    const amount = member(item, 'amount');
    const signed = [
      item['pspReference'], item['originalReference'], item['merchantAccountCode'], item['merchantReference'], amount['value'], amount['currency'],
      item['eventCode'], item['success'],
    ].map((value) => String(value ?? ''));
    member(item, 'additionalData')['hmacSignature'] = hmac('sha256', Buffer.from(secret, 'hex'), signed.join(':'), 'base64');
    return [signed[0], signed[6], signed[7]].join(':');
  });
  return { ...withJson(request, body), verified: { id: ids.join(',') } };
};

export const msgraph: Signer = (request, { secret }) => {
  const body = jsonBody(request);
  for (const item of items(body, 'value')) item['clientState'] = secret;
  return withJson(request, body);
};

function items(body: { readonly [name: string]: unknown }, name: string): { [name: string]: unknown }[] {
  const list = body[name];
  if (Array.isArray(list) && list.length > 0 && list.every((item) => typeof item === 'object' && item !== null)) return list as { [name: string]: unknown }[];
  throw new CliError(Exit.USAGE, `the body has no items in ${JSON.stringify(name)}, where this sender's events are; write one into the file`);
}

/** A form with the notification in base64, and a signature of that text. */
export const braintree: Signer = (request, { secret }) => {
  const [publicKey, privateKey] = pair(secret);
  const form = new URLSearchParams(request.body.toString());
  const payload = form.get('bt_payload');
  if (payload === null) throw new CliError(Exit.USAGE, 'the body has no form field "bt_payload", which Braintree signs; write one into the file');
  form.set('bt_signature', `${publicKey}|${hmac('sha1', createHash('sha1').update(privateKey).digest(), payload, 'hex')}`);
  const xml = Buffer.from(payload, 'base64');
  const [, kind] = /<kind>([^<]+)<\/kind>/.exec(xml.toString()) ?? [];
  const id = createHash('sha256').update(xml).digest('hex');
  return { ...request, body: Buffer.from(form.toString()), verified: { id, ...kind !== undefined && { type: kind, kind } } };
};

/** The hash of an event is in it, over nothing but its time and type. The event is JSON, alone or in a part of a form. */
export const dropboxSign: Signer = (request, { secret }) => {
  const body = request.body.toString();
  const [start, end] = [body.indexOf('{'), body.lastIndexOf('}') + 1];
  const callback = jsonBody({ ...request, body: Buffer.from(body.slice(start, end)) });
  const event = member(callback, 'event');
  const [time, type] = [String(event['event_time']), String(event['event_type'])];
  event['event_hash'] = hmac('sha256', secret, time + type, 'hex');
  const signed = Buffer.from(body.slice(0, start) + JSON.stringify(callback) + body.slice(end));
  return { ...request, body: signed, verified: { type, event_type: type, hash: String(event['event_hash']) } };
};
