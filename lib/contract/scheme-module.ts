/**
 * What a scheme with code is: the module `scheme-<name>.mjs` beside the ingest bundle, loaded only by a function that uses it.
 */
export interface SchemeModule {
  createVerifier(context: SchemeContext): CodeVerifier;
}

export interface SchemeContext {
  /** Name of the scheme, e.g. `twilio-json`, for modules that serve several. */
  readonly scheme: string;
  readonly settings: { readonly [name: string]: unknown };
  /** Name or ARN of the secret, for errors. Absent where the scheme has none. */
  readonly secretId?: string;
  /** GETs a key, a JWKS or a certificate. The module decides which hosts may be asked; this follows no redirect. */
  readonly fetch: KeyFetch;
}

/** Rejects when there is no 2xx answer in time. At most 64 KiB. `body` and `headers` make it a POST. */
export type KeyFetch = (url: string, init?: { readonly headers?: { readonly [name: string]: string }; readonly body?: string }) => Promise<string>;

export interface CodeVerifier {
  /**
   * Judges the raw bytes. `secrets` are the versions that may have signed, current first; empty where the scheme has none.
   * Resolves, whatever the request is; rejects only when it cannot be known, such as a key that could not be fetched: the sender is
   * answered 503 then. A `SecretError` of kind `unusable` says that a secret cannot be a key, and the secret is asked for anew. `now`: ms since 1970.
   */
  verify(request: SchemeRequest, secrets: string[], now: number): Promise<SchemeVerdict>;
}

/** The request as the engine read it. */
export interface SchemeRequest {
  readonly method: string;
  /** By lower-case name. A header that came several times is joined by commas. */
  readonly headers: { readonly [name: string]: string | undefined };
  /** The very bytes. */
  readonly body: Buffer;
  /** The body as UTF-8, undefined where it is none; as JSON, undefined where it is none; as a form, empty where it is none. */
  readonly text: string | undefined;
  readonly json: unknown;
  readonly form: URLSearchParams;
  readonly query: URLSearchParams;
  readonly rawQuery: string;
  /** The public URL of the source with the query as it was sent. Never made of the Host header. Undefined where none is configured. */
  readonly publicUrl: string | undefined;
}

export type SchemeVerdict =
  /** `fields` are what `verified` locations read. `handshake`: a check of the URL that the module has dealt with, and no event. */
  | { readonly valid: true; readonly fields?: { readonly [name: string]: string }; readonly handshake?: true }
  | { readonly valid: false; readonly reason: 'signature' | 'timestamp'; readonly detail: string };
