import type { IncomingHttpHeaders } from 'node:http';

/** The second argument of a handler, as nodejs24.x gives it. https://docs.aws.amazon.com/lambda/latest/dg/nodejs-context.html */
export interface InvocationContext {
  readonly clientContext: unknown;
  readonly identity: unknown;
  readonly invokedFunctionArn: string;
  readonly awsRequestId: string;
  readonly tenantId: string | undefined;
  readonly xRayTraceId: string | undefined;
  /** Milliseconds until the function is stopped. */
  getRemainingTimeInMillis(): number;
  readonly functionName: string;
  readonly functionVersion: string;
  readonly memoryLimitInMB: string;
  readonly logGroupName: string;
  readonly logStreamName: string;
}

export function invocationContext(headers: IncomingHttpHeaders, environment: NodeJS.ProcessEnv): InvocationContext {
  // Time runs out on a clock that stands still, too.
  const [left, started] = [Number(headers['lambda-runtime-deadline-ms']) - Date.now(), performance.now()];
  return {
    // The mobile SDK, Cognito and tenant isolation fill these three; an event source and an HTTP API never do.
    clientContext: undefined,
    identity: undefined,
    invokedFunctionArn: headers['lambda-runtime-invoked-function-arn'] as string,
    awsRequestId: headers['lambda-runtime-aws-request-id'] as string,
    tenantId: undefined,
    xRayTraceId: headers['lambda-runtime-trace-id'] as string | undefined,
    getRemainingTimeInMillis: () => left - Math.round(performance.now() - started),
    functionName: environment.AWS_LAMBDA_FUNCTION_NAME as string,
    functionVersion: environment.AWS_LAMBDA_FUNCTION_VERSION as string,
    memoryLimitInMB: environment.AWS_LAMBDA_FUNCTION_MEMORY_SIZE as string,
    logGroupName: environment.AWS_LAMBDA_LOG_GROUP_NAME as string,
    logStreamName: environment.AWS_LAMBDA_LOG_STREAM_NAME as string,
  };
}
