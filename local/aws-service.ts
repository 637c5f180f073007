import type { IncomingHttpHeaders } from 'node:http';

/** One AWS service of a local run, spoken in the AWS JSON protocol: `X-Amz-Target: <prefix>.<Action>`. */
export interface AwsJsonService {
  /** What `X-Amz-Target` starts with, e.g. `AmazonSQS`. */
  readonly prefix: string;
  readonly contentType: 'application/x-amz-json-1.0' | 'application/x-amz-json-1.1';
  /** Carries out one action. Throws `AwsError`. The signal aborts when the client goes away. */
  call(action: string, input: { [name: string]: unknown }, signal: AbortSignal): Promise<object>;
}

/** One AWS service of a local run that is called by method and path. */
export interface RestService {
  /** Whether a request is one of its. The path is as it was sent, without the query. */
  owns(method: string, path: string): boolean;
  /** Throws `AwsError`. */
  call(request: RestRequest): Promise<RestAnswer>;
  /** An error as the service tells it. */
  tell(error: AwsError, requestId: string): RestAnswer;
}

export interface RestRequest {
  readonly method: string;
  /** As it was sent: percent-encoded, without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

export interface RestAnswer {
  readonly status: number;
  readonly headers: { readonly [name: string]: string };
  readonly body: string | Buffer;
}

/** An error as an AWS service answers it. */
export class AwsError extends Error {
  constructor(
    /** Shape name, e.g. `com.amazonaws.sqs#QueueDoesNotExist`; what stands after `#` is the SDK's error name. */
    readonly type: string,
    message: string,
    readonly status = 400,
    /** Value of `x-amzn-query-error`, for services that moved from the query protocol. */
    readonly queryError?: string,
    /** Members that the error's shape has beside its message. */
    readonly details?: { readonly [name: string]: unknown },
  ) {
    super(message);
    this.name = type.slice(type.lastIndexOf('#') + 1);
  }
}
