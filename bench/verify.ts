import { createHmac, createSecretKey, timingSafeEqual } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import { version as standardWebhooksVersion } from 'standardwebhooks/package.json';
import { WebhookRequest } from '../lambda/ingest/request';
import { compileVerifier } from '../lambda/ingest/verify';
import type { Scheme } from '../lib/contract/scheme';
import { SCHEMES } from '../lib/contract/schemes';
import type { Comparison } from './measure';

const SECRET = 'whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD';
const NOW = 1_767_323_045_000;
const TIMESTAMP = String(NOW / 1_000);
const refuse = (): never => { throw new Error('no key is fetched here'); };

/** A JSON body of about so many bytes, as payloads are: many short members. */
function bodyOf(bytes: number): Buffer {
  const items = [];
  for (let size = 0; size < bytes; size += 84) items.push({ id: `item_${size}`, name: 'a thing of some sort', price: size * 1.1, quantity: 3 });
  return Buffer.from(JSON.stringify({ webhookTimestamp: NOW, type: 'order.created', items }));
}

/**
 * Bare node:crypto over the same bytes with the same kind of key, and the signature as the text that came: what no verification
 * can do without.
 */
function bare(key: Buffer, prefix: (() => string) | undefined, body: Buffer, encoding: 'hex' | 'base64', parse = false): { signature: string; run: () => unknown } {
  const secret = createSecretKey(key);
  const digest = (): string => {
    const hmac = createHmac('sha256', secret);
    if (prefix) hmac.update(prefix());
    return hmac.update(body).digest(encoding);
  };
  const signature = digest();
  return {
    signature,
    run: () => {
      if (!timingSafeEqual(Buffer.from(digest()), Buffer.from(signature))) throw new Error('the bare verification failed');
      return parse ? JSON.parse(body.toString()) : undefined;
    },
  };
}

function ours(scheme: Scheme, headers: { [name: string]: string }, body: Buffer): () => unknown {
  const verifier = compileVerifier({ scheme, secret: { id: 'bench' }, previousSecretOverlapSeconds: 0 }, {}, refuse);
  const requestOf = (): WebhookRequest => new WebhookRequest('POST', headers, body, '', undefined);
  const request = requestOf();
  // A request remembers what was parsed of it, so that a scheme that reads the body needs a new one each time.
  const parses = 'timestamp' in scheme && scheme.timestamp !== undefined && 'json' in scheme.timestamp.from;
  return () => verifier.claim(parses ? requestOf() : request, NOW).prove([SECRET]);
}

/** Held to bare crypto, and Standard Webhooks to its official library. */
export function verifyComparisons(): Comparison[] {
  const sizes = [{ label: '1 KB', body: bodyOf(1_000), bar: 1.3, library: 1 / 5 }, { label: '100 KB', body: bodyOf(100_000), bar: 1.15, library: 1 / 14 }];
  const node = { name: 'node:crypto', version: process.version };
  const headers = { id: 'msg_1', timestamp: TIMESTAMP };
  const base64Key = Buffer.from(SECRET.slice(6), 'base64');
  return sizes.flatMap(({ label, body, bar, library }): Comparison[] => {
    const github = bare(Buffer.from(SECRET), undefined, body, 'hex');
    const stripe = bare(Buffer.from(SECRET), () => `${headers.timestamp}.`, body, 'hex');
    const standard = bare(base64Key, () => `${headers.id}.${headers.timestamp}.`, body, 'base64');
    const linear = bare(Buffer.from(SECRET), undefined, body, 'hex', true);
    const standardHeaders = { 'webhook-id': 'msg_1', 'webhook-timestamp': TIMESTAMP, 'webhook-signature': `v1,${standard.signature}` };
    const standardOurs = ours(SCHEMES['standard-webhooks'], standardHeaders, body);
    const webhook = new Webhook(SECRET);
    const text = body.toString();
    const atThatTime = <T>(run: () => T): T => {
      const { now } = Date;
      Date.now = () => NOW;
      try {
        return run();
      } finally {
        Date.now = now;
      }
    };
    return [
      { name: `verify github ${label}`, unit: 'us', bar, peers: [{ ...node, run: github.run }],
        ours: { name: 'cdk-webhooks', version: '', run: ours(SCHEMES.github, { 'x-hub-signature-256': `sha256=${github.signature}` }, body) } },
      { name: `verify stripe ${label}`, unit: 'us', bar, peers: [{ ...node, run: stripe.run }],
        ours: { name: 'cdk-webhooks', version: '', run: ours(SCHEMES.stripe, { 'stripe-signature': `t=${TIMESTAMP},v1=${stripe.signature}` }, body) } },
      { name: `verify standard-webhooks ${label}`, unit: 'us', bar, peers: [{ ...node, run: standard.run }],
        ours: { name: 'cdk-webhooks', version: '', run: standardOurs } },
      { name: `verify linear (parses) ${label}`, unit: 'us', bar: 1.15, peers: [{ ...node, name: 'node:crypto and JSON.parse', run: linear.run }],
        ours: { name: 'cdk-webhooks', version: '', run: ours(SCHEMES.linear, { 'linear-signature': linear.signature }, body) } },
      { name: `verify standard-webhooks against its library ${label}`, unit: 'us', bar: library,
        peers: [{ name: 'standardwebhooks', version: standardWebhooksVersion, run: () => atThatTime(() => webhook.verify(text, standardHeaders)) }],
        ours: { name: 'cdk-webhooks', version: '', run: standardOurs } },
    ];
  });
}
