import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { CodeVerifier, KeyFetch, SchemeContext, SchemeRequest } from '../../../../lib/contract/scheme-module';

export interface Vector {
  readonly id: string;
  readonly provider: string;
  readonly description: string;
  readonly secret?: string | string[];
  readonly jwks?: { readonly keys: { readonly kid: string }[] };
  readonly certificates?: { readonly [url: string]: string };
  readonly context?: { readonly [name: string]: string };
  readonly method: string;
  readonly url: string;
  readonly headers: { readonly [name: string]: string | string[] };
  readonly bodyBase64: string;
  readonly now: number;
  readonly expect: 'valid' | 'invalid';
  readonly advisory?: boolean;
}

export function vectorsOf(provider: string): Vector[] {
  return JSON.parse(readFileSync(path.resolve(__dirname, `../../../conformance/vectors/${provider}.json`), 'utf8'));
}

/** The vector that the others of its provider are spoiled copies of. */
export function validVector(provider: string): Vector {
  const found = vectorsOf(provider).find((vector) => vector.expect === 'valid');
  if (!found) throw new Error(`there is no valid vector of ${provider}`);
  return found;
}

/** A request as the engine hands it over. */
export function schemeRequest(
  { method = 'POST', url = 'https://hooks.example.com/in', headers, body }:
  { method?: string; url?: string; headers: { readonly [name: string]: string | string[] }; body: Buffer },
): SchemeRequest {
  const text = body.toString('utf8');
  const query = new URL(url).search.slice(1);
  return {
    method,
    headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), [value].flat().join(',')])),
    body,
    text,
    json: parse(text),
    form: new URLSearchParams(text),
    query: new URLSearchParams(query),
    rawQuery: query,
    publicUrl: url,
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

export function requestOf({ method, url, headers, bodyBase64 }: Vector): SchemeRequest {
  return schemeRequest({ method, url, headers, body: Buffer.from(bodyBase64, 'base64') });
}

/** What the vectors' keys are fetched from; everything that was asked for is in `asked`. */
export function keyHost(answer: (url: string, body?: string) => string | Promise<string>): { fetch: KeyFetch; asked: string[] } {
  const asked: string[] = [];
  return { asked, fetch: async (url, { body } = {}) => (asked.push(url), answer(url, body)) };
}

export function context(scheme: string, settings: { [name: string]: unknown }, fetch: KeyFetch = () => Promise.reject(new Error('no host'))): SchemeContext {
  return { scheme, settings, fetch, secretId: `webhooks/${scheme}` };
}

/** A CodeVerifier's answer, or the name of the error it rejected with. */
export async function outcome(verifier: CodeVerifier, request: SchemeRequest, secrets: string[], now: number): Promise<string> {
  try {
    const verdict = await verifier.verify(request, secrets, now);
    return verdict.valid ? 'valid' : verdict.reason;
  } catch (error) {
    return (error as Error).name;
  }
}
