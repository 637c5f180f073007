import { Token } from 'aws-cdk-lib';
import { showNumber } from '../private/checks';

/** Answers below 400 are no failures, or redirects, which are retried like anything that passes. */
export function checkPermanentStatuses(statuses: number[], what: string): number[] {
  const wrong = statuses.find((status) => Token.isUnresolved(status) || !Number.isInteger(status) || status < 400 || status > 599);
  if (wrong !== undefined) throw new Error(`${what} must be statuses from 400 to 599, got ${showNumber(wrong)}; 2xx is delivered, and a redirect is never followed`);
  return [...new Set(statuses)].sort((a, b) => a - b);
}
