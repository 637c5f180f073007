/**
 * How a sender proves who it is, as data. One engine (`lambda/ingest/verify.ts`) reads it, `cdk-webhooks send` signs by it,
 * and a new scheme is a new entry in `schemes.ts`.
 */
export interface Scheme {
  /** Name of the scheme, e.g. `github`. */
  readonly name: string;
  readonly kind: 'hmac';
  readonly hash: HashName;
  readonly key: KeyFormat;
  /** Encoding of the signature's text. */
  readonly encoding: 'hex' | 'base64' | 'base64url';
  /**
   * The bytes that are signed. Placeholders: `{body}` the raw body, `{ts}` the timestamp's text as sent, `{h:name}` the value of the
   * header of that lower-case name. Everything else stands for itself. `{ts}` wants a timestamp that is not in the body.
   */
  readonly signed: string;
  readonly signature: SignaturePlace;
  readonly timestamp?: TimestampPlace;
  /** Where the provider's own event id is. The first location that has a value counts. Absent: every request is a new event. */
  readonly id?: FieldLocation[];
  /** Where the event type is. The first location that has a value counts. */
  readonly type?: FieldLocation[];
  /** Headers that must be there with exactly this value, by lower-case name. */
  readonly requiredHeaders?: { [name: string]: string };
}

export type HashName = 'sha1' | 'sha256' | 'sha384' | 'sha512';

/** How the secret's text becomes key bytes. `whsec`: strip an optional `whsec_`, then base64. */
export type KeyFormat = 'utf8' | 'base64' | 'hex' | 'whsec';

/**
 * Where the signature is.
 * - `plain`: the header is the signature after `prefix`.
 * - `keyValue`: `name=value` parts between `separator`; every part named `name` is a candidate.
 * - `list`: items between `separator`; every item that starts with `prefix` is a candidate.
 */
export interface SignaturePlace {
  /** Lower-case header name. */
  readonly header: string;
  readonly format: 'plain' | 'keyValue' | 'list';
  readonly prefix?: string;
  readonly name?: string;
  readonly separator?: string;
}

export interface TimestampPlace {
  /** A header, or a `name=value` part of the signature header. */
  readonly from: FieldLocation;
  /** Seconds or milliseconds since 1970, ISO 8601, or an HTTP date. */
  readonly unit: 's' | 'ms' | 'iso' | 'httpdate';
  /** The window both ways, edge included. */
  readonly toleranceSeconds: number;
}

/** One place in a request. `header` is a lower-case name; `json` a path such as `$.data.id`; `signature` a named part of the signature header. */
export type FieldLocation =
  | { readonly header: string }
  | { readonly json: string }
  | { readonly form: string }
  | { readonly query: string }
  | { readonly signature: string };
