import { FieldLocation, Scheme } from '../contract/scheme';
import { checkOneOf, requestHeader } from '../private/checks';
import { checkKeyUrl } from '../target/target-url';
import { hmacScheme } from './hmac-scheme';
import { ApiKeySourceOptions, BasicAuthSourceOptions, JwtAlgorithm, JwtSourceOptions, UnverifiedSourceOptions } from './own-options';
import { RequestField } from './request-field';
import { basicSource, keylessSource, secretSource, SourceDefinition } from './source-definition';
import { HmacSourceOptions, IdentifiedSourceOptions, WebhookSourceOptions } from './source-options';

export function hmacSource(options: HmacSourceOptions): SourceDefinition {
  return secretSource(hmacScheme(options), options);
}

/** https://www.rfc-editor.org/rfc/rfc8725 */
export function jwtSource(options: JwtSourceOptions): SourceDefinition {
  const { issuer, audience, jwksUrl, requiredClaims, header } = options;
  if (issuer === '') throw new Error('issuer "" is empty: give the text of the tokens\' iss');
  if (audience.length === 0) throw new Error('audience is empty, so that a token made for anybody else would do: name at least one');
  if (audience.includes('')) throw new Error('audience has "", which no token is made for: name whom the tokens are for');
  checkKeyUrl(jwksUrl, 'jwksUrl');
  const algorithm = checkOneOf(options.algorithm ?? JwtAlgorithm.RS256, JwtAlgorithm, 'algorithm');
  const settings = {
    issuer,
    audience,
    jwksUrl,
    algorithm,
    ...(requiredClaims && { requiredClaims }),
    ...(header !== undefined && { header: requestHeader(header, 'header') }),
  };
  // A token may serve many requests, so its jti is no event's id.
  return keylessSource({ name: 'jwt', kind: 'code', module: 'jwt', settings, ...identity(options) }, options);
}

export function basicAuthSource(options: BasicAuthSourceOptions): SourceDefinition {
  return basicSource({ name: 'basic', kind: 'basic', ...identity(options) }, options);
}

export function apiKeySource(options: ApiKeySourceOptions): SourceDefinition {
  const token = (options.location ?? RequestField.header('x-api-key'))._location;
  if (!('header' in token) && !('query' in token)) {
    throw new Error(`location ${JSON.stringify(token)} is not allowed: a key is in a header or a query parameter, so that no body is read before it is known`);
  }
  return secretSource({ name: 'api-key', kind: 'token', token, ...identity(options) }, { ...options, secret: options.key });
}

export function unverifiedSource(options: UnverifiedSourceOptions): SourceDefinition {
  const reason = options.reason.trim();
  if (reason === '') throw new Error(`reason ${JSON.stringify(options.reason)} is empty: say why anybody may post here`);
  return { ...keylessSource({ name: 'unverified', kind: 'open', ...identity(options) }, options), unverifiedReason: reason };
}

/** What a source says beside how it verifies: one that is only a part of another has no say in it. */
const OPTIONS_OF_THE_WHOLE = [
  'path', 'throttlingRateLimit', 'throttlingBurstLimit', 'dedicatedFunction', 'deduplicationWindow', 'response', 'schema',
  'schemasByEventType', 'onInvalid',
] as const;

export function anyOfSources(sources: SourceDefinition[], options: WebhookSourceOptions): SourceDefinition {
  if (sources.length < 2) throw new Error(`anyOf got ${sources.length} sources: give two or more, or the one by itself`);
  for (const source of sources) {
    if (source.unverifiedReason !== undefined) throw new Error('anyOf got an unverified source, which would let everybody in: leave it out, or use it by itself');
    if (source.pairing) throw new Error(`anyOf cannot hold a ${source.verifications[0]?.scheme.name} source, which pairs by itself: use it by itself`);
    const option = OPTIONS_OF_THE_WHOLE.find((name) => source.options[name] !== undefined);
    if (option) throw new Error(`anyOf got a source with ${option} of its own: give ${option} to anyOf`);
  }
  const publicUrls = [...new Set(sources.map((source) => source.publicUrl).filter((url) => url !== undefined))];
  if (publicUrls.length > 1) throw new Error(`anyOf got the public URLs ${publicUrls.map((url) => JSON.stringify(url)).join(' and ')}: a source has one`);
  return {
    verifications: sources.flatMap((source) => source.verifications),
    options,
    ...(publicUrls[0] !== undefined && { publicUrl: publicUrls[0] }),
  };
}

function identity(options: IdentifiedSourceOptions): Pick<Scheme, 'id' | 'type'> {
  return {
    ...(options.eventId && { id: [outsideSignature(options.eventId._location, 'eventId')] }),
    ...(options.eventType && { type: [outsideSignature(options.eventType._location, 'eventType')] }),
  };
}

function outsideSignature(location: FieldLocation, option: string): FieldLocation {
  if ('signature' in location) {
    throw new Error(`${option} is the signature parameter ${JSON.stringify(location.signature)}, but the source has no signature header: name another place`);
  }
  return location;
}
