import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import type { Acknowledgement } from '../../lib/contract/scheme';
import type { AnswerName } from './rejection';

export type Answer = APIGatewayProxyStructuredResultV2 & { statusCode: number };

interface Refusal {
  readonly status: number;
  /** The same for everybody: what was wrong with a signature is nobody's business but the log's. */
  readonly message: string;
  readonly headers?: { readonly [name: string]: string };
}

const UNAUTHORIZED: Refusal = { status: 401, message: 'Unauthorized' };

/** Seconds after which a sender that reads the header may try again. */
const later = (seconds: number): Refusal => ({ status: 503, message: 'Service Unavailable', headers: { 'retry-after': String(seconds) } });

const REFUSALS: { readonly [name in AnswerName]: Refusal } = {
  route: { status: 404, message: 'Not Found' },
  method: { status: 405, message: 'Method Not Allowed' },
  size: { status: 413, message: 'Content Too Large' },
  signature: UNAUTHORIZED,
  timestamp: UNAUTHORIZED,
  forbidden: { status: 403, message: 'Forbidden' },
  schema: { status: 422, message: 'Unprocessable Content' },
  secret: later(30),
  enqueue: later(5),
  store: later(60),
  internal: later(5),
};

export function accepted({ status, contentType = 'text/plain', body }: Acknowledgement = { status: 200 }): Answer {
  return body === undefined ? { statusCode: status } : { statusCode: status, headers: { 'content-type': contentType }, body };
}

/** `methods`: what the source takes, for a method that it does not. */
export function rejected(name: AnswerName, methods: readonly string[] = []): Answer {
  const { status, message, headers } = REFUSALS[name];
  const allow: { [name: string]: string } = name === 'method' ? { allow: methods.join(', ') } : {};
  return { statusCode: status, headers: { 'content-type': 'application/json', ...headers, ...allow }, body: JSON.stringify({ message }) };
}

/** What a sender puts into a challenge comes back as it is, so it must never be read as a page. */
const NO_PAGE = { 'x-content-type-options': 'nosniff' };

export function textAnswer(status: number, body: string): Answer {
  return { statusCode: status, headers: { 'content-type': 'text/plain', ...NO_PAGE }, body };
}

export function jsonAnswer(status: number, value: object): Answer {
  return { statusCode: status, headers: { 'content-type': 'application/json', ...NO_PAGE }, body: JSON.stringify(value) };
}

/** No body. A header that is more than one line of printable characters is left out. */
export function headerAnswer(status: number, values: { readonly [name: string]: string | number | undefined }): Answer {
  const headers = Object.entries(values).flatMap(([name, value = '']) => /^[\x20-\x7E]+$/.test(String(value)) ? [[name, String(value)] as const] : []);
  return { statusCode: status, ...(headers.length > 0 ? { headers: Object.fromEntries(headers) } : {}) };
}
