import { fork } from 'node:child_process';
import { createHmac, createSecretKey } from 'node:crypto';
import { once } from 'node:events';
import http from 'node:http';
import path from 'node:path';
import axios from 'axios';
import { createSender } from '../lambda/deliver/senders/http';
import { Secrets } from '../lambda/shared/secrets';
import { TARGET_URL_VARIABLE, type HttpSettings } from '../lib/contract/config';
import type { Contender, Suite } from './measure';

const SECRET = 'whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD';
const EVENT = { id: 'evt_abcdefghijklmnopqrstuvwxyz', source: 'stripe', type: 'invoice.paid', time: '2026-01-02T03:04:05.000Z' };
const BODY = Buffer.from(JSON.stringify({ type: 'invoice.paid', text: 'x'.repeat(980) }));
const IN_FLIGHT = 10;

/** A signed POST over a connection that is kept. The other side answers from a process of its own: only our side is counted. */
export async function deliverySuite(): Promise<Suite> {
  const responder = fork(path.join(path.dirname(process.argv[1] as string), 'responder.mjs'));
  const [origin] = await once(responder, 'message') as [string];
  const ours = await ourSender(origin);
  const compared = { unit: 'us', inFlight: IN_FLIGHT, ours } as const;
  return {
    comparisons: [
      { name: 'signed POST, keep-alive, against axios', bar: 1 / 6, peers: [axiosPeer(origin)], ...compared },
      { name: 'signed POST, keep-alive, against fetch', bar: 1 / 4.5, peers: [fetchPeer(origin)], ...compared },
    ],
    close: () => responder.kill(),
  };
}

/** As the delivery function makes it, with the secret in the function's cache. A deadline is the attempt's, and peers have none either. */
async function ourSender(origin: string): Promise<Contender> {
  const settings: HttpSettings = { signingSecret: { id: 'bench' }, previousSecretOverlapSeconds: 0, allowedPrivateCidrs: ['127.0.0.0/8'] };
  const secrets = new Secrets({ call: async <Output>() => ({ SecretString: SECRET, CreatedDate: 1 }) as Output });
  const sender = await createSender({
    target: 'bench', settings: { ...settings }, environment: { [TARGET_URL_VARIABLE]: `${origin}/hooks` }, secrets,
  });
  const { signal } = new AbortController();
  const delivery = { ...EVENT, headers: { 'content-type': 'application/json' }, body: BODY, attempt: 1, signal };
  return {
    name: 'cdk-webhooks', version: '',
    run: async () => {
      const { outcome, detail } = await sender.send(delivery);
      if (outcome !== 'delivered') throw new Error(`the attempt ended with ${outcome}: ${detail}`);
    },
  };
}

function axiosPeer(origin: string): Contender {
  const client = axios.create({ httpAgent: new http.Agent({ keepAlive: true }), responseType: 'text' });
  return {
    name: 'axios', version: axios.VERSION,
    run: async () => accept((await client.post(`${origin}/hooks`, BODY, { headers: signedHeaders() })).status),
  };
}

function fetchPeer(origin: string): Contender {
  return {
    name: 'fetch', version: `undici ${process.versions['undici']}`,
    run: async () => {
      const response = await fetch(`${origin}/hooks`, { method: 'POST', headers: signedHeaders(), body: BODY });
      await response.arrayBuffer();
      accept(response.status);
    },
  };
}

const key = createSecretKey(Buffer.from(SECRET.slice(6), 'base64'));

/** Peers sign with node:crypto as we do, so that the transports are what differs. */
function signedHeaders(): { [name: string]: string } {
  const timestamp = String(Math.floor(Date.now() / 1_000));
  const signature = createHmac('sha256', key).update(`${EVENT.id}.${timestamp}.`).update(BODY).digest('base64');
  return {
    'content-type': 'application/json', 'user-agent': 'bench',
    'webhook-id': EVENT.id, 'webhook-timestamp': timestamp, 'webhook-signature': `v1,${signature}`,
  };
}

function accept(status: number): void {
  if (status !== 200) throw new Error(`the responder answered ${status}`);
}
