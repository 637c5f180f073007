import type { IncomingHttpHeaders } from 'node:http';

/** The second argument of a handler. https://docs.aws.amazon.com/lambda/latest/dg/nodejs-context.html */
export interface InvocationContext {
  readonly functionName: string;
  readonly functionVersion: string;
  readonly invokedFunctionArn: string;
  readonly memoryLimitInMB: string;
  readonly awsRequestId: string;
  readonly logGroupName: string;
  readonly logStreamName: string;
  readonly identity: unknown;
  readonly clientContext: unknown;
  readonly xRayTraceId: string | undefined;
  callbackWaitsForEmptyEventLoop: boolean;
  /** Milliseconds until the function is stopped. */
  getRemainingTimeInMillis(): number;
}

export function invocationContext(headers: IncomingHttpHeaders, environment: NodeJS.ProcessEnv): InvocationContext {
  const deadline = Number(headers['lambda-runtime-deadline-ms']);
  return {
    functionName: environment.AWS_LAMBDA_FUNCTION_NAME as string,
    functionVersion: environment.AWS_LAMBDA_FUNCTION_VERSION as string,
    invokedFunctionArn: headers['lambda-runtime-invoked-function-arn'] as string,
    memoryLimitInMB: environment.AWS_LAMBDA_FUNCTION_MEMORY_SIZE as string,
    awsRequestId: headers['lambda-runtime-aws-request-id'] as string,
    logGroupName: environment.AWS_LAMBDA_LOG_GROUP_NAME as string,
    logStreamName: environment.AWS_LAMBDA_LOG_STREAM_NAME as string,
    // Cognito and the mobile SDK fill these; an event source and an HTTP API never do.
    identity: undefined,
    clientContext: undefined,
    xRayTraceId: headers['lambda-runtime-trace-id'] as string | undefined,
    callbackWaitsForEmptyEventLoop: true,
    getRemainingTimeInMillis: () => deadline - Date.now(),
  };
}
