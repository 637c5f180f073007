import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { AwsError, type AwsJsonService, type RestAnswer, type RestService } from './aws-service';
import { errorXml } from './cloudformation';
import { BodyTooLargeError, foreignRequest, listen, readBody } from './loopback';

/** Room for a batch of the largest SQS messages in base64. */
const MAX_BODY_BYTES = 8 * 1024 * 1024;

/** Longer than the idle time of any client here, so that none posts on a connection that is just being closed. */
const KEEP_ALIVE_MS = 75_000;

/** A service of the query protocol: a form in, XML out. */
export interface FormService {
  /** Of its API, which every form names. */
  readonly version: string;
  call(action: string, parameters: { readonly [name: string]: string }, requestId: string): string;
}

/**
 * On every answer: an object of a bucket may be a page or a script, which must neither run here, where it could drive the run, nor be
 * read by a page of another origin.
 */
const GUARDS = {
  'content-security-policy': 'sandbox',
  'cross-origin-resource-policy': 'same-origin',
  'x-content-type-options': 'nosniff',
};

/** The one address of all AWS services of a local run, on loopback: `AWS_ENDPOINT_URL` of its functions and of its clients. */
export class ServiceEndpoint {
  private readonly json: AwsJsonService[] = [];
  private readonly rest: RestService[] = [];
  private readonly forms: FormService[] = [];
  private readonly server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS }, (request, response) => void this.handle(request, response));
  private port = 0;

  get origin(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  async listen(port: number): Promise<void> {
    this.port = await listen(this.server, port, 'the AWS services');
  }

  addJsonService(service: AwsJsonService): void {
    this.json.push(service);
  }

  /** Of several that own a request, the first one has it. */
  addRestService(service: RestService): void {
    this.rest.push(service);
  }

  /** A form names no service, but no two here have the same version of their API. */
  addFormService(service: FormService): void {
    this.forms.push(service);
  }

  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.server.close(resolve));
    this.server.closeAllConnections();
    await closed;
  }

  private async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const requestId = randomUUID();
    const left = new AbortController();
    response.on('close', () => left.abort());
    const answer = await this.answer(request, requestId, left.signal);
    if (left.signal.aborted) return;
    const bytes = { 'content-length': Buffer.byteLength(answer.body) };
    response.writeHead(answer.status, { ...bytes, ...answer.headers, ...GUARDS, 'x-amzn-requestid': requestId });
    response.end(answer.body);
    // What is left of a refused body is not worth reading.
    if (!request.complete) response.once('finish', () => request.destroy());
  }

  private async answer(request: IncomingMessage, requestId: string, signal: AbortSignal): Promise<RestAnswer> {
    const { method = '' } = request;
    const [path = '', ...query] = (request.url ?? '').split('?');
    const service = this.rest.find((candidate) => candidate.owns(method, path));
    if (!service) return this.answerCall(request, requestId, signal);
    try {
      refuseForeign(request, this.port);
      refuseUnasked(request);
      const body = await readBody(request, MAX_BODY_BYTES);
      return await service.call({ method, path, query: new URLSearchParams(query.join('?')), headers: request.headers, body });
    } catch (error) {
      return service.tell(asAwsError(error), requestId);
    }
  }

  /** A call whose action is in a header, or in a form. */
  private async answerCall(request: IncomingMessage, requestId: string, signal: AbortSignal): Promise<RestAnswer> {
    const contentType = contentTypeOf(request);
    const isForm = contentType === 'application/x-www-form-urlencoded';
    try {
      refuseForeign(request, this.port);
      refuseOtherProtocols(request, contentType);
      const body = await readBody(request, MAX_BODY_BYTES);
      return isForm ? this.answerForm(body, requestId) : await this.answerJson(request, body, signal);
    } catch (error) {
      return errorAnswer(asAwsError(error), isForm ? 'xml' : contentType, requestId);
    }
  }

  private async answerJson(request: IncomingMessage, body: Buffer, signal: AbortSignal): Promise<RestAnswer> {
    const [prefix, action = ''] = String(request.headers['x-amz-target'] ?? '').split('.');
    const service = this.json.find((candidate) => candidate.prefix === prefix);
    if (!service) throw new AwsError('UnknownOperationException', `a local run has no service ${JSON.stringify(prefix)}, only ${this.names()}`);
    const output = await service.call(action, parse(body), signal);
    return { status: 200, headers: { 'content-type': service.contentType }, body: JSON.stringify(output) };
  }

  private answerForm(body: Buffer, requestId: string): RestAnswer {
    const { Action: action = '', ...parameters } = Object.fromEntries(new URLSearchParams(body.toString('utf8')));
    const { Version: version } = parameters;
    const service = this.forms.find((candidate) => candidate.version === version);
    if (!service) throw new AwsError('InvalidAction', `a local run has no action ${JSON.stringify(action)} of a service with the version ${JSON.stringify(version)}`);
    return { status: 200, headers: { 'content-type': 'text/xml' }, body: service.call(action, parameters, requestId) };
  }

  private names(): string {
    return this.json.map(({ prefix }) => prefix).join(', ');
  }
}

function contentTypeOf({ headers }: IncomingMessage): string {
  return (headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
}

/** A page in a browser must not be able to drive the run. What it posts to another origin has an Origin header. */
function refuseForeign(request: IncomingMessage, port: number): void {
  const foreign = foreignRequest(request, port);
  if (foreign) throw new AwsError('AccessDeniedException', foreign, 403);
}

/** A form is the one body of these protocols that a page may post anywhere without being asked first; its Origin header gives it away. */
function refuseOtherProtocols({ method }: IncomingMessage, contentType: string): void {
  if (method !== 'POST') throw new AwsError('UnknownOperationException', `${method} is no call of a service that runs here`, 404);
  if (!/^application\/(x-amz-json-1\.[01]|json|x-www-form-urlencoded)$/.test(contentType)) {
    throw new AwsError('UnsupportedMediaTypeException', `the content type ${JSON.stringify(contentType)} is none of the AWS JSON protocol`, 415);
  }
}

/**
 * Refuses what a page could post without being asked first, should it come without an Origin header: neither a signature nor these
 * content types are among it. PUT and DELETE never are, GET and HEAD change nothing.
 */
function refuseUnasked(request: IncomingMessage): void {
  if (request.method !== 'POST' || request.headers.authorization !== undefined) return;
  const contentType = contentTypeOf(request);
  if (/^application\/(json|octet-stream)$/.test(contentType)) return;
  throw new AwsError('UnsupportedMediaTypeException', `the content type ${JSON.stringify(contentType)} is neither application/json nor application/octet-stream`, 415);
}

function parse(body: Buffer): { [name: string]: unknown } {
  try {
    const value: unknown = JSON.parse(body.toString('utf8') || '{}');
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as { [name: string]: unknown };
  } catch {
    // Told below, together with JSON that is no object.
  }
  throw new AwsError('SerializationException', 'the body is not a JSON object');
}

function asAwsError(error: unknown): AwsError {
  if (error instanceof AwsError) return error;
  if (error instanceof BodyTooLargeError) return new AwsError('RequestEntityTooLargeException', error.message, 413);
  return new AwsError('InternalFailure', `the local service failed: ${error instanceof Error ? error.message : String(error)}`, 500);
}

function errorAnswer(error: AwsError, format: string, requestId: string): RestAnswer {
  if (format === 'xml') return { status: error.status, headers: { 'content-type': 'text/xml' }, body: errorXml(error, requestId) };
  return {
    status: error.status,
    headers: {
      'content-type': format.startsWith('application/x-amz-json') ? format : 'application/x-amz-json-1.0',
      'x-amzn-errortype': error.name,
      ...(error.queryError !== undefined && { 'x-amzn-query-error': error.queryError }),
    },
    body: JSON.stringify({ ...error.details, __type: error.type, message: error.message }),
  };
}
