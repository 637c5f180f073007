import { Token } from 'aws-cdk-lib';
import { ISourceEndpoint } from './source-endpoint';

const PATH = /^(\/[A-Za-z0-9._~-]+)+$/;

/** The path of a source's route. API Gateway reads braces as variables, and no two routes may share a key. */
export function sourcePath(name: string, path: string | undefined, others: Iterable<ISourceEndpoint>): string {
  const chosen = path ?? `/${name}`;
  if (!Token.isUnresolved(chosen) && !PATH.test(chosen)) {
    throw new Error(`path ${JSON.stringify(chosen)} of source ${JSON.stringify(name)} is not allowed: it starts with "/", and its segments are `
      + 'letters, digits and ._~-, e.g. "/hooks/github"');
  }
  for (const other of others) {
    if (other.path === chosen) {
      throw new Error(`path ${JSON.stringify(chosen)} of source ${JSON.stringify(name)} is that of source ${JSON.stringify(other.sourceName)} already: `
        + 'set another `path`');
    }
  }
  return chosen;
}
