import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import path from 'node:path';
import { CONFIG_FILE, type IngestConfig, type VerificationConfig } from '../../../lib/contract/config';

/** What a function takes of a run's test authority instead of a sender's. */
export interface AuthorityHook {
  readonly origin: string;
  /** Requests to these hosts go to the authority. */
  readonly hosts: readonly string[];
  /** PEM. */
  readonly trustAnchor: string;
  /** The run's own public key beside each that a source has. */
  readonly publicKeys: { readonly [publicKey: string]: string };
}

/**
 * Changes what the function reads and asks, and not the function: its bundles are what would be deployed. Must be called before
 * the function's module is imported.
 */
export function useAuthority(hook: AuthorityHook, codeDirectory: string): void {
  redirectRequests(hook);
  addKeys(hook, path.join(codeDirectory, CONFIG_FILE));
  syncBuiltinESMExports();
}

function redirectRequests({ origin, hosts }: AuthorityHook): void {
  const [http, https] = [process.getBuiltinModule('node:http'), process.getBuiltinModule('node:https')];
  const request = https.request.bind(https) as (...args: unknown[]) => ReturnType<typeof https.request>;
  const redirected = (...args: unknown[]): ReturnType<typeof https.request> => {
    const [target, options, callback] = args;
    const url = target instanceof URL ? target : undefined;
    if (!url || !hosts.includes(url.hostname)) return request(...args);
    const { method, headers } = options as { method?: string; headers?: { [name: string]: string } };
    // Without the agent, which is one for TLS.
    const redirectedOptions = { method, headers: { ...headers, host: url.hostname }, agent: false };
    return http.request(new URL(url.pathname + url.search, origin), redirectedOptions, callback as Parameters<typeof http.request>[2]);
  };
  https.request = redirected as typeof https.request;
}

/** What the real sender signs is taken as before: the run's own key is another way to prove a request, beside it. */
function addKeys(hook: AuthorityHook, configFile: string): void {
  const read = fs.readFileSync as (file: unknown, options?: unknown) => string | Buffer;
  const patched = (file: unknown, options?: unknown): string | Buffer => {
    const contents = read(file, options);
    return isFile(file, configFile) && typeof contents === 'string' ? withKeys(contents, hook) : contents;
  };
  fs.readFileSync = patched as typeof fs.readFileSync;
}

function isFile(file: unknown, wanted: string): boolean {
  return path.resolve(file instanceof URL ? file.pathname : String(file)) === fs.realpathSync(wanted);
}

function withKeys(text: string, hook: AuthorityHook): string {
  const config = JSON.parse(text) as IngestConfig;
  const sources = Object.entries(config.sources).map(([name, source]) => {
    const verifications = source.verifications.flatMap((verification) => alsoBy(verification, hook));
    return [name, { ...source, verifications }];
  });
  return JSON.stringify({ ...config, sources: Object.fromEntries(sources) as IngestConfig['sources'] });
}

function alsoBy(verification: VerificationConfig, { publicKeys, trustAnchor }: AuthorityHook): VerificationConfig[] {
  const { scheme, publicKey } = verification;
  if (typeof publicKey === 'string' && Object.hasOwn(publicKeys, publicKey)) return [verification, { ...verification, publicKey: publicKeys[publicKey] }];
  if (scheme.kind !== 'code' || scheme.module !== 'paypal') return [verification];
  // Its certificate comes from the authority, and leads to no root that Node knows.
  return [{ ...verification, scheme: { ...scheme, settings: { ...scheme.settings, trustAnchors: [trustAnchor] } } }];
}
