import { createHmac } from 'node:crypto';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import type { IngestConfig, SourceConfig } from '../../../lib/contract/config';
import type { Envelope } from '../../../lib/contract/envelope';
import type { LogLine } from '../../../lib/contract/log';
import type { MetricsLine } from '../../../lib/contract/metrics';
import type { Scheme } from '../../../lib/contract/scheme';
import { SCHEMES } from '../../../lib/contract/schemes';
import { compileFilter } from '../../../lambda/ingest/filter';
import { createHandler, type IngestDependencies } from '../../../lambda/ingest/handler';
import type { Order } from '../../../lambda/ingest/order';

/** 2026-01-02T03:04:05Z */
export const NOW = 1_767_323_045_000;

export const KEYS = {
  github: 'octo-secret',
  stripe: 'whsec_test_secret',
  standard: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
};

export interface Post {
  readonly path: string;
  readonly method: string;
  readonly headers: { [name: string]: string };
  readonly body: string | Buffer;
  readonly base64?: boolean;
  readonly query?: string;
}

/** A request as API Gateway hands it over in payload format 2.0. */
export function apiEvent({ path, method, headers, body, query = '', base64 = typeof body !== 'string' }: Post): APIGatewayProxyEventV2 {
  const time = 'Fri, 02 Jan 2026 03:04:05 GMT';
  const bytes = Buffer.from(body as string);
  return {
    version: '2.0',
    routeKey: `ANY ${path}`,
    rawPath: path,
    rawQueryString: query,
    headers: { 'content-length': String(bytes.length), 'host': 'api.example.com', ...headers },
    requestContext: {
      accountId: '123456789012', apiId: 'a1', domainName: 'api.example.com', domainPrefix: 'api',
      http: { method, path, protocol: 'HTTP/1.1', sourceIp: '192.0.2.1', userAgent: 'test' },
      requestId: 'r1', routeKey: `ANY ${path}`, stage: '$default', time, timeEpoch: NOW,
    },
    body: base64 ? bytes.toString('base64') : bytes.toString('utf8'),
    isBase64Encoded: base64,
  };
}

export function githubPost(body: string | Buffer = '{"action":"opened","issue":{"number":1}}', key = KEYS.github): Post {
  return {
    path: '/github',
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'user-agent': 'GitHub-Hookshot/044aadd',
      'x-github-delivery': '72d3162e-cc78-11e3-81ab-4c9367dc0958',
      'x-github-event': 'issues',
      'x-hub-signature-256': `sha256=${createHmac('sha256', key).update(body).digest('hex')}`,
    },
    body,
  };
}

export function stripePost(body: string | Buffer = '{"id":"evt_1","type":"invoice.paid"}', seconds = NOW / 1_000, key = KEYS.stripe): Post {
  const signature = createHmac('sha256', key).update(`${seconds}.`).update(body).digest('hex');
  return {
    path: '/stripe',
    method: 'POST',
    headers: { 'content-type': 'application/json; charset=utf-8', 'stripe-signature': `t=${seconds},v1=${signature}` },
    body,
  };
}

export function standardPost(body: string | Buffer = '{"type":"order.created"}', seconds: number | string = NOW / 1_000, key = KEYS.standard): Post {
  const bytes = Buffer.from(key.replace('whsec_', ''), 'base64');
  const signature = createHmac('sha256', bytes).update(`msg_1.${seconds}.`).update(body).digest('base64');
  return {
    path: '/standard',
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'webhook-id': 'msg_1',
      'webhook-timestamp': String(seconds),
      'webhook-signature': `v1,${signature}`,
    },
    body,
  };
}

export function source(scheme: Scheme, id: string): SourceConfig {
  return { verifications: [{ scheme, secret: { id }, previousSecretOverlapSeconds: 86_400 }] };
}

export function ingestConfig(): IngestConfig {
  return {
    gateway: 'Stack/Gateway',
    sources: {
      github: source(SCHEMES.github, 'github'),
      stripe: source(SCHEMES.stripe, 'stripe'),
      standard: source(SCHEMES['standard-webhooks'], 'standard'),
    },
    targets: {
      audit: { queueUrl: 'https://sqs.eu-west-1.amazonaws.com/123456789012/audit' },
      billing: { queueUrl: 'https://sqs.eu-west-1.amazonaws.com/123456789012/billing', sources: ['stripe'] },
    },
  };
}

export interface Sent {
  readonly queueUrl: string;
  readonly message: string;
  readonly order?: Order;
}

/** A payload bucket that keeps what it is given. */
export function payloadBucket() {
  const objects: { [key: string]: Uint8Array } = {};
  return { objects, putPayload: async (key: string, body: Uint8Array) => { objects[key] = body; } };
}

/** An ingest function with everything around it recorded. Override what a test wants to go wrong. */
export function ingest(overrides: Partial<IngestDependencies> = {}) {
  const sent: Sent[] = [];
  const lines: LogLine[] = [];
  const metrics: MetricsLine[] = [];
  const secrets: { [id: string]: string[] } = { github: [KEYS.github], stripe: [KEYS.stripe], standard: [KEYS.standard] };
  const handler = createHandler({
    config: ingestConfig(),
    now: () => NOW,
    secrets: { read: async ({ id }) => secrets[id] ?? [], refresh: async () => false },
    schemes: {},
    fetch: () => Promise.reject(new Error('nothing is fetched here')),
    filters: { compileFilter },
    pair: async () => false,
    send: async (queueUrl, message, order) => { sent.push({ queueUrl, message, ...(order && { order }) }); },
    log: (line) => { lines.push(line); },
    metrics: (line) => { metrics.push(line); },
    ...overrides,
  });
  return {
    sent,
    lines,
    metrics,
    secrets,
    handler,
    post: (post: Post) => handler(apiEvent(post)),
    envelopes: () => sent.map(({ message }) => JSON.parse(message) as Envelope),
  };
}

/** The bytes that an envelope carries. */
export function bytesOf({ body, bodyBase64 }: Envelope): Buffer {
  return body === undefined ? Buffer.from(bodyBase64 as string, 'base64') : Buffer.from(body, 'utf8');
}
