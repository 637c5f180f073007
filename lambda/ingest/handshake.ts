import { createHmac, type KeyObject } from 'node:crypto';
import type { Handshake, HandshakeAnswer, HandshakeCondition, HandshakeValue, Scheme } from '../../lib/contract/scheme';
import { KeyRing } from '../shared/key';
import { headerAnswer, jsonAnswer, textAnswer, type Answer } from './answer';
import { isSignatureHeader } from './credential-header';
import { readField, type Found } from './field';
import type { WebhookRequest } from './request';
import type { Source } from './sources';

/** The handshake that a request is. `signed`: whether it is asked after the verification or before it. */
export function findHandshake({ handshakes = [] }: Scheme, request: WebhookRequest, signed: boolean, found: Found = {}): Handshake | undefined {
  const holds = ({ field, equals }: HandshakeCondition): boolean => {
    const value = readField(field, request, found);
    return value !== undefined && (equals === undefined || value === String(equals));
  };
  const fits = (body: string | undefined): boolean => body === undefined || (request.text !== undefined && new RegExp(body).test(request.text));
  return handshakes.find((handshake) => (
    handshake.signed === signed && handshake.method === request.method && handshake.when.every(holds) && fits(handshake.body)));
}

/**
 * Whether a request claims to be an event: it comes by a method of events and with a signature, right or wrong. It is no unsigned check
 * of the URL then, whatever its fields look like: in an event they can be what a customer wrote. X signs its check too, but no event of X is a GET.
 */
export function isSigned({ verifications }: Pick<Source, 'verifications'>, { method, headers }: WebhookRequest): boolean {
  return verifications.some(({ methods, scheme }) => {
    if (!methods.includes(method)) return false;
    if ('signature' in scheme) return headers[scheme.signature.header] !== undefined;
    return scheme.kind === 'code' && Object.keys(headers).some(isSignatureHeader);
  });
}

/** True where the answer needs the secret of the source. */
export function needsKey({ answer: { text, json = {}, headers = {} } }: Handshake): boolean {
  return [text, ...Object.values(json), ...Object.values(headers)].some((value) => value !== undefined && 'hmac' in value);
}

/** The key of a secret's text, under which a scheme makes an answer. Throws `SecretError` for a text that is none. */
export function answerKey(scheme: Scheme, secretId: string, text: string): KeyObject {
  const format = scheme.kind === 'hmac' || scheme.kind === 'code' ? scheme.key : undefined;
  return new KeyRing(format ?? 'utf8', secretId).keys([text])[0] as KeyObject;
}

/**
 * X signs its events as it wants its challenge to be signed: who may choose the challenge has any event signed that can be written
 * in these characters, so that JSON must not be among them.
 */
const TOKEN = /^[\w.~+/=-]{1,256}$/;

/** What the sender wants to hear. Whatever it asks for, the answer is text, JSON or headers, never a page. */
export function answerHandshake(
  { status = 200, text, json, headers = {} }: HandshakeAnswer, request: WebhookRequest, found: Found, key?: KeyObject,
): Answer {
  const valueOf = (value: HandshakeValue): string | number | undefined => {
    if ('literal' in value) return value.literal;
    if ('echo' in value) return readField(value.echo, request, found);
    const of = readField(value.of, request, found);
    return !key || !TOKEN.test(of ?? '') ? undefined : `${value.prefix ?? ''}${createHmac(value.hmac, key).update(of as string).digest(value.encoding)}`;
  };
  const valuesOf = (values: { readonly [name: string]: HandshakeValue }): { [name: string]: string | number | undefined } => (
    Object.fromEntries(Object.entries(values).map(([name, value]) => [name, valueOf(value)])));
  const bare = headerAnswer(status, valuesOf(headers));
  if (!text && !json) return bare;
  const answer = text ? textAnswer(status, String(valueOf(text) ?? '')) : jsonAnswer(status, valuesOf(json ?? {}));
  return { ...answer, headers: { ...bare.headers, ...answer.headers } };
}
