/** One AWS service of a local run, spoken in the AWS JSON protocol: `X-Amz-Target: <prefix>.<Action>`. */
export interface AwsJsonService {
  /** What `X-Amz-Target` starts with, e.g. `AmazonSQS`. */
  readonly prefix: string;
  readonly contentType: 'application/x-amz-json-1.0' | 'application/x-amz-json-1.1';
  /** Carries out one action. Throws `AwsError`. The signal aborts when the client goes away. */
  call(action: string, input: { [name: string]: unknown }, signal: AbortSignal): Promise<object>;
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
  ) {
    super(message);
    this.name = type.slice(type.lastIndexOf('#') + 1);
  }
}
