import type { LogLine, RejectReason } from '../../lib/contract/log';

/** Why the API answers for itself. */
export type Refusal =
  | 'host' | 'headers-too-large' | 'path' | 'route' | 'throttled' | 'body-too-large' | 'event-too-large'
  | 'function-failed' | 'malformed-response' | 'integration-timeout' | 'closed';

interface RefusalEntry {
  readonly status: number;
  readonly message: string;
  /** The line that is written: a rejection with this reason, a warning, or none because the function's own output tells. */
  readonly line?: { readonly rejected: RejectReason } | { readonly warning: string };
}

/**
 * What a deployed HTTP API answers, in its words. An integration timeout is 503 and not 504, seen in
 * https://github.com/cortexlabs/cortex/issues/1225; an event over Lambda's 6 MB is 413, asserted by AWS's own emulator
 * (https://github.com/aws/aws-lambda-dotnet, LambdaTestTool-v2, LargePayloadTests).
 */
export const REFUSALS: { readonly [R in Refusal]: RefusalEntry } = {
  'host': { status: 403, message: 'Forbidden', line: { warning: 'the Host header does not name this server' } },
  'headers-too-large': { status: 431, message: 'Request Header Fields Too Large', line: { rejected: 'size' } },
  'path': { status: 400, message: 'Bad Request', line: { rejected: 'route' } },
  'route': { status: 404, message: 'Not Found', line: { rejected: 'route' } },
  'throttled': { status: 429, message: 'Too Many Requests', line: { warning: 'a request was over the throttle of its route' } },
  'body-too-large': { status: 413, message: 'Request Entity Too Large', line: { rejected: 'size' } },
  'event-too-large': { status: 413, message: 'Request Entity Too Large', line: { rejected: 'size' } },
  'function-failed': { status: 500, message: 'Internal Server Error' },
  'malformed-response': {
    status: 500, message: 'Internal Server Error', line: { warning: 'the function returned nothing that an HTTP API understands' },
  },
  'integration-timeout': { status: 503, message: 'Service Unavailable', line: { warning: 'the function took longer than an HTTP API waits' } },
  'closed': { status: 503, message: 'Service Unavailable' },
};

/** @param where method and path as sent, without the query */
export function refusalLine(refusal: Refusal, where: string, now: number): LogLine | null {
  const { status, line } = REFUSALS[refusal];
  const time = new Date(now).toISOString();
  if (!line) return null;
  if ('rejected' in line) return { event: 'rejected', time, source: null, status, reason: line.rejected };
  return { event: 'warning', time, code: `http-api-${refusal}`, message: `${line.warning}: ${where}` };
}
