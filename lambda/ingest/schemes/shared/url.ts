import type { SchemeRequest } from '../../../../lib/contract/scheme-module';
import { Refusal } from './judge';

/** The URL that the sender knows. Never guessed from the request: its Host header is whatever the client says. */
export function requirePublicUrl(request: SchemeRequest): string {
  if (request.publicUrl) return request.publicUrl;
  throw new Refusal('signature', 'the sender signs the URL: publicUrl of the source, or publicBaseUrl of the gateway, must be set');
}

/** Splits at the first question mark, and changes nothing: what is signed is the text as it was sent. */
export function splitQuery(url: string): { readonly base: string; readonly query: string } {
  const at = url.indexOf('?');
  return at === -1 ? { base: url, query: '' } : { base: url.slice(0, at), query: url.slice(at + 1) };
}

/** Scheme, host, port with its colon, and the rest. Undefined where it is no http URL. */
export function splitUrl(url: string): { readonly scheme: string; readonly host: string; readonly port: string; readonly rest: string } | undefined {
  const [, scheme, host, port, rest] = /^(https?:\/\/)(\[[^\]/?#]*\]|[^:/?#]*)(:\d+)?(.*)$/is.exec(url) ?? [];
  return scheme === undefined || host === undefined ? undefined : { scheme, host, port: port ?? '', rest: rest ?? '' };
}
