import { isUtf8 } from 'node:buffer';
import { isDeepStrictEqual } from 'node:util';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import type { createHandler as CreateHandler, IngestDependencies } from '../../../lambda/ingest/handler';
import type { SecretReference } from '../../../lib/contract/config';
import type { KeyFetch } from '../../../lib/contract/scheme-module';
import type { Case } from './cases';
import { JWKS_URL, secretsFor, sourceFor } from './source';

/** The built ingest function: its bundle and the modules beside it. */
export interface Ingest {
  readonly createHandler: typeof CreateHandler;
  readonly schemes: IngestDependencies['schemes'];
}

/** Why the case fails; undefined where it passes. */
export async function runCase(ingest: Ingest, each: Case): Promise<string | undefined> {
  const body = Buffer.from(each.bodyBase64, 'base64');
  for (const base64 of isUtf8(body) ? [true, false] : [true]) {
    const problem = await runOnce(ingest, each, body, base64);
    if (problem !== undefined) return `${problem} (the body as ${base64 ? 'base64' : 'text'})`;
  }
  return undefined;
}

async function runOnce({ createHandler, schemes }: Ingest, each: Case, body: Buffer, base64: boolean): Promise<string | undefined> {
  const sent: string[] = [];
  const lines: unknown[] = [];
  const handler = createHandler({
    config: { gateway: 'Conformance', sources: { source: sourceFor(each) }, targets: { target: { queueUrl: 'https://sqs.example.com/1/target' } } },
    now: () => each.now * 1_000,
    secrets: secretReader(each),
    schemes,
    fetch: keyFetch(each),
    pair: async () => each.pairing === true,
    send: async (_queueUrl, message) => { sent.push(message); },
    log: (line) => { lines.push(line); },
    metrics: () => undefined,
  });
  const { statusCode, headers = {}, body: answer = '' } = await handler(apiEvent(each, body, base64)) as {
    statusCode: number; headers?: { [name: string]: string }; body?: string;
  };
  const problem = each.response ? unlike(each.response, statusCode, headers, answer) : misjudged(each, statusCode, sent);
  return problem && `${problem}; it logged ${JSON.stringify(lines.at(-1))}`;
}

function misjudged({ expect }: Case, status: number, sent: readonly string[]): string | undefined {
  const taken = status >= 200 && status < 300;
  if (expect === 'valid') return taken ? undefined : `answered ${status}, and the request is valid`;
  if (taken) return `answered ${status}, and the request is invalid`;
  return sent.length === 0 ? undefined : 'refused, and sent to a queue all the same';
}

function unlike(
  expected: NonNullable<Case['response']>, status: number, headers: { readonly [name: string]: string }, body: string,
): string | undefined {
  if (status !== expected.status) return `answered ${status} and not ${expected.status}`;
  if (expected.body !== undefined && body !== expected.body) return `answered ${JSON.stringify(body)} and not ${JSON.stringify(expected.body)}`;
  if (expected.json !== undefined && !isDeepStrictEqual(parse(body), expected.json)) return `answered ${body} and not ${JSON.stringify(expected.json)}`;
  const given = new Map(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), String(value)]));
  for (const [name, value] of Object.entries(expected.headers ?? {})) {
    if (!sameHeader(name, given.get(name.toLowerCase()), value)) return `answered ${name}: ${given.get(name.toLowerCase())} and not ${value}`;
  }
  return undefined;
}

/** A content type may name its character set. */
function sameHeader(name: string, given: string | undefined, expected: string): boolean {
  return given === expected || (name.toLowerCase() === 'content-type' && given?.split(';', 1)[0] === expected);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** A source in its pairing state has no key, so that nothing can be verified. */
function secretReader(each: Case): IngestDependencies['secrets'] {
  const read = async ({ id }: SecretReference): Promise<string[]> => {
    if (!each.pairing) return secretsFor(each);
    throw Object.assign(new Error(`secret ${JSON.stringify(id)} waits for its sender`), { name: 'SecretError', kind: 'unusable' });
  };
  return { read, refresh: async () => false };
}

/** What the case says that is to be had; nothing else can be fetched. */
function keyFetch({ certificates = {}, jwks }: Case): KeyFetch {
  return async (url, init) => {
    if (Object.hasOwn(certificates, url)) return certificates[url] as string;
    if (url === JWKS_URL) return JSON.stringify(jwks);
    if (/^https:\/\/sns\.[\w-]+\.amazonaws\.com\/\?Action=ConfirmSubscription&/.test(url)) return '<ConfirmSubscriptionResponse/>';
    if (url === 'https://sandbox.plaid.com/webhook_verification_key/get') {
      const { key_id: id } = JSON.parse(init?.body ?? '{}') as { key_id?: string };
      const key = jwks?.keys.find(({ kid }) => kid === id);
      if (key) return JSON.stringify({ key: { ...key, expired_at: null } });
    }
    throw new Error(`nothing is at ${url}`);
  };
}

/** As API Gateway hands it over in payload format 2.0: names in lower case, values of a repeated header joined. */
function apiEvent({ method, url, headers, now }: Case, body: Buffer, base64: boolean): APIGatewayProxyEventV2 {
  const given: { [name: string]: string } = { 'content-length': String(body.length), 'host': 'api.example.com' };
  for (const [name, value] of Object.entries(headers)) {
    const before = Object.hasOwn(given, name.toLowerCase()) && name.toLowerCase() !== 'host' ? [given[name.toLowerCase()]] : [];
    given[name.toLowerCase()] = [...before, ...[value].flat()].join(',');
  }
  const at = url.indexOf('?');
  return {
    version: '2.0', routeKey: 'ANY /in', rawPath: '/in', rawQueryString: at === -1 ? '' : url.slice(at + 1), headers: given,
    requestContext: {
      accountId: '123456789012', apiId: 'a1', domainName: 'api.example.com', domainPrefix: 'api', requestId: 'r1', routeKey: 'ANY /in', stage: '$default',
      http: { method, path: '/in', protocol: 'HTTP/1.1', sourceIp: '192.0.2.1', userAgent: 'conformance' },
      time: new Date(now * 1_000).toUTCString(), timeEpoch: now * 1_000,
    },
    body: base64 ? body.toString('base64') : body.toString('utf8'),
    isBase64Encoded: base64,
  };
}
