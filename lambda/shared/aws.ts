import { AwsCallError, readError, type AwsFailure } from './aws-error';
import { sign } from './aws-signer';
import { ConnectionError, Connections, type Exchanged } from './connections';

/**
 * AWS services over their JSON and REST protocols. The SDK's clients cost fifteen times the cold start and three times the CPU
 * of a call; what they send is what this sends, and a test holds the two side by side.
 */
const JSON_SERVICES = {
  sqs: { target: 'AmazonSQS', headers: { 'content-type': 'application/x-amz-json-1.0', 'x-amzn-query-mode': 'true' } },
  cloudwatch: { target: 'GraniteServiceVersion20100801', headers: { 'content-type': 'application/x-amz-json-1.0', 'x-amzn-query-mode': 'true' } },
  dynamodb: { target: 'DynamoDB_20120810', headers: { 'content-type': 'application/x-amz-json-1.0' } },
  secretsmanager: { target: 'secretsmanager', headers: { 'content-type': 'application/x-amz-json-1.1' } },
  ssm: { target: 'AmazonSSM', headers: { 'content-type': 'application/x-amz-json-1.1' } },
} as const;

export type JsonService = keyof typeof JSON_SERVICES;
export type RestService = 's3' | 'lambda';
export type AwsService = JsonService | RestService;

const ENDPOINT_VARIABLES: { readonly [service in AwsService]: string } = {
  sqs: 'AWS_ENDPOINT_URL_SQS',
  cloudwatch: 'AWS_ENDPOINT_URL_CLOUDWATCH',
  dynamodb: 'AWS_ENDPOINT_URL_DYNAMODB',
  secretsmanager: 'AWS_ENDPOINT_URL_SECRETS_MANAGER',
  ssm: 'AWS_ENDPOINT_URL_SSM',
  s3: 'AWS_ENDPOINT_URL_S3',
  lambda: 'AWS_ENDPOINT_URL_LAMBDA',
};

export interface RestRequest {
  readonly method: 'GET' | 'PUT' | 'POST';
  /** Begins with a slash and is percent-encoded. S3's begins with the bucket's name. */
  readonly path: string;
  readonly headers?: { readonly [name: string]: string };
  readonly body?: Uint8Array;
}

export type RestResponse = Pick<Exchanged, 'status' | 'headers' | 'body'>;

export interface CallOptions {
  /** Time for one try, in milliseconds. */
  readonly timeoutMs: number;
  /** 1 or more. Only what may pass is tried again: throttling, 5xx, broken connections, timeouts. */
  readonly tries: number;
}

export interface Environment {
  readonly [name: string]: string | undefined;
}

/** Ten messages of 1 MiB of JSON, with every character of them escaped once more. Nothing else is as big. */
const MAX_RESPONSE_BYTES = 20 * 1024 * 1024 + 65_536;

const PASSING: ReadonlySet<AwsFailure> = new Set(['throttled', 'unavailable', 'timeout']);

/** So many queues of one event are written to at once. */
const MAX_SOCKETS = 50;

export class AwsClient {
  readonly #connections = new Connections({ maxSockets: MAX_SOCKETS });
  readonly #environment: Environment;

  constructor(environment: Environment = process.env) {
    this.#environment = environment;
  }

  /** Carries out one action of a service's JSON protocol. Rejects with `AwsCallError`. */
  call<Output>(service: JsonService, action: string, input: object, { timeoutMs, tries }: CallOptions): Promise<Output> {
    const name = `${service} ${action}`;
    const request = jsonRequest(service, action, Buffer.from(JSON.stringify(input)));
    return this.#again(tries, async () => readOutput<Output>(name, await this.#exchange(name, service, request, timeoutMs)));
  }

  /** Carries out one request of a service that has no actions. Resolves to an answer of 2xx; rejects with `AwsCallError`. */
  rest(service: RestService, request: RestRequest, { timeoutMs, tries }: CallOptions): Promise<RestResponse> {
    return this.#again(tries, () => this.#exchange(`${service} ${request.method} ${request.path}`, service, request, timeoutMs));
  }

  /**
   * Opens the connection and derives the signing key while the function initialises, where it has a whole CPU. The request
   * is unsigned: any answer, also a refusal, leaves an open connection behind.
   */
  async connect(service: JsonService, timeoutMs: number): Promise<void> {
    const url = endpointOf(service, this.#environment);
    this.#signed(service, url, jsonRequest(service, 'Warm', Buffer.from('{}')));
    const limits = { signal: AbortSignal.timeout(timeoutMs), maxResponseBytes: MAX_RESPONSE_BYTES };
    await this.#connections.exchange({ url: new URL('/ping', url), method: 'GET', headers: {}, ...limits });
  }

  async #again<Result>(tries: number, attempt: () => Promise<Result>): Promise<Result> {
    for (let left = tries; ; left--) {
      try {
        return await attempt();
      } catch (error) {
        if (left <= 1 || !(error instanceof AwsCallError) || !PASSING.has(error.kind)) throw error;
        if (error.kind === 'timeout') this.#connections.dropIdle();
        else await new Promise((resolve) => setTimeout(resolve, 20 + Math.random() * 80));
      }
    }
  }

  /** One try. Rejects unless the answer is a whole one of 2xx. */
  async #exchange(name: string, service: AwsService, request: RestRequest, timeoutMs: number): Promise<Exchanged> {
    const url = endpointOf(service, this.#environment, request.path);
    const { method, body } = request;
    const limits = { signal: AbortSignal.timeout(timeoutMs), maxResponseBytes: MAX_RESPONSE_BYTES };
    const headers = this.#signed(service, url, request);
    const response = await this.#connections.exchange({ url, method, headers, body, ...limits }).catch((error: unknown) => {
      throw error instanceof ConnectionError ? noAnswer(name, error) : error;
    });
    const { status, complete } = response;
    if (status < 200 || status > 299) throw refused(name, response);
    if (!complete) throw new AwsCallError(name, 'unavailable', 'IncompleteResponse', status);
    return response;
  }

  #signed(service: AwsService, url: URL, { method, headers, body = EMPTY }: RestRequest): { [name: string]: string } {
    const environment = this.#environment;
    const length: { [name: string]: string } = method === 'GET' ? {} : { 'content-length': String(body.length) };
    return sign({
      method,
      path: url.pathname,
      query: url.search.slice(1),
      headers: { ...headers, ...length, host: url.host },
      body,
      service: SIGNING_NAMES[service] ?? service,
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

const EMPTY = Buffer.alloc(0);

/** The names of old that are in a signature's scope and in the host. */
const SIGNING_NAMES: { readonly [service: string]: string | undefined } = { cloudwatch: 'monitoring' };

function jsonRequest(service: JsonService, action: string, body: Buffer): RestRequest {
  const { target, headers } = JSON_SERVICES[service];
  return { method: 'POST', path: '/', headers: { ...headers, 'x-amz-target': `${target}.${action}` }, body };
}

/** Never the host of a queue's URL: a run that names an endpoint must not be able to reach another. */
export function endpointOf(service: AwsService, environment: Environment, path = '/'): URL {
  const given = environment[ENDPOINT_VARIABLES[service]] || environment['AWS_ENDPOINT_URL'];
  if (given) return new URL(new URL(given).origin + path);
  const region = variable('AWS_REGION', environment);
  const host = `${SIGNING_NAMES[service] ?? service}.${region}.${region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com'}`;
  return new URL(`https://${host}${path}`);
}

function variable(name: string, environment: Environment): string {
  const value = environment[name];
  if (!value) throw new Error(`the environment variable ${name} is not set; Lambda always sets it`);
  return value;
}

function noAnswer(call: string, error: ConnectionError): AwsCallError {
  return new AwsCallError(call, error.code === 'ABORT_ERR' ? 'timeout' : 'unavailable', error.code);
}

function refused(call: string, { status, headers, body }: Exchanged): AwsCallError {
  const errorType = headers['x-amzn-errortype'];
  return readError(call, status, typeof errorType === 'string' ? errorType : undefined, body.toString('utf8'));
}

function readOutput<Output>(call: string, { status, body }: Exchanged): Output {
  try {
    return (body.length === 0 ? {} : JSON.parse(body.toString('utf8'))) as Output;
  } catch {
    throw new AwsCallError(call, 'unavailable', 'UnreadableResponse', status);
  }
}
