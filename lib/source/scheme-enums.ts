/**
 * The hash under an HMAC.
 */
export enum HmacAlgorithm {
  /** SHA-1. Some senders know nothing better; as an HMAC it is not broken. */
  SHA1 = 'sha1',
  /** SHA-256, which nearly every sender uses. */
  SHA256 = 'sha256',
  /** SHA-384. */
  SHA384 = 'sha384',
  /** SHA-512. */
  SHA512 = 'sha512',
}

/**
 * How a signature is written.
 */
export enum SignatureEncoding {
  /** Hexadecimal digits. */
  HEX = 'hex',
  /** Base64 with `+` and `/`. */
  BASE64 = 'base64',
  /** Base64 with `-` and `_`. */
  BASE64URL = 'base64url',
}

/**
 * How a secret's text becomes a key.
 */
export enum KeyEncoding {
  /** The text's own bytes. */
  UTF8 = 'utf8',
  /** The text is base64. */
  BASE64 = 'base64',
  /** The text is hexadecimal digits. */
  HEX = 'hex',
  /** The text is base64 after an optional `whsec_`, at least 24 bytes, as in Standard Webhooks. */
  WHSEC = 'whsec',
}

/**
 * How a timestamp is written.
 */
export enum TimestampFormat {
  /** Seconds since 1970. */
  SECONDS = 's',
  /** Milliseconds since 1970. */
  MILLISECONDS = 'ms',
  /** ISO 8601, e.g. `2026-11-24T08:00:00Z`. */
  ISO_8601 = 'iso',
  /** The format of HTTP's own dates, e.g. `Tue, 24 Nov 2026 08:00:00 GMT`. */
  HTTP_DATE = 'httpdate',
}
