import { AwsClient } from '../../../lambda/shared/aws';
import { AwsCallError } from '../../../lambda/shared/aws-error';
import { httpServer, type Answer } from './server';

export const CREDENTIALS = { AWS_ACCESS_KEY_ID: 'AKID', AWS_SECRET_ACCESS_KEY: 'SECRET', AWS_SESSION_TOKEN: 'TOKEN', AWS_REGION: 'eu-west-1' };
export const ONCE = { timeoutMs: 2_000, tries: 1 };

const cleanups: (() => void)[] = [];
afterEach(() => { for (const cleanup of cleanups.splice(0)) cleanup(); });

/** A server in the place of AWS until the test has ended, and a client that calls it. */
export async function service(answer?: Answer) {
  const server = await httpServer(answer);
  cleanups.push(server.close);
  return { ...server, client: new AwsClient({ ...CREDENTIALS, AWS_ENDPOINT_URL: server.origin }) };
}

export async function failure(call: Promise<unknown>): Promise<AwsCallError> {
  const error = await call.then(() => undefined, (reason: unknown) => reason);
  expect(error).toBeInstanceOf(AwsCallError);
  return error as AwsCallError;
}
