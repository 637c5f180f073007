import { createHmac, type KeyObject } from 'node:crypto';
import { TARGET_URL_VARIABLE, type HttpSettings } from '../../../lib/contract/config';
import type { Delivery, Sender, SenderContext, SendResult } from '../../../lib/contract/sender';
import { post, type EgressResult } from '../../shared/egress';
import { KeyRing } from '../../shared/key';
import { describe } from '../../shared/log';
import { readRetryAfter } from '../retry-after';

const USER_AGENT = 'cdk-webhooks';

/** POSTs events to a URL, signed as Standard Webhooks says: https://www.standardwebhooks.com */
export function createSender({ settings, environment, secrets }: SenderContext): Sender {
  const url = readUrl(environment[TARGET_URL_VARIABLE]);
  const { signingSecret, previousSecretOverlapSeconds } = settings as unknown as HttpSettings;
  const ring = new KeyRing('whsec', signingSecret.id);
  return {
    async send(delivery) {
      let keys: KeyObject[];
      try {
        keys = ring.keys(await secrets.read(signingSecret, previousSecretOverlapSeconds));
      } catch (error) {
        return { outcome: 'aws', status: null, detail: `the event could not be signed: ${describe(error)}` };
      }
      const now = Date.now();
      const headers = { ...bodyHeaders(delivery), 'user-agent': USER_AGENT, ...signatureHeaders(delivery, keys, now) };
      return judge(await post({ url, headers, body: delivery.body, signal: delivery.signal }), now);
    },
  };
}

function readUrl(text: string | undefined): URL {
  if (text !== undefined && URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)) return new URL(text);
  throw new Error(`the environment variable ${TARGET_URL_VARIABLE} is not an http or https URL; deploy the stack again`);
}

/** What node:http lets through as a header's value. */
const HEADER_VALUE = /^[\t\x20-\x7E\x80-\xFF]+$/;

/** The sender's words about the body, which is passed on as it is. */
function bodyHeaders({ headers, body }: Delivery): { [name: string]: string } {
  const given = ['content-type', 'content-encoding'].flatMap((name) => {
    const value = headers[name];
    return value !== undefined && HEADER_VALUE.test(value) ? [[name, value]] : [];
  });
  return { 'content-type': 'application/octet-stream', ...Object.fromEntries(given), 'content-length': String(body.length) };
}

/** The id stays the same on every attempt; the timestamp is that of the attempt, so that a late one is not taken for a replay. */
function signatureHeaders({ id, body }: Delivery, keys: KeyObject[], now: number): { [name: string]: string } {
  const timestamp = String(Math.floor(now / 1_000));
  const signatures = keys.map((key) => `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.`).update(body).digest('base64')}`);
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signatures.join(' ') };
}

function judge(result: EgressResult, now: number): SendResult {
  if (result.outcome !== 'status') return { outcome: result.outcome, status: null, detail: result.detail };
  const { status, headers } = result;
  if (status >= 200 && status <= 299) return { outcome: 'delivered', status };
  const header = headers['retry-after'];
  const retryAfterSeconds = readRetryAfter(typeof header === 'string' ? header : undefined, now);
  const redirect = status >= 300 && status <= 399 ? ', and redirects are not followed' : '';
  return { outcome: 'status', status, detail: `the target answered ${status}${redirect}`, ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }) };
}
