import { createHmac } from 'node:crypto';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { createHandler } from '../lambda/ingest/handler';
import type { IngestConfig } from '../lib/contract/config';
import { SCHEMES } from '../lib/contract/schemes';
import type { Comparison, Contender } from './measure';

const SECRET = 'whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD';
const NOW = 1_767_323_045_000;
const BODY = JSON.stringify({ type: 'invoice.paid', text: 'x'.repeat(980) });

/** Ten queues get ten messages, but the request is read, proved and written into an envelope once. */
const BAR = 2;

/**
 * The CPU of the ingest function for one event, from API Gateway's request to its answer, with one target and with ten. What sends is left out:
 * with it, ten targets are ten signed requests, which go out at the same time.
 */
export async function ingestComparisons(): Promise<Comparison[]> {
  const [one, ten] = [await ingest('1 target', 1), await ingest('10 targets', 10)];
  return [
    { name: 'ingest 1 target', unit: 'us', inFlight: 1, bar: 1, ours: one, peers: [ten] },
    { name: 'ingest 10 targets', unit: 'us', inFlight: 1, bar: BAR, ours: ten, peers: [one] },
  ];
}

async function ingest(name: string, count: number): Promise<Contender> {
  let sent = 0;
  const handler = createHandler({
    config: configOf(count),
    now: () => NOW,
    secrets: { read: async () => [SECRET], refresh: async () => false },
    schemes: {},
    fetch: () => Promise.reject(new Error('nothing is fetched here')),
    pair: async () => false,
    send: async () => { sent++; },
    log: (line) => { JSON.stringify(line); },
    metrics: (line) => { JSON.stringify(line); },
  });
  const request = signedRequest();
  const run = async (): Promise<void> => {
    const { statusCode } = await handler(request);
    if (statusCode !== 200) throw new Error(`the webhook was answered ${statusCode}`);
  };
  await run();
  if (sent !== count) throw new Error(`the event went to ${sent} of ${count} targets`);
  return { name, version: '', run };
}

function configOf(count: number): IngestConfig {
  const targets = Array.from({ length: count }, (_, index) => [`target-${index}`, {
    queueUrl: `https://sqs.eu-west-1.amazonaws.com/123456789012/Webhooks-target-${index}`,
  }]);
  return {
    gateway: 'Webhooks/Gateway',
    sources: { orders: { verifications: [{ scheme: SCHEMES['standard-webhooks'], secret: { id: 'orders' }, previousSecretOverlapSeconds: 86_400 }] } },
    targets: Object.fromEntries(targets) as IngestConfig['targets'],
  };
}

/** In the payload format 2.0 of API Gateway. */
function signedRequest(): APIGatewayProxyEventV2 {
  const timestamp = String(NOW / 1_000);
  const signature = createHmac('sha256', Buffer.from(SECRET.slice(6), 'base64')).update(`msg_1.${timestamp}.`).update(BODY).digest('base64');
  const domainName = 'a1b2c3d4e5.execute-api.eu-west-1.amazonaws.com';
  return {
    version: '2.0', routeKey: 'ANY /orders', rawPath: '/orders', rawQueryString: '', isBase64Encoded: false, body: BODY,
    headers: {
      'content-length': String(BODY.length), 'content-type': 'application/json', 'host': domainName, 'user-agent': 'bench',
      'webhook-id': 'msg_1', 'webhook-timestamp': timestamp, 'webhook-signature': `v1,${signature}`,
    },
    requestContext: {
      accountId: '123456789012', apiId: 'a1b2c3d4e5', domainName, domainPrefix: 'a1b2c3d4e5',
      http: { method: 'POST', path: '/orders', protocol: 'HTTP/1.1', sourceIp: '192.0.2.1', userAgent: 'bench' },
      requestId: 'request', routeKey: 'ANY /orders', stage: '$default', time: '02/Jan/2026:03:04:05 +0000', timeEpoch: NOW,
    },
  };
}
