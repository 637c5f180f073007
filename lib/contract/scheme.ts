/**
 * How a sender proves who it is, as data. One engine (`lambda/ingest/verify/`) reads it, `cdk-webhooks send` signs by it, and a
 * new scheme is a new entry in `schemes/`. Only what data cannot say has code, one module a scheme.
 */
export type Scheme = HmacScheme | HashScheme | PublicKeyScheme | TokenScheme | BasicScheme | CodeScheme | OpenScheme;

interface SchemeBase {
  /** Name of the scheme, e.g. `github`. */
  readonly name: string;
  /** Where the provider's own event id is. The first location that has a value counts. Absent: every request is a new event. */
  readonly id?: FieldLocation[];
  /**
   * Paths of the JSON members that differ from one delivery of an event to the next, such as the number of the attempt: `$.attempt`, or
   * `$.events[*].attempt` for every item. Two bodies that differ in nothing else are the same event. Absent: every byte counts.
   */
  readonly volatile?: string[];
  /** Where the event type is. The first location that has a value counts. */
  readonly type?: FieldLocation[];
  /**
   * Methods that events come by. Absent: POST. Where a GET or a DELETE has no body, its query is the event's, as a form: so these two are only for
   * senders that sign the URL.
   */
  readonly methods?: ('POST' | 'GET' | 'PUT' | 'PATCH' | 'DELETE')[];
  /** Headers that must be there with exactly this value, by lower-case name. */
  readonly requiredHeaders?: { readonly [name: string]: string };
  /** Checks of the URL that want a computed answer and are no event. */
  readonly handshakes?: Handshake[];
  /** What the sender wants to be answered for an event. Absent: 200 and no body. */
  readonly acknowledgement?: Acknowledgement;
}

/** What is signed, where the signature is, and when it was made. */
interface SignedScheme extends SchemeBase {
  /** Encoding of the signature's text. */
  readonly encoding: 'hex' | 'base64' | 'base64url';
  /**
   * The bytes that are signed. Placeholders: `{body}` the raw body, `{ts}` the timestamp's text as sent, `{h:name}` a header's
   * value, `{method}`, `{url}` the public URL with its query as it was sent, `{decodedUrl}` the same as HubSpot decodes it,
   * `{secret}` (plain hashes only). Everything else stands for itself.
   */
  readonly signed: string;
  readonly signature: SignaturePlace;
  readonly timestamp?: TimestampPlace;
}

export interface HmacScheme extends SignedScheme {
  readonly kind: 'hmac';
  readonly hash: HashName;
  readonly key: KeyFormat;
}

/** A plain hash over text that has the secret in it. */
export interface HashScheme extends SignedScheme {
  readonly kind: 'hash';
  readonly hash: HashName;
}

/** Ed25519, or ECDSA on P-256 with SHA-256 and a DER signature. */
export interface PublicKeyScheme extends SignedScheme {
  readonly kind: 'ed25519' | 'ecdsa';
  /** How the public key is written: raw bytes in hex or base64, `whpk_` and base64, or SPKI in base64 or PEM. */
  readonly publicKey: 'hex' | 'base64' | 'whpk' | 'spki';
}

/** The secret itself travels with every request. */
export interface TokenScheme extends SchemeBase {
  readonly kind: 'token';
  readonly token: FieldLocation;
  readonly prefix?: string;
}

/** HTTP Basic (RFC 7617). The user name is in `SourceConfig`, the secret is the password, or `user:password` where there is no name. */
export interface BasicScheme extends SchemeBase {
  readonly kind: 'basic';
}

/** Verified by the module `scheme-<module>.mjs` beside the ingest bundle; see `scheme-module.ts`. */
export interface CodeScheme extends SchemeBase {
  readonly kind: 'code';
  readonly module: string;
  /** How the secret's text becomes a key. Absent: the scheme has no secret. */
  readonly key?: KeyFormat;
  /** The URL is among what is signed: the module reads `publicUrl`. */
  readonly signsUrl?: true;
  /** What the module needs to know and no secret is. */
  readonly settings?: { readonly [name: string]: unknown };
}

/** Anybody can post. Only `WebhookSource.unverified` makes it. */
export interface OpenScheme extends SchemeBase {
  readonly kind: 'open';
}

export type HashName = 'sha1' | 'sha256' | 'sha384' | 'sha512';

/**
 * How the secret's text becomes key bytes. `whsec`: strip an optional `whsec_`, then base64. `supabase`: strip an optional
 * `v1,`, then as `whsec`. `nfkd`: Unicode normalisation form KD, then UTF-8.
 */
export type KeyFormat = 'utf8' | 'base64' | 'hex' | 'whsec' | 'supabase' | 'nfkd';

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

/**
 * One place in a request. `json` is a path such as `$.data.id`, and `$.events[*].id` stands for every item: as an id they are
 * joined, because a batch is the same only when all of it is; as a type the first counts. `signature` is a named part of the
 * signature header, `formJson` a path in the JSON that a form field holds, `memberOf` the name of the first member of a JSON object that is in
 * the list (Telegram's and X's events are named so), `verified` a value that the scheme's module returns (a JWT's `jti`),
 * `all` the values of several places, joined: there only where all of them are.
 */
export type FieldLocation =
  | { readonly header: string }
  | { readonly json: string }
  | { readonly form: string }
  | { readonly formJson: { readonly field: string; readonly path: string } }
  | { readonly query: string }
  | { readonly signature: string }
  | { readonly memberOf: string[] }
  | { readonly verified: string }
  | { readonly all: FieldLocation[] };

/** A check of the URL, told apart from an event by everything in `when`, and by the body. */
export interface Handshake {
  readonly method: 'GET' | 'HEAD' | 'POST' | 'OPTIONS';
  /**
   * After the verification, like an event; or before it, where the sender signs none. By a method that events come by, a request with a signature
   * is never one that is not signed: whoever fills in a field of an event could make it look like one.
   */
  readonly signed: boolean;
  /** All must hold. A condition without `equals` asks only that there is a value. */
  readonly when: HandshakeCondition[];
  /** A regular expression for the whole body. Absent: the body does not matter. */
  readonly body?: string;
  /** Where the request must carry the source's verify token; a wrong one is answered 403. */
  readonly token?: FieldLocation;
  readonly answer: HandshakeAnswer;
}

export interface HandshakeCondition {
  readonly field: FieldLocation;
  readonly equals?: string | number;
}

/** Text, JSON or headers made of values. Without any: no body. */
export interface HandshakeAnswer {
  /** 200 where absent. */
  readonly status?: number;
  readonly text?: HandshakeValue;
  readonly json?: { readonly [name: string]: HandshakeValue };
  readonly headers?: { readonly [name: string]: HandshakeValue };
}

/** A literal, a value of the request, or its HMAC under the source's secret. A value that is not in the request leaves its place out. */
export type HandshakeValue =
  | { readonly literal: string | number }
  | { readonly echo: FieldLocation }
  | { readonly hmac: 'sha1' | 'sha256'; readonly of: FieldLocation; readonly encoding: 'hex' | 'base64'; readonly prefix?: string };

export interface Acknowledgement {
  readonly status: number;
  readonly contentType?: string;
  readonly body?: string;
}
