import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { sign } from '../../lambda/shared/aws-signer';
import type { Account } from './account';

export interface CallResult {
  readonly status: number;
  readonly headers: { readonly [name: string]: string | string[] | undefined };
  readonly text: string;
}

type Strings = { readonly [name: string]: string };

/** Calls an action of a service for which no client is installed. */
export function call({ endpoint, region, credentials }: Account, service: string, path: string, headers: Strings, text: string): Promise<CallResult> {
  const url = new URL(path, endpoint);
  const body = Buffer.from(text);
  const all = { ...headers, 'host': url.host, 'content-length': String(body.length) };
  const signed = sign({ path: url.pathname, headers: all, body, service, region, credentials, date: new Date() });
  return new Promise((resolve, reject) => {
    const request = url.protocol === 'https:' ? httpsRequest : httpRequest;
    request(url, { method: 'POST', headers: signed, agent: false }, (response) => {
      let answer = '';
      response.setEncoding('utf8').on('data', (chunk: string) => { answer += chunk; });
      response.once('end', () => resolve({ status: response.statusCode as number, headers: response.headers, text: answer }));
    }).once('error', reject).end(body);
  });
}

/** An action of the query protocol, which IAM and STS have. */
export async function query(account: Account, service: string, version: string, action: string, input: Strings = {}): Promise<string> {
  const form = new URLSearchParams({ Action: action, Version: version, ...input }).toString();
  const { status, text } = await call(account, service, '/', { 'content-type': 'application/x-www-form-urlencoded' }, form);
  if (status !== 200) throw new Error(`${action} failed with ${status}: ${text}`);
  return text;
}

/** What an element of an answer in XML holds. */
export function elementText(xml: string, element: string): string {
  return new RegExp(`<${element}>([^<]*)</${element}>`).exec(xml)?.[1] ?? '';
}

export async function accountId(account: Account): Promise<string> {
  return elementText(await query(account, 'sts', '2011-06-15', 'GetCallerIdentity'), 'Account');
}
