import type {
  BasicScheme, CodeScheme, FieldLocation, HashScheme, HmacScheme, PublicKeyScheme, SignaturePlace, TimestampPlace, TokenScheme,
} from '../scheme';

/** The window that Standard Webhooks libraries and most SDKs use where the sender names none. */
export const DEFAULT_TOLERANCE_SECONDS = 300;

/** What an entry of the catalogue has to say: what is left out is what most senders do, and its key is its name. */
type Entry<T> = Omit<T, 'kind' | 'name'>;
type Usual<T, K extends keyof T> = Omit<T, K> & Partial<Pick<T, K>>;
type Nameless<T> = Omit<T, 'name'>;

/** HMAC-SHA256 in hex over the body, with the secret's text as the key. */
export function hmac(entry: Usual<Entry<HmacScheme>, 'hash' | 'key' | 'encoding' | 'signed'>): Nameless<HmacScheme> {
  return { kind: 'hmac', hash: 'sha256', key: 'utf8', encoding: 'hex', signed: '{body}', ...entry };
}

export function hash(entry: Usual<Entry<HashScheme>, 'hash' | 'encoding'>): Nameless<HashScheme> {
  return { kind: 'hash', hash: 'sha256', encoding: 'hex', ...entry };
}

export function publicKey(kind: PublicKeyScheme['kind'], entry: Entry<PublicKeyScheme>): Nameless<PublicKeyScheme> {
  return { kind, ...entry };
}

export function token(place: FieldLocation, entry: Omit<Entry<TokenScheme>, 'token'> = {}): Nameless<TokenScheme> {
  return { kind: 'token', token: place, ...entry };
}

export function basic(entry: Entry<BasicScheme> = {}): Nameless<BasicScheme> {
  return { kind: 'basic', ...entry };
}

export function code(module: string, entry: Omit<Entry<CodeScheme>, 'module'>): Nameless<CodeScheme> {
  return { kind: 'code', module, ...entry };
}

/** Standard Webhooks with a symmetric key, as many senders use it under one family of headers. */
export function standard(family: string, entry: Partial<Entry<HmacScheme>> = {}): Nameless<HmacScheme> {
  return hmac({
    key: 'whsec',
    encoding: 'base64',
    signed: `{h:${family}-id}.{ts}.{body}`,
    signature: list(`${family}-signature`, 'v1,'),
    timestamp: seconds(header(`${family}-timestamp`)),
    id: [header(`${family}-id`)],
    type: [json('$.type')],
    ...entry,
  });
}

/** `t=…,v1=…`, with `{ts}.{body}` under the signature, as Stripe began it. */
export function stamped(name: string, entry: Partial<Entry<HmacScheme>> = {}): Nameless<HmacScheme> {
  return hmac({ signed: '{ts}.{body}', signature: keyValue(name, 'v1'), timestamp: seconds(part('t')), ...entry });
}

export function named<T extends { [name: string]: object }>(schemes: T): { readonly [K in keyof T]: T[K] & { readonly name: string } } {
  const entries = Object.entries(schemes).map(([name, scheme]) => [name, { name, ...scheme }]);
  return Object.fromEntries(entries) as { readonly [K in keyof T]: T[K] & { readonly name: string } };
}

export const plain = (name: string, prefix?: string): SignaturePlace => ({ header: name, format: 'plain', ...(prefix !== undefined && { prefix }) });
export const keyValue = (name: string, of: string, separator = ','): SignaturePlace => ({ header: name, format: 'keyValue', name: of, separator });
export const list = (name: string, prefix: string, separator = ' '): SignaturePlace => ({ header: name, format: 'list', prefix, separator });

const stamp = (unit: TimestampPlace['unit']) => (from: FieldLocation, toleranceSeconds = DEFAULT_TOLERANCE_SECONDS): TimestampPlace =>
  ({ from, unit, toleranceSeconds });
export const seconds = stamp('s');
export const milliseconds = stamp('ms');
export const iso = stamp('iso');
export const httpDate = stamp('httpdate');

export const header = (name: string): FieldLocation => ({ header: name });
export const json = (path: string): FieldLocation => ({ json: path });
export const form = (name: string): FieldLocation => ({ form: name });
export const formJson = (field: string, path: string): FieldLocation => ({ formJson: { field, path } });
export const query = (name: string): FieldLocation => ({ query: name });
export const part = (name: string): FieldLocation => ({ signature: name });
export const memberOf = (...names: string[]): FieldLocation => ({ memberOf: names });
export const verified = (name: string): FieldLocation => ({ verified: name });
export const all = (...places: FieldLocation[]): FieldLocation => ({ all: places });
