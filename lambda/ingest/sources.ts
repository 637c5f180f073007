import type { IngestConfig, SecretReference } from '../../lib/contract/config';
import type { Scheme } from '../../lib/contract/scheme';
import { travellingHeaders } from './envelope';
import { routesOf, type Route } from './route';
import { Verifier } from './verify';

/** A source, made ready once for all its requests. */
export interface Source {
  readonly name: string;
  readonly scheme: Scheme;
  readonly verifier: Verifier;
  readonly secret: SecretReference;
  readonly previousSecretOverlapSeconds: number;
  readonly travellingHeaders: string[];
  readonly routes: Route[];
}

/** The sources by the path of their route. Throws for a scheme that cannot be carried out. */
export function compileSources(config: IngestConfig): Map<string, Source> {
  return new Map(Object.entries(config.sources).map(([name, { path, scheme, secret, previousSecretOverlapSeconds }]) => [path ?? `/${name}`, {
    name,
    scheme,
    verifier: new Verifier(scheme, secret.id),
    secret,
    previousSecretOverlapSeconds,
    travellingHeaders: travellingHeaders(scheme),
    routes: routesOf(config, name),
  }]));
}
