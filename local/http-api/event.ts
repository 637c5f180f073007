import { randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { isText } from './request-body';

/** Where a request goes. */
export interface Target {
  /** As HTTP APIs decode it. */
  readonly path: string;
  /** As it was sent, without the question mark. */
  readonly query: string;
}

/** What an event says beyond the request itself. */
export interface EventContext {
  readonly accountId: string;
  readonly apiId: string;
  readonly stage: string;
  readonly routeKey: string;
  readonly requestId: string;
  /** Milliseconds since 1970, on the run's clock. */
  readonly now: number;
}

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html */
export interface HttpApiEvent {
  readonly version: '2.0';
  readonly routeKey: string;
  readonly rawPath: string;
  readonly rawQueryString: string;
  readonly cookies?: string[];
  readonly headers: { readonly [name: string]: string };
  readonly queryStringParameters?: { readonly [name: string]: string };
  readonly requestContext: {
    readonly accountId: string;
    readonly apiId: string;
    readonly domainName: string;
    readonly domainPrefix: string;
    readonly http: {
      readonly method: string; readonly path: string; readonly protocol: string; readonly sourceIp: string; readonly userAgent: string;
    };
    readonly requestId: string;
    readonly routeKey: string;
    readonly stage: string;
    readonly time: string;
    readonly timeEpoch: number;
  };
  readonly body?: string;
  readonly isBase64Encoded: boolean;
}

/** Payload format 2.0. What is empty is absent, as AWS sends it: `cookies`, `queryStringParameters`, `body`; `pathParameters` always is. */
export function httpApiEvent(request: IncomingMessage, { path, query }: Target, body: Buffer, context: EventContext): HttpApiEvent {
  const { headers, cookies } = eventHeaders(request, body.length, context.now);
  const text = body.length === 0 || isText(request.headers);
  const domainName = request.headers.host ?? '';
  return {
    version: '2.0',
    routeKey: context.routeKey,
    rawPath: path,
    rawQueryString: query,
    ...(cookies.length > 0 && { cookies }),
    headers,
    ...(query !== '' && { queryStringParameters: queryParameters(query) }),
    requestContext: {
      accountId: context.accountId,
      apiId: context.apiId,
      // "This should be the same as the incoming Host header", and never a name of AWS in a local run.
      // https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-logging-variables.html
      domainName,
      domainPrefix: domainName.split(/[.:]/, 1)[0] ?? '',
      http: {
        method: request.method ?? '',
        path,
        protocol: `HTTP/${request.httpVersion}`,
        sourceIp: sourceIp(request),
        userAgent: request.headers['user-agent'] ?? '',
      },
      requestId: context.requestId,
      routeKey: context.routeKey,
      stage: context.stage,
      time: requestTime(context.now),
      timeEpoch: context.now,
    },
    ...(body.length > 0 && { body: body.toString(text ? 'utf8' : 'base64') }),
    isBase64Encoded: !text,
  };
}

/** Null when the path is one that HTTP APIs refuse. */
export function requestTarget(request: IncomingMessage): Target | null {
  const url = (request.url ?? '').replace(/^https?:\/\/[^/?]*/i, '');
  const mark = url.indexOf('?');
  const path = decodePath(mark < 0 ? url : url.slice(0, mark));
  return path === null ? null : { path, query: mark < 0 ? '' : url.slice(mark + 1) };
}

/**
 * HTTP APIs, unlike REST APIs and function URLs, decode a path: twice, and in between they cut it at a `?`. So `%253F` is a `?` in
 * it, `%3F` ends it, and `%25` alone leaves a `%` that the second time is malformed (captures in https://github.com/hotsock/voker).
 */
function decodePath(path: string): string | null {
  try {
    return decodeURIComponent(decodeURIComponent(path).split('?', 1)[0] as string);
  } catch {
    return null;
  }
}

function queryParameters(query: string): { [name: string]: string } {
  const parameters = new Map<string, string>();
  for (const [name, value] of new URLSearchParams(query)) {
    const before = parameters.get(name);
    parameters.set(name, before === undefined ? value : `${before},${value}`);
  }
  return sorted(parameters);
}

/** Of one connection, and not of the request. */
const HOP_BY_HOP = new Set(['connection', 'expect', 'keep-alive', 'proxy-connection', 'te', 'trailer', 'transfer-encoding', 'upgrade']);

/** Names in lower case and in order, values of one name joined by a comma, cookies apart, and what the gateway adds. */
function eventHeaders(request: IncomingMessage, bodyBytes: number, now: number): { headers: { [name: string]: string }; cookies: string[] } {
  const headers = new Map<string, string>();
  const cookies: string[] = [];
  const raw = request.rawHeaders;
  for (let i = 0; i < raw.length; i += 2) {
    const name = (raw[i] as string).toLowerCase();
    const value = raw[i + 1] as string;
    if (name === 'cookie') cookies.push(...value.split(/; */).filter((cookie) => cookie !== ''));
    else if (!HOP_BY_HOP.has(name)) headers.set(name, headers.has(name) ? `${headers.get(name)},${value}` : value);
  }
  const forwardedFor = headers.get('x-forwarded-for');
  headers.set('content-length', String(bodyBytes));
  headers.set('x-amzn-trace-id', headers.get('x-amzn-trace-id') ?? traceId(now));
  headers.set('x-forwarded-for', forwardedFor ? `${forwardedFor}, ${sourceIp(request)}` : sourceIp(request));
  headers.set('x-forwarded-port', String(request.socket.localPort));
  headers.set('x-forwarded-proto', 'http');
  return { headers: sorted(headers), cookies };
}

/** By name, as a deployed API has both headers and parameters. */
function sorted(values: ReadonlyMap<string, string>): { [name: string]: string } {
  return Object.fromEntries([...values].sort(([a], [b]) => (a < b ? -1 : 1)));
}

function sourceIp(request: IncomingMessage): string {
  return (request.socket.remoteAddress ?? '').replace(/^::ffff:/, '');
}

function traceId(now: number): string {
  return `Root=1-${Math.floor(now / 1000).toString(16).padStart(8, '0')}-${randomBytes(12).toString('hex')}`;
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** The common log format's date, e.g. `12/Mar/2020:19:03:58 +0000`. */
function requestTime(now: number): string {
  const iso = new Date(now).toISOString();
  return `${iso.slice(8, 10)}/${MONTHS[Number(iso.slice(5, 7)) - 1]}/${iso.slice(0, 4)}:${iso.slice(11, 19)} +0000`;
}
