import { AwsCallError, readError, type AwsFailure } from './aws-error';
import { sign } from './aws-signer';
import { ConnectionError, Connections, type Exchanged } from './connections';

/**
 * AWS services over their JSON protocol. The SDK's clients cost fifteen times the cold start and three times the CPU of a
 * call; what they send is what this sends, and a test holds the two side by side.
 */
const SERVICES = {
  sqs: {
    target: 'AmazonSQS',
    endpointVariable: 'AWS_ENDPOINT_URL_SQS',
    headers: { 'content-type': 'application/x-amz-json-1.0', 'x-amzn-query-mode': 'true' },
  },
  secretsmanager: {
    target: 'secretsmanager',
    endpointVariable: 'AWS_ENDPOINT_URL_SECRETS_MANAGER',
    headers: { 'content-type': 'application/x-amz-json-1.1' },
  },
} as const;

export type AwsService = keyof typeof SERVICES;

export interface CallOptions {
  /** Time for one try, in milliseconds. */
  readonly timeoutMs: number;
  /** 1 or more. Only what may pass is tried again: throttling, 5xx, broken connections, timeouts. */
  readonly tries: number;
}

export interface Environment {
  readonly [name: string]: string | undefined;
}

/** SQS answers with less than this, and a secret is at most 64 KiB. */
const MAX_RESPONSE_BYTES = 1024 * 1024;

const PASSING: ReadonlySet<AwsFailure> = new Set(['throttled', 'unavailable', 'timeout']);

/** So many queues of one event are written to at once. */
const MAX_SOCKETS = 50;

export class AwsClient {
  readonly #connections = new Connections({ maxSockets: MAX_SOCKETS });
  readonly #environment: Environment;

  constructor(environment: Environment = process.env) {
    this.#environment = environment;
  }

  /** Carries out one action. Rejects with `AwsCallError`. */
  async call<Output>(service: AwsService, action: string, input: object, { timeoutMs, tries }: CallOptions): Promise<Output> {
    const body = Buffer.from(JSON.stringify(input));
    for (let left = tries; ; left--) {
      try {
        return await this.#try<Output>(service, action, body, timeoutMs);
      } catch (error) {
        if (left <= 1 || !(error instanceof AwsCallError) || !PASSING.has(error.kind)) throw error;
        if (error.kind === 'timeout') this.#connections.dropIdle();
        else await new Promise((resolve) => setTimeout(resolve, 20 + Math.random() * 80));
      }
    }
  }

  /**
   * Opens the connection and derives the signing key while the function initialises, where it has a whole CPU. The request
   * is unsigned: any answer, also a refusal, leaves an open connection behind.
   */
  async connect(service: AwsService, timeoutMs: number): Promise<void> {
    const url = endpointOf(service, this.#environment);
    this.#signed(service, 'Warm', url, Buffer.from('{}'));
    const limits = { signal: AbortSignal.timeout(timeoutMs), maxResponseBytes: MAX_RESPONSE_BYTES };
    await this.#connections.exchange({ url: new URL('/ping', url), method: 'GET', headers: {}, ...limits });
  }

  async #try<Output>(service: AwsService, action: string, body: Buffer, timeoutMs: number): Promise<Output> {
    const call = `${service} ${action}`;
    const url = endpointOf(service, this.#environment);
    const headers = this.#signed(service, action, url, body);
    const limits = { signal: AbortSignal.timeout(timeoutMs), maxResponseBytes: MAX_RESPONSE_BYTES };
    const response = await this.#connections.exchange({ url, method: 'POST', headers, body, ...limits }).catch((error: unknown) => {
      throw error instanceof ConnectionError ? noAnswer(call, error) : error;
    });
    return readOutput<Output>(call, response);
  }

  #signed(service: AwsService, action: string, url: URL, body: Buffer): { [name: string]: string } {
    const { target, headers } = SERVICES[service];
    const environment = this.#environment;
    return sign({
      path: url.pathname,
      headers: { ...headers, 'x-amz-target': `${target}.${action}`, 'content-length': String(body.length), 'host': url.host },
      body,
      service,
      region: variable('AWS_REGION', environment),
      credentials: {
        accessKeyId: variable('AWS_ACCESS_KEY_ID', environment),
        secretAccessKey: variable('AWS_SECRET_ACCESS_KEY', environment),
        sessionToken: environment['AWS_SESSION_TOKEN'],
      },
      date: new Date(),
    });
  }
}

/** Never the host of a queue's URL: a run that names an endpoint must not be able to reach another. */
export function endpointOf(service: AwsService, environment: Environment): URL {
  const given = environment[SERVICES[service].endpointVariable] || environment['AWS_ENDPOINT_URL'];
  if (given) return new URL(given);
  const region = variable('AWS_REGION', environment);
  return new URL(`https://${service}.${region}.${region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com'}`);
}

function variable(name: string, environment: Environment): string {
  const value = environment[name];
  if (!value) throw new Error(`the environment variable ${name} is not set; Lambda always sets it`);
  return value;
}

function noAnswer(call: string, error: ConnectionError): AwsCallError {
  return new AwsCallError(call, error.code === 'ABORT_ERR' ? 'timeout' : 'unavailable', error.code);
}

function readOutput<Output>(call: string, { status, headers, body, complete }: Exchanged): Output {
  const text = body.toString('utf8');
  if (status < 200 || status > 299) {
    const errorType = headers['x-amzn-errortype'];
    throw readError(call, status, typeof errorType === 'string' ? errorType : undefined, text);
  }
  try {
    if (complete) return (text === '' ? {} : JSON.parse(text)) as Output;
  } catch {
    throw new AwsCallError(call, 'unavailable', 'UnreadableResponse', status);
  }
  throw new AwsCallError(call, 'unavailable', 'IncompleteResponse', status);
}
