import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { LogLine } from '../../lib/contract/log';
import type { Clock } from '../clock';
import { listen } from '../loopback';
import { httpApiEvent, requestTarget, type Target } from './event';
import { gatewayResponse, type GatewayResponse } from './function-response';
import { hostAllowed } from './host-check';
import { REFUSALS, refusalLine, type Refusal } from './refusals';
import { readBody } from './request-body';
import { checkRoute, findRoute, routeKey, type HttpApiRoute, type RouteResult } from './routes';
import { TokenBucket } from './throttle';

export interface HttpApiOptions {
  readonly id: string;
  /** Only `$default` runs locally; other stages put their name into every path. */
  readonly stage: string;
  readonly routes: readonly HttpApiRoute[];
  readonly clock: Clock;
  readonly account: string;
  readonly onLine: (line: LogLine) => void;
  /** Real milliseconds that the API waits for a function. Default: 30,000, the most that AWS allows. */
  readonly integrationTimeoutMs?: number;
}

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html */
const MAX_HEADER_BYTES = 10_240;
const INTEGRATION_TIMEOUT_MS = 30_000;

type Answer = Refusal | GatewayResponse;
type ThrottledRoute = HttpApiRoute & { readonly bucket?: TokenBucket };
type TimedResult = RouteResult | { readonly outcome: 'integration-timeout' };

/** An API Gateway HTTP API on loopback: every route hands its requests to a function. */
export class HttpApi {
  private readonly server: Server;
  private readonly routes: ThrottledRoute[];
  private port = 0;

  constructor(private readonly options: HttpApiOptions) {
    if (options.stage !== '$default') throw new Error(`stage ${JSON.stringify(options.stage)} cannot run locally: only $default can`);
    options.routes.forEach(checkRoute);
    this.routes = options.routes.map((route) => ({
      ...route,
      ...(route.throttle && { bucket: new TokenBucket(route.throttle.rate, route.throttle.burst, performance.now()) }),
    }));
    // Node.js refuses long headers itself, without a word to us; its limit only has to be the larger one.
    this.server = createServer({ maxHeaderSize: 4 * MAX_HEADER_BYTES }, (request, response) => void this.serve(request, response));
    this.server.on('clientError', (error: NodeJS.ErrnoException, socket: Duplex) => this.refuseUnparsed(error, socket));
  }

  /** Listens on 127.0.0.1; port 0 takes any free one. Resolves to the port; a taken one is a `LocalRunError` `port-taken`. */
  async listen(port: number): Promise<number> {
    this.port = await listen(this.server, port, `HTTP API ${this.options.id}`);
    return this.port;
  }

  close(): Promise<void> {
    return new Promise((resolve) => {
      this.server.close(() => resolve());
      this.server.closeAllConnections();
    });
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const requestId = gatewayRequestId();
    const target = requestTarget(request);
    const route = target ? findRoute(this.routes, request.method ?? '', target.path) : undefined;
    const refusal = this.refuseHead(request, target, route);
    if (refusal) return this.answer(refusal, request, response, requestId);
    const body = await readBody(request).catch(() => undefined);
    if (body === undefined) return;
    // From here on a manual clock waits: what follows ends by itself, a slow client does not.
    await this.options.clock.track(this.integrate(route as HttpApiRoute, target as Target, body, request, requestId)
      .then((answer) => this.answer(answer, request, response, requestId)));
  }

  /** What can be said before the body is read. */
  private refuseHead(request: IncomingMessage, target: Target | null, route: ThrottledRoute | undefined): Refusal | null {
    if (!hostAllowed(request.headers.host, this.port)) return 'host';
    if (headBytes(request) > MAX_HEADER_BYTES) return 'headers-too-large';
    if (!target) return 'path';
    if (!route) return 'route';
    return route.bucket?.take(performance.now()) === false ? 'throttled' : null;
  }

  private async integrate(route: HttpApiRoute, target: Target, body: Buffer | null, request: IncomingMessage, requestId: string): Promise<Answer> {
    if (!body) return 'body-too-large';
    const { account: accountId, id: apiId, stage, clock } = this.options;
    const event = httpApiEvent(request, target, body, { accountId, apiId, stage, routeKey: routeKey(route), requestId, now: clock.now() });
    const result = await this.inTime(route.function.invoke(event));
    switch (result.outcome) {
      case 'success': return gatewayResponse(result.payload) ?? 'malformed-response';
      case 'function-error': return 'function-failed';
      default: return result.outcome;
    }
  }

  /** The invocation goes on when the API no longer waits for it. */
  private async inTime(invocation: Promise<RouteResult>): Promise<TimedResult> {
    let timer: NodeJS.Timeout | undefined;
    const timeout = new Promise<TimedResult>((resolve) => {
      timer = setTimeout(() => resolve({ outcome: 'integration-timeout' }), this.options.integrationTimeoutMs ?? INTEGRATION_TIMEOUT_MS);
    });
    return Promise.race([invocation, timeout]).finally(() => clearTimeout(timer));
  }

  private answer(answer: Answer, request: IncomingMessage, response: ServerResponse, requestId: string): void {
    const { status, headers, cookies, body } = typeof answer === 'string' ? refusalResponse(answer) : answer;
    if (typeof answer === 'string') this.writeLine(answer, `${request.method} ${(request.url ?? '').split('?', 1)[0]}`);
    if (cookies.length > 0) response.setHeader('set-cookie', cookies);
    const bodiless = status === 204 || status === 304;
    response.writeHead(status, { ...headers, ...(!bodiless && { 'content-length': body.length }), 'apigw-requestid': requestId });
    response.end(body);
  }

  /** A request that Node.js could not read to the end of its headers. */
  private refuseUnparsed(error: NodeJS.ErrnoException, socket: Duplex): void {
    if (!socket.writable) return;
    const tooLarge = error.code === 'HPE_HEADER_OVERFLOW';
    if (tooLarge) this.writeLine('headers-too-large', 'a request');
    const body = tooLarge ? refusalResponse('headers-too-large').body.toString() : '{"message":"Bad Request"}';
    const status = tooLarge ? '431 Request Header Fields Too Large' : '400 Bad Request';
    socket.end(`HTTP/1.1 ${status}\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\nconnection: close\r\n\r\n${body}`);
  }

  private writeLine(refusal: Refusal, where: string): void {
    const line = refusalLine(refusal, where, this.options.clock.now());
    if (line) this.options.onLine(line);
  }
}

function refusalResponse(refusal: Refusal): GatewayResponse {
  const { status, message } = REFUSALS[refusal];
  return { status, headers: { 'content-type': 'application/json' }, cookies: [], body: Buffer.from(JSON.stringify({ message })) };
}

/** The quota counts the request line and the header values. */
function headBytes(request: IncomingMessage): number {
  const line = `${request.method} ${request.url} HTTP/${request.httpVersion}`.length;
  return request.rawHeaders.reduce((sum, text, index) => (index % 2 === 1 ? sum + text.length : sum), line);
}

/** Like `JKJaXmPLvHcESHA=`. */
function gatewayRequestId(): string {
  return randomBytes(11).toString('base64');
}
