import type { IngestConfig, PairingConfig, SchemaConfig, SourceConfig, VerificationConfig } from '../../lib/contract/config';
import type { Acknowledgement } from '../../lib/contract/scheme';
import type { KeyFetch } from '../../lib/contract/scheme-module';
import { Rejection } from './rejection';
import type { WebhookRequest } from './request';
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
  /** Absent: an event is known for as long as it is on record. */
  readonly deduplicationWindowSeconds?: number;
  readonly response?: Acknowledgement;
  readonly pairing?: PairingConfig;
  readonly routes: Route[];
  /** What the schema says against an event. Absent where there is no schema. */
  readonly validate?: Validate;
  readonly onInvalid?: SchemaConfig['onInvalid'];
}

/** Undefined for an event that is what it has to be. */
export type Validate = (request: WebhookRequest, type: string | null) => string | undefined;
export type CompileSchema = (schema: SchemaConfig) => Validate;

/** What is loaded beside the function, as far as its configuration asks for it. */
export interface Modules {
  readonly schemes: SchemeModules;
  readonly fetch: KeyFetch;
  readonly filters?: FilterModule | undefined;
  readonly compileSchema?: CompileSchema | undefined;
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
export function compileSources(config: IngestConfig, { schemes, fetch, filters, compileSchema }: Modules): Map<string, Source> {
  return new Map(Object.entries(config.sources).map(([name, source]) => {
    const routes = routesOf(config, name, filters);
    // One envelope for all targets: what one of them wants travels to all, and each function passes on what its own target wants.
    const forwarded = routes.flatMap(({ forwardHeaders = [] }) => forwardHeaders);
    const filtered = routes.flatMap(({ filter }) => fieldsOf(filter?.headers));
    return [source.path ?? `/${name}`, {
      name,
      verifications: source.verifications.map((verification) => ({
        ...verification,
        verifier: verifierOf(verification, schemes, fetch),
        methods: verification.scheme.methods ?? ['POST'],
        travellingHeaders: travellingHeaders(verification.scheme, source, forwarded),
        filteredHeaders: travellingHeaders(verification.scheme, source, filtered).filter((name) => filtered.includes(name)),
      })),
      methods: methodsOf(source),
      publicUrl: source.publicUrl,
      deduplicationWindowSeconds: source.deduplicationWindowSeconds,
      response: source.response,
      pairing: source.pairing,
      routes,
      ...(source.schema && { validate: validateBy(source.schema, compileSchema), onInvalid: source.schema.onInvalid }),
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

/** A schema that is not beside the function is the trouble of its own source, too. */
function validateBy(schema: SchemaConfig, compile: CompileSchema | undefined): Validate {
  try {
    if (!compile) throw new Error('the compiled schemas are not beside the function; deploy the stack again');
    return compile(schema);
  } catch (error) {
    return () => { throw new Rejection('internal', (error as Error).message); };
  }
}

function methodsOf({ verifications }: SourceConfig): string[] {
  const ofEvents = verifications.flatMap(({ scheme }): string[] => scheme.methods ?? ['POST']);
  const ofHandshakes = verifications.flatMap(({ scheme }) => (scheme.handshakes ?? []).map(({ method }) => method));
  return [...new Set([...ofEvents, ...ofHandshakes])];
}
