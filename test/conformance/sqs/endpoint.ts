import { SQSClient } from '@aws-sdk/client-sqs';
import type { TestClock } from './test-clock';

// The SDK announces Node versions it will leave behind, in the middle of the results.
process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';

/** A queue service under test, spoken to with the SDK. */
export interface Endpoint {
  readonly url: string;
  readonly sqs: SQSClient;
  readonly clock: TestClock;
  /** A queue name that no other case and no other run uses. */
  newName(suffix?: string): string;
}

/** Without retries, so that an answer is judged once. Credentials and region come from the environment, or are made up. */
export function createClient(url: string, environment: NodeJS.ProcessEnv = process.env): SQSClient {
  const { AWS_ACCESS_KEY_ID: accessKeyId = 'test', AWS_SECRET_ACCESS_KEY: secretAccessKey = 'test', AWS_SESSION_TOKEN: sessionToken } = environment;
  return new SQSClient({
    endpoint: url,
    region: environment['AWS_REGION'] ?? 'us-east-1',
    credentials: { accessKeyId, secretAccessKey, ...(sessionToken !== undefined && { sessionToken }) },
    // An emulator's queue URLs may carry a name that does not resolve here.
    useQueueUrlAsEndpoint: false,
    maxAttempts: 1,
  });
}
