import type { IngestConfig, PairingConfig, SourceConfig, VerificationConfig } from '../../lib/contract/config';
import type { Acknowledgement } from '../../lib/contract/scheme';
import type { KeyFetch } from '../../lib/contract/scheme-module';
import { Rejection } from './rejection';
import { routesOf, type FilterModule, type Route } from './route';
import { travellingHeaders } from './travelling-headers';
import { compileVerifier, type SchemeModules, type Verifier } from './verify';

/** A source, made ready once for all its requests. */
export interface Source {
  readonly name: string;
  readonly verifications: Verification[];
  /** What it takes: events and handshakes. */
  readonly methods: string[];
  readonly publicUrl?: string;
  readonly response?: Acknowledgement;
  readonly pairing?: PairingConfig;
  readonly routes: Route[];
}

export interface Verification extends VerificationConfig {
  readonly verifier: Verifier;
  /** What events come by. */
  readonly methods: readonly string[];
  readonly travellingHeaders: string[];
  /** Names of the headers that filters look at and may see. */
  readonly filteredHeaders: string[];
}

/** The sources by the path of their route. */
export function compileSources(
  config: IngestConfig, modules: SchemeModules, fetch: KeyFetch, filters: FilterModule | undefined,
): Map<string, Source> {
  return new Map(Object.entries(config.sources).map(([name, source]) => {
    const routes = routesOf(config, name, filters);
    // One envelope for all targets: what one of them wants travels to all, and each function passes on what its own target wants.
    const forwarded = routes.flatMap(({ forwardHeaders = [] }) => forwardHeaders);
    const filtered = routes.flatMap(({ filter }) => fieldsOf(filter?.headers));
    return [source.path ?? `/${name}`, {
      name,
      verifications: source.verifications.map((verification) => ({
        ...verification,
        verifier: verifierOf(verification, modules, fetch),
        methods: verification.scheme.methods ?? ['POST'],
        travellingHeaders: travellingHeaders(verification.scheme, source, forwarded),
        filteredHeaders: travellingHeaders(verification.scheme, source, filtered).filter((name) => filtered.includes(name)),
      })),
      methods: methodsOf(source),
      publicUrl: source.publicUrl,
      response: source.response,
      pairing: source.pairing,
      routes,
    }];
  }));
}

/** Names in a pattern of one level, in alternatives too. */
function fieldsOf(pattern: unknown): string[] {
  if (typeof pattern !== 'object' || pattern === null) return [];
  return Object.entries(pattern).flatMap(([name, value]) => name === '$or' && Array.isArray(value) ? value.flatMap(fieldsOf) : [name]);
}

/** A scheme that cannot be carried out is the trouble of its own source: its sender is asked to come again, and the others go on. */
function verifierOf(verification: VerificationConfig, modules: SchemeModules, fetch: KeyFetch): Verifier {
  try {
    return compileVerifier(verification, modules, fetch);
  } catch (error) {
    return { claim: () => { throw new Rejection('internal', (error as Error).message); } };
  }
}

function methodsOf({ verifications }: SourceConfig): string[] {
  const ofEvents = verifications.flatMap(({ scheme }): string[] => scheme.methods ?? ['POST']);
  const ofHandshakes = verifications.flatMap(({ scheme }) => (scheme.handshakes ?? []).map(({ method }) => method));
  return [...new Set([...ofEvents, ...ofHandshakes])];
}
