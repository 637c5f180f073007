import { createHmac, randomUUID } from 'node:crypto';
import { Webhook } from 'standardwebhooks';

export type Headers = { readonly [name: string]: string };

/** The headers that a sender would sign a body with. `now` is in milliseconds since 1970. */
export type Sign = (body: Buffer, secret: string, now: number) => Headers;

const github: Sign = (body, secret) => ({
  'content-type': 'application/json',
  'x-github-event': 'push',
  'x-github-delivery': randomUUID(),
  'x-hub-signature-256': `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`,
});

/** By source, each as its sender documents it and not as this package reads it. */
export const SENDERS: { readonly [source: string]: Sign } = {
  github,
  crm: github,
  stripe: (body, secret, now) => {
    const t = Math.floor(now / 1_000);
    return {
      'content-type': 'application/json; charset=utf-8',
      'stripe-signature': `t=${t},v1=${createHmac('sha256', secret).update(`${t}.`).update(body).digest('hex')},v0=${'0'.repeat(64)}`,
    };
  },
  orders: (body, secret, now) => {
    const id = `msg_${randomUUID()}`;
    return {
      'content-type': 'application/json',
      'webhook-id': id,
      'webhook-timestamp': String(Math.floor(now / 1_000)),
      'webhook-signature': new Webhook(secret).sign(id, new Date(now), body.toString()),
    };
  },
  partner: (body, secret, now) => {
    const t = Math.floor(now / 1_000);
    return {
      'content-type': 'application/json',
      'x-partner-signature': `t=${t},v1=${createHmac('sha512', secret).update(`${t}.`).update(body).digest('hex')}`,
    };
  },
};
