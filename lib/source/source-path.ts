import { Token } from 'aws-cdk-lib';
import { ISourceEndpoint } from './source-endpoint';

const PATH = /^(\/[A-Za-z0-9._~-]+)+$/;

/** The path of a source's route. API Gateway reads braces as variables, and no two routes may share a key. */
export function sourcePath(name: string, path: string | undefined, others: Iterable<ISourceEndpoint>): string {
  const chosen = path ?? `/${name}`;
  if (Token.isUnresolved(chosen)) {
    throw new Error(`path of source ${JSON.stringify(name)} is known only at deployment, but its route is named by it at synth: give a plain path`);
  }
  if (!PATH.test(chosen)) {
    throw new Error(`path ${JSON.stringify(chosen)} of source ${JSON.stringify(name)} is not allowed: it starts with "/", and its segments are `
      + 'letters, digits and ._~-, e.g. "/hooks/github"');
  }
  // Whoever sends to the URL takes such a segment out before, and comes to another source or to none.
  if (/\/\.\.?(\/|$)/.test(chosen)) {
    throw new Error(`path ${JSON.stringify(chosen)} of source ${JSON.stringify(name)} is not allowed: a segment "." or ".." leads elsewhere; leave it out`);
  }
  for (const other of others) {
    if (other.path === chosen) {
      throw new Error(`path ${JSON.stringify(chosen)} of source ${JSON.stringify(name)} is that of source ${JSON.stringify(other.sourceName)} already: `
        + 'set another `path`');
    }
  }
  return chosen;
}
