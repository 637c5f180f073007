import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { AwsError, type AwsJsonService } from './aws-service';
import { errorXml } from './cloudformation';
import { BodyTooLargeError, foreignRequest, listen, readBody } from './loopback';

/** Room for a batch of the largest SQS messages in base64. */
const MAX_BODY_BYTES = 8 * 1024 * 1024;

/** Longer than the idle time of any client here, so that none posts on a connection that is just being closed. */
const KEEP_ALIVE_MS = 75_000;

/** A service of the query protocol: a form in, XML out. */
export interface FormService {
  call(action: string, parameters: { readonly [name: string]: string }, requestId: string): string;
}

interface Answer {
  readonly status: number;
  readonly headers: { readonly [name: string]: string };
  readonly body: string;
}

/** The one address of all AWS services of a local run, on loopback: `AWS_ENDPOINT_URL` of its functions and of its clients. */
export class ServiceEndpoint {
  private readonly json: AwsJsonService[] = [];
  private form: FormService | undefined;
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

  /** What answers form posts. There is one service of that protocol here, so the action alone tells. */
  setFormService(service: FormService): void {
    this.form = service;
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
    response.writeHead(answer.status, { ...answer.headers, 'x-amzn-requestid': requestId, 'content-length': Buffer.byteLength(answer.body) });
    response.end(answer.body);
    // What is left of a refused body is not worth reading.
    if (!request.complete) response.once('finish', () => request.destroy());
  }

  private async answer(request: IncomingMessage, requestId: string, signal: AbortSignal): Promise<Answer> {
    const contentType = (request.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
    const isForm = contentType === 'application/x-www-form-urlencoded';
    try {
      refuse(request, contentType, this.port);
      const body = await readBody(request, MAX_BODY_BYTES);
      return isForm ? this.answerForm(body, requestId) : await this.answerJson(request, body, signal);
    } catch (error) {
      return errorAnswer(asAwsError(error), isForm ? 'xml' : contentType, requestId);
    }
  }

  private async answerJson(request: IncomingMessage, body: Buffer, signal: AbortSignal): Promise<Answer> {
    const [prefix, action = ''] = String(request.headers['x-amz-target'] ?? '').split('.');
    const service = this.json.find((candidate) => candidate.prefix === prefix);
    if (!service) throw new AwsError('UnknownOperationException', `a local run has no service ${JSON.stringify(prefix)}, only ${this.names()}`);
    const output = await service.call(action, parse(body), signal);
    return { status: 200, headers: { 'content-type': service.contentType }, body: JSON.stringify(output) };
  }

  private answerForm(body: Buffer, requestId: string): Answer {
    const { Action: action = '', ...parameters } = Object.fromEntries(new URLSearchParams(body.toString('utf8')));
    if (!this.form) throw new AwsError('InvalidAction', `a local run has no action ${JSON.stringify(action)}`);
    return { status: 200, headers: { 'content-type': 'text/xml' }, body: this.form.call(action, parameters, requestId) };
  }

  private names(): string {
    return [...this.json.map(({ prefix }) => prefix), 'CloudFormation'].join(', ');
  }
}

/**
 * A page in a browser must not be able to drive the run. A form is the one body that a page may post anywhere without being
 * asked first; its Origin header gives it away.
 */
function refuse(request: IncomingMessage, contentType: string, port: number): void {
  const foreign = foreignRequest(request, port);
  if (foreign) throw new AwsError('AccessDeniedException', foreign, 403);
  if (request.method !== 'POST') throw new AwsError('UnknownOperationException', `${request.method} is no call of a service that runs here`, 404);
  if (!/^application\/(x-amz-json-1\.[01]|json|x-www-form-urlencoded)$/.test(contentType)) {
    throw new AwsError('UnsupportedMediaTypeException', `the content type ${JSON.stringify(contentType)} is none of the AWS JSON protocol`, 415);
  }
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

function errorAnswer(error: AwsError, format: string, requestId: string): Answer {
  if (format === 'xml') return { status: error.status, headers: { 'content-type': 'text/xml' }, body: errorXml(error, requestId) };
  return {
    status: error.status,
    headers: {
      'content-type': format.startsWith('application/x-amz-json') ? format : 'application/x-amz-json-1.0',
      'x-amzn-errortype': error.name,
      ...(error.queryError !== undefined && { 'x-amzn-query-error': error.queryError }),
    },
    body: JSON.stringify({ __type: error.type, message: error.message }),
  };
}
