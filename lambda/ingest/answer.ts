import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import type { RejectReason } from '../../lib/contract/log';

interface Answer {
  readonly status: number;
  /** The same for everybody: what was wrong with a signature is nobody's business but the log's. */
  readonly message: string;
  readonly headers?: { readonly [name: string]: string };
}

const UNAUTHORIZED: Answer = { status: 401, message: 'Unauthorized' };

/** Seconds after which a sender that reads the header may try again. */
const later = (seconds: number): Answer => ({ status: 503, message: 'Service Unavailable', headers: { 'retry-after': String(seconds) } });

const REJECTIONS: { readonly [reason in RejectReason]: Answer } = {
  route: { status: 404, message: 'Not Found' },
  method: { status: 405, message: 'Method Not Allowed', headers: { allow: 'POST' } },
  size: { status: 413, message: 'Content Too Large' },
  signature: UNAUTHORIZED,
  timestamp: UNAUTHORIZED,
  schema: { status: 422, message: 'Unprocessable Content' },
  secret: later(30),
  enqueue: later(5),
  store: later(60),
  internal: later(5),
};

export function accepted(): APIGatewayProxyStructuredResultV2 {
  return { statusCode: 200 };
}

export function rejected(reason: RejectReason): APIGatewayProxyStructuredResultV2 & { statusCode: number } {
  const { status, message, headers } = REJECTIONS[reason];
  return { statusCode: status, headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify({ message }) };
}
