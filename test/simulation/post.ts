import { createHmac } from 'node:crypto';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import type { EventRecord } from './ledger';

export const SECRET = 'the secret of a simulation';

/** A GitHub webhook whose delivery id is the event's number, as API Gateway hands it over. */
export function apiEvent({ number, source, key }: EventRecord, bodyBytes: number): APIGatewayProxyEventV2 {
  const filling = bodyBytes > 0 ? { filling: 'x'.repeat(bodyBytes) } : {};
  const body = JSON.stringify({ number, ...(key !== undefined && { key }), ...filling });
  return {
    version: '2.0',
    routeKey: `ANY /${source}`,
    rawPath: `/${source}`,
    rawQueryString: '',
    headers: {
      'content-type': 'application/json',
      'x-github-delivery': String(number),
      'x-github-event': 'push',
      'x-hub-signature-256': `sha256=${createHmac('sha256', SECRET).update(body).digest('hex')}`,
    },
    requestContext: {
      accountId: '123456789012', apiId: 'a1', domainName: 'api.example.com', domainPrefix: 'api',
      http: { method: 'POST', path: `/${source}`, protocol: 'HTTP/1.1', sourceIp: '192.0.2.1', userAgent: 'simulation' },
      requestId: 'r', routeKey: `ANY /${source}`, stage: '$default', time: '', timeEpoch: 0,
    },
    body,
    isBase64Encoded: false,
  };
}

/** The event's number in a message of a delivery queue. */
export function numberIn(envelope: string): number {
  const found = /"providerId":"(\d+)"/.exec(envelope);
  return found ? Number(found[1]) : -1;
}

/** A receipt handle that says which event it is of, so that a fault at a handle alone can be accounted for. */
export function markHandle(handle: string, number: number): string {
  return `${number} ${handle}`;
}

export function readHandle(marked: string): { readonly handle: string; readonly number: number } {
  const space = marked.indexOf(' ');
  return { handle: marked.slice(space + 1), number: Number(marked.slice(0, space)) };
}
