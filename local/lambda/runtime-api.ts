import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { hostAllowed } from '../http-api/host-check';
import { MAX_RESPONSE_BYTES, type FunctionError } from './invocation';
import { END_OF_OUTPUT_HEADER } from './runtime/protocol';

/** One invocation as the runtime receives it. */
export interface Delivery {
  readonly requestId: string;
  /** JSON text. */
  readonly event: string;
  readonly headers: { readonly [name: string]: string };
}

/** What a runtime reports. `marked` says that it ends its output with the text that END_OF_OUTPUT_HEADER gave it. */
export interface RuntimeListener {
  /** The runtime waits for an invocation: the module is imported, or the last invocation is over. */
  ready(): void;
  responded(payload: string, marked: boolean): void;
  responseTooLarge(marked: boolean): void;
  failed(error: FunctionError, marked: boolean): void;
  initFailed(error: FunctionError): void;
}

/** As in Lambda: a runtime also puts an error's message and stack into a header, for X-Ray. */
const MAX_HEADER_BYTES = 2 ** 20;

const PATH = /^\/2018-06-01\/runtime\/(?:invocation\/(next)|(init)\/error|invocation\/([^/]+)\/(response|error))$/;

/** The Lambda Runtime API for one process, on loopback. https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html */
export class RuntimeApi {
  private readonly server: Server;
  private poll: ServerResponse | null = null;
  /** The invocation that the runtime has and has not answered. */
  private current: string | null = null;

  constructor(private readonly listener: RuntimeListener) {
    this.server = createServer({ maxHeaderSize: MAX_HEADER_BYTES }, (request, response) => void this.handle(request, response));
    // Between an invocation and its result the runtime's connection is idle for as long as the function runs.
    this.server.keepAliveTimeout = 0;
    this.server.requestTimeout = 0;
  }

  /** Resolves to `host:port`, the value of AWS_LAMBDA_RUNTIME_API. */
  listen(): Promise<string> {
    return new Promise((resolve, reject) => {
      this.server.once('error', reject);
      this.server.listen(0, '127.0.0.1', () => resolve(`127.0.0.1:${this.port}`));
    });
  }

  /** Answers the runtime's poll. Only when it is ready. */
  deliver({ requestId, event, headers }: Delivery): void {
    this.current = requestId;
    this.poll?.writeHead(200, { 'content-type': 'application/json', 'lambda-runtime-aws-request-id': requestId, ...headers });
    this.poll?.end(event);
    this.poll = null;
  }

  close(): void {
    this.server.close();
    this.server.closeAllConnections();
  }

  private get port(): number {
    return (this.server.address() as AddressInfo | null)?.port ?? 0;
  }

  private async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [, next, init, requestId, result] = PATH.exec(request.url ?? '') ?? [];
    if (!hostAllowed(request.headers.host, this.port)) return refuse(response, 403, 'Forbidden', 'unknown Host');
    if (next && request.method === 'GET') return this.next(response);
    if (!(init || result) || request.method !== 'POST') return refuse(response, 404, 'NotFound', 'unknown path or method');
    if (result && requestId !== this.current) return refuse(response, 400, 'InvalidRequestID', 'Invalid request ID');
    const body = await readBody(request);
    // The process ended while it was posting; its exit tells the rest.
    if (body.state === 'aborted') return;
    if (result) this.current = null;
    const marked = request.headers[END_OF_OUTPUT_HEADER] !== undefined;
    if (body.state === 'too-large') {
      refuse(response, 413, 'RequestEntityTooLarge', `Exceeded maximum allowed payload size (${MAX_RESPONSE_BYTES} bytes).`);
      return this.listener.responseTooLarge(marked);
    }
    response.writeHead(202, { 'content-type': 'application/json' }).end('{"status":"OK"}');
    if (result === 'response') this.listener.responded(body.text, marked);
    else if (result === 'error') this.listener.failed(functionError(body.text, request), marked);
    else this.listener.initFailed(functionError(body.text, request));
  }

  private next(response: ServerResponse): void {
    // It would be given the same invocation again, for ever.
    if (this.current !== null) return refuse(response, 403, 'InvalidStateTransition', 'the last invocation has no result yet');
    this.poll = response;
    this.listener.ready();
  }
}

type Body = { readonly state: 'whole'; readonly text: string } | { readonly state: 'too-large' } | { readonly state: 'aborted' };

async function readBody(request: IncomingMessage): Promise<Body> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of request as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      if (bytes <= MAX_RESPONSE_BYTES) chunks.push(chunk);
    }
  } catch {
    return { state: 'aborted' };
  }
  return bytes > MAX_RESPONSE_BYTES ? { state: 'too-large' } : { state: 'whole', text: Buffer.concat(chunks).toString() };
}

/** A runtime is free in what it posts; what is not an error in Lambda's shape is carried as its text. */
function functionError(body: string, request: IncomingMessage): FunctionError {
  const errorType = String(request.headers['lambda-runtime-function-error-type'] ?? 'Runtime.Unknown');
  try {
    const parsed: unknown = JSON.parse(body);
    if (typeof parsed === 'object' && parsed !== null && 'errorMessage' in parsed) return { errorType, ...parsed } as FunctionError;
  } catch {
    // Not JSON: its text, below.
  }
  return { errorType, errorMessage: body };
}

function refuse(response: ServerResponse, status: number, errorType: string, errorMessage: string): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify({ errorMessage, errorType }));
}
