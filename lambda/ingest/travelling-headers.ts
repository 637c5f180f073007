import type { SourceConfig } from '../../lib/contract/config';
import type { FieldLocation, Scheme } from '../../lib/contract/scheme';
import { isCredentialHeader } from './credential-header';
import { placesOf } from './field';

/** What describes the body or the sender, and holds no credential. */
const ALWAYS = ['content-type', 'content-encoding', 'user-agent', 'idempotency-key'];

/** Not even where a scheme says that its id or type is there, or a target asks for it. */
const NEVER = ['authorization', 'proxy-authorization', 'cookie'];

/** Names of the headers that travel with an event of a scheme. Everything else a sender puts in a header stays behind. */
export function travellingHeaders(scheme: Scheme, { verifications, pairing }: Pick<SourceConfig, 'verifications' | 'pairing'>, forwarded: string[]): string[] {
  const places = [...scheme.id ?? [], ...scheme.type ?? [], ...('timestamp' in scheme && scheme.timestamp ? [scheme.timestamp.from] : [])];
  // Those of all verifications: while a sender moves from one to another, its requests carry both.
  const credentials = [...verifications.flatMap((verification) => credentialsOf(verification.scheme)), ...(pairing ? [pairing.key] : [])];
  const never = new Set([...NEVER, ...headersOf(credentials)]);
  const wanted = forwarded.filter((name) => !isCredentialHeader(name));
  return [...new Set([...ALWAYS, ...headersOf(places), ...wanted])].filter((name) => !never.has(name));
}

function credentialsOf(scheme: Scheme): FieldLocation[] {
  const tokens = (scheme.handshakes ?? []).flatMap(({ token }) => token ? [token] : []);
  if ('signature' in scheme) return [{ header: scheme.signature.header }, ...tokens];
  return 'token' in scheme ? [scheme.token, ...tokens] : tokens;
}

function headersOf(places: FieldLocation[]): string[] {
  return placesOf(places).flatMap((place) => 'header' in place ? [place.header] : []);
}
