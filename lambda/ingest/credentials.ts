import type { SourceConfig } from '../../lib/contract/config';
import type { FieldLocation, Scheme } from '../../lib/contract/scheme';

/**
 * Where the requests of a source have what proves their sender. The places of all verifications: while a sender moves from one to
 * another, its requests carry both.
 */
export function credentialsOf({ verifications, pairing }: Pick<SourceConfig, 'verifications' | 'pairing'>): FieldLocation[] {
  return [...verifications.flatMap(({ scheme }) => credentialsOfScheme(scheme)), ...(pairing ? [pairing.key] : [])];
}

function credentialsOfScheme(scheme: Scheme): FieldLocation[] {
  const tokens = (scheme.handshakes ?? []).flatMap(({ token }) => token ? [token] : []);
  if ('signature' in scheme) return [{ header: scheme.signature.header }, ...tokens];
  if ('token' in scheme) return [scheme.token, ...tokens];
  const header = scheme.kind === 'code' ? scheme.settings?.['header'] : undefined;
  // A JWT may come in a header of the user's choice.
  return typeof header === 'string' ? [{ header: header.toLowerCase() }, ...tokens] : tokens;
}
