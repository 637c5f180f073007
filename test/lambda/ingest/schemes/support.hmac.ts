import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { SchemeContext, SchemeModule, SchemeVerdict } from '../../../../lib/contract/scheme-module';
import { WebhookRequest } from '../../../../lambda/ingest/request';
import * as adyen from '../../../../lambda/ingest/schemes/adyen';
import * as box from '../../../../lambda/ingest/schemes/box';
import * as braintree from '../../../../lambda/ingest/schemes/braintree';
import * as contentful from '../../../../lambda/ingest/schemes/contentful';
import * as docusign from '../../../../lambda/ingest/schemes/docusign';
import * as dropboxSign from '../../../../lambda/ingest/schemes/dropbox-sign';
import * as hook0 from '../../../../lambda/ingest/schemes/hook0';
import * as mailgun from '../../../../lambda/ingest/schemes/mailgun';
import * as mandrill from '../../../../lambda/ingest/schemes/mandrill';
import * as msgraph from '../../../../lambda/ingest/schemes/msgraph';
import * as plivo from '../../../../lambda/ingest/schemes/plivo';
import * as pusher from '../../../../lambda/ingest/schemes/pusher';
import * as twilio from '../../../../lambda/ingest/schemes/twilio';

/** By scheme: two of them share a module. */
export const MODULES: { readonly [scheme: string]: SchemeModule } = {
  'twilio': twilio, 'twilio-json': twilio, 'plivo': plivo, 'mandrill': mandrill, 'mailgun': mailgun, 'adyen': adyen, 'braintree': braintree,
  'box': box, 'docusign': docusign, 'dropbox-sign': dropboxSign, 'pusher': pusher, 'contentful': contentful, 'msgraph': msgraph, 'hook0': hook0,
};

export const NOW = 1_767_323_045;
export const URL_OF_SOURCE = 'https://hooks.example.com/in/s';
export const FORM = 'application/x-www-form-urlencoded';

/** All that a verdict hangs on. Tests start from a valid one and spoil a part. */
export interface Case {
  readonly scheme: string;
  readonly secrets: readonly string[];
  readonly method?: string;
  /** With the query; undefined where the source has none. */
  readonly url?: string | undefined;
  readonly headers?: { readonly [name: string]: string };
  readonly body: Buffer | string;
  readonly settings?: SchemeContext['settings'];
  /** Seconds since 1970. */
  readonly now?: number;
}

export function judge(given: Case): Promise<SchemeVerdict> {
  const { scheme, secrets, method = 'POST', headers = {}, body, settings = {}, now = NOW } = given;
  const url = 'url' in given ? given.url : URL_OF_SOURCE;
  const module = MODULES[scheme];
  if (!module) throw new Error(`no module serves ${scheme}`);
  const verifier = module.createVerifier({ scheme, settings, secretId: 'webhooks/s', fetch: () => Promise.reject(new Error('nothing is fetched')) });
  const byName = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
  const query = url?.includes('?') ? url.slice(url.indexOf('?') + 1) : '';
  return verifier.verify(new WebhookRequest(method, byName, Buffer.from(body), query, url), [...secrets], now * 1_000);
}

export async function isValid(given: Case): Promise<boolean> {
  return (await judge(given)).valid;
}

export interface Vector {
  readonly id: string;
  readonly description: string;
  readonly secret: string | string[];
  readonly method: string;
  readonly url: string;
  readonly headers: { readonly [name: string]: string | string[] };
  readonly bodyBase64: string;
  readonly now: number;
  readonly expect: 'valid' | 'invalid';
  readonly advisory?: boolean;
}

export function loadVectors(scheme: string): Vector[] {
  const file = path.resolve(__dirname, `../../../conformance/vectors/${scheme}.json`);
  return JSON.parse(readFileSync(file, 'utf8'));
}

export function caseOf(scheme: string, { secret, method, url, headers, bodyBase64, now }: Vector): Case {
  const joined = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value].flat().join(',')]));
  return { scheme, secrets: secretsOf(scheme, secret), method, url, headers: joined, body: Buffer.from(bodyBase64, 'base64'), now };
}

/** Box has two keys in one secret; elsewhere several are versions. */
function secretsOf(scheme: string, secret: string | string[]): string[] {
  if (scheme !== 'box' || !Array.isArray(secret)) return [secret].flat();
  return [JSON.stringify({ primary: secret[0], secondary: secret[1] })];
}

/** The first case of a scheme that its provider would send. */
export function firstValid(scheme: string): Case {
  // The first ones of DocuSign are signed by several keys, whose names differ by a bit.
  const vector = loadVectors(scheme).find(({ id, expect: expected }) => expected === 'valid' && (scheme !== 'docusign' || id === 'docusign-v04'));
  if (!vector) throw new Error(`${scheme} has no valid vector`);
  return caseOf(scheme, vector);
}

export function sign(hash: 'sha1' | 'sha256', key: string | Buffer, text: string | Buffer, encoding: 'hex' | 'base64'): string {
  return createHmac(hash, key).update(text).digest(encoding);
}

/** There are no recorded requests of Hook0. */
export function hook0Case({ h = 'content-type x-event-type', body = '{"a":1}', t = String(NOW), secret = 'hook0-secret' } = {}): Case {
  const headers: { [name: string]: string } = { 'content-type': 'application/json', 'x-event-type': 'onchain.activity' };
  const values = h === '' ? [] : h.split(' ').map((name) => headers[name]);
  const v0 = sign('sha256', secret, `${t}.${body}`, 'hex');
  const v1 = sign('sha256', secret, `${t}.${h}.${values.join('.')}.${body}`, 'hex');
  return { scheme: 'hook0', secrets: [secret], body, headers: { ...headers, 'X-Hook0-Signature': `t=${t},v0=${v0},h=${h},v1=${v1}` } };
}
