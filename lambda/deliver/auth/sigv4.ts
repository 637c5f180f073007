import type { HttpAuthSettings } from '../../../lib/contract/config';
import { sign } from '../../shared/aws-signer';
import { AuthorizationError, type Authorization } from './authorization';

interface Environment {
  readonly [name: string]: string | undefined;
}

/** Headers that a proxy or a load balancer on the way may change, so that they are not signed. */
const UNSIGNED: ReadonlySet<string> = new Set(['user-agent']);

/** Signed with the credentials of the function's role, for targets that ask for IAM: API Gateway, function URLs, OpenSearch, … */
export function sigv4({ service, region }: Extract<HttpAuthSettings, { kind: 'sigv4' }>, environment: Environment): Authorization {
  return {
    headers: ['authorization', 'x-amz-date', 'x-amz-content-sha256', 'x-amz-security-token'],
    async lines({ url, headers, body }, round) {
      if (round > 0) return undefined;
      const given = toRecord(headers);
      const signed = sign({
        method: 'POST', path: url.pathname, query: url.search.slice(1), headers: given, body, service,
        region: region ?? variable('AWS_REGION', environment),
        credentials: {
          accessKeyId: variable('AWS_ACCESS_KEY_ID', environment),
          secretAccessKey: variable('AWS_SECRET_ACCESS_KEY', environment),
          sessionToken: environment['AWS_SESSION_TOKEN'],
        },
        date: new Date(),
      });
      return Object.entries(signed).flatMap(([name, value]) => Object.hasOwn(given, name) ? [] : [name, value]);
    },
  };
}

function toRecord(headers: readonly string[]): { [name: string]: string } {
  const record: { [name: string]: string } = {};
  for (let index = 0; index < headers.length; index += 2) {
    const [name, value] = headers.slice(index, index + 2) as [string, string];
    if (!UNSIGNED.has(name)) record[name] = value;
  }
  return record;
}

function variable(name: string, environment: Environment): string {
  const value = environment[name];
  if (!value) throw new AuthorizationError('aws', `the environment variable ${name} is not set; Lambda always sets it`);
  return value;
}
