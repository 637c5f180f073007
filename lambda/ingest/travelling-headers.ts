import type { SourceConfig } from '../../lib/contract/config';
import type { FieldLocation, Scheme } from '../../lib/contract/scheme';
import { isCredentialHeader } from './credential-header';
import { credentialsOf } from './credentials';
import { placesOf } from './field';

/** What describes the body or the sender, and holds no credential. */
const ALWAYS = ['content-type', 'content-encoding', 'user-agent', 'idempotency-key'];

/** Not even where a scheme says that its id or type is there, or a target asks for it. */
const NEVER = ['authorization', 'proxy-authorization', 'cookie'];

/** Names of the headers that travel with an event of a scheme. Everything else a sender puts in a header stays behind. */
export function travellingHeaders(scheme: Scheme, { verifications, pairing }: Pick<SourceConfig, 'verifications' | 'pairing'>, forwarded: string[]): string[] {
  const places = [...scheme.id ?? [], ...scheme.type ?? [], ...('timestamp' in scheme && scheme.timestamp ? [scheme.timestamp.from] : [])];
  const never = new Set([...NEVER, ...headersOf(credentialsOf({ verifications, pairing }))]);
  const wanted = forwarded.filter((name) => !isCredentialHeader(name));
  return [...new Set([...ALWAYS, ...headersOf(places), ...wanted])].filter((name) => !never.has(name));
}

function headersOf(places: FieldLocation[]): string[] {
  return placesOf(places).flatMap((place) => 'header' in place ? [place.header] : []);
}
