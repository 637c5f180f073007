import { Duration } from 'aws-cdk-lib';
import { WebhookSecret } from '../webhook-secret';
import { RequestField } from './request-field';
import { HmacAlgorithm, KeyEncoding, SignatureEncoding, TimestampFormat } from './scheme-enums';
import { SignatureHeader } from './signature-header';
import { WebhookResponse } from './webhook-response';
import { InvalidEventAction, WebhookSchema } from './webhook-schema';

/**
 * What every source can say, whatever its verification.
 */
export interface WebhookSourceOptions {
  /**
   * The path of the source's URL. It starts with `/`, and its segments are letters, digits and `._~-`, but not `.` and `..` alone.
   *
   * @default - `/` and the source's name
   */
  readonly path?: string;

  /**
   * Requests a second that the source takes on average. API Gateway answers 429 to more, and a sender that never retries, such as
   * GitHub, loses what was refused.
   *
   * @default - the gateway's `throttlingRateLimit`
   */
  readonly throttlingRateLimit?: number;

  /**
   * Requests that the source takes at once above the rate.
   *
   * @default - the gateway's `throttlingBurstLimit`
   */
  readonly throttlingBurstLimit?: number;

  /**
   * How long an event with the same id is a duplicate after one was accepted: from a minute to the retention of the event store, in whole
   * seconds. For a sender that uses an id again, such as the number of an order. After that the id stands for an event of its own, which goes
   * to all targets that want it, with another `webhook-id`; the first stays on record with what became of it.
   *
   * @default - for as long as the event is on record
   */
  readonly deduplicationWindow?: Duration;

  /**
   * Whether the source has an ingest function of its own: with a role that reads this source's secrets only, and with environments, a log
   * and two alarms of its own. A flood of its requests, or a sender whose keys come slowly, fills no environment of the other sources, and
   * reserved concurrency on `ingestFunction` keeps it from taking the account's. It costs the stack seven resources.
   *
   * A deployment that turns it on refuses no request. One that turns it off may answer 500 for some seconds.
   *
   * @default false
   */
  readonly dedicatedFunction?: boolean;

  /**
   * What the sender is answered for an event that was accepted.
   *
   * @default - what the sender's documentation asks for: mostly 200 and no body
   */
  readonly response?: WebhookResponse;

  /**
   * What the body of an event has to be. One that is not JSON fails any schema.
   *
   * @default - any bytes are an event
   */
  readonly schema?: WebhookSchema;

  /**
   * Schemas for events of one type, by the type's name. `schema` judges events of other types and without one.
   *
   * @default - `schema` judges all
   */
  readonly schemasByEventType?: { [eventType: string]: WebhookSchema };

  /**
   * What becomes of an authentic event that fails its schema.
   *
   * @default InvalidEventAction.QUARANTINE
   */
  readonly onInvalid?: InvalidEventAction;
}

/**
 * Options of a source whose sender signs with a shared secret.
 */
export interface SecretSourceOptions extends WebhookSourceOptions {
  /**
   * The secret that both sides hold.
   */
  readonly secret: WebhookSecret;

  /**
   * How long the previous version of the secret still verifies after the current one was made: 0 to 7 days, in whole seconds.
   *
   * @default Duration.hours(24)
   */
  readonly previousSecretOverlap?: Duration;
}

/**
 * Options of a source whose sender signs a timestamp.
 */
export interface TimestampedSecretSourceOptions extends SecretSourceOptions {
  /**
   * How far a request's timestamp may be from now, earlier or later: 1 second to 24 hours. Older requests are answered 401.
   *
   * @default - what the sender's documentation says, and 5 minutes where it says nothing
   */
  readonly tolerance?: Duration;
}

/**
 * Options of a source whose sender signs the URL that it posts to.
 */
export interface UrlSignedSourceOptions extends SecretSourceOptions {
  /**
   * The URL exactly as the sender has it, without a query: `https`, without user name and password, and not ending in `/` unless
   * it does there. The host that a request names is never believed.
   *
   * @default - the gateway's `publicBaseUrl` and the path; without that the API's own URL
   */
  readonly publicUrl?: string;
}

/**
 * Options of a source whose sender signs a timestamp and the URL that it posts to.
 */
export interface TimestampedUrlSignedSourceOptions extends UrlSignedSourceOptions, TimestampedSecretSourceOptions {}

/**
 * Options of a source whose sender signs with a private key.
 */
export interface PublicKeySourceOptions extends WebhookSourceOptions {
  /**
   * The public key that the sender shows. It is no secret, and is checked when the app is synthesised.
   */
  readonly publicKey: string;

  /**
   * How far a request's timestamp may be from now, earlier or later: 1 second to 24 hours. Older requests are answered 401.
   *
   * @default Duration.minutes(5)
   */
  readonly tolerance?: Duration;
}

/**
 * Options of a source whose sender signs nothing: the URL that it is given has a token in its query.
 */
export interface UrlTokenSourceOptions extends WebhookSourceOptions {
  /**
   * The token. Whoever sees the URL can post.
   */
  readonly urlToken: WebhookSecret;

  /**
   * How long the previous version of the token still counts after the current one was made: 0 to 7 days, in whole seconds.
   *
   * @default Duration.hours(24)
   */
  readonly previousSecretOverlap?: Duration;
}

/**
 * Options of a source whose sender uses HTTP Basic authentication (RFC 7617).
 */
export interface BasicSourceOptions extends WebhookSourceOptions {
  /**
   * The user name: no colon and no control character.
   */
  readonly username: string;

  /**
   * The password.
   */
  readonly password: WebhookSecret;

  /**
   * How long the previous version of the password still counts after the current one was made: 0 to 7 days, in whole seconds.
   *
   * @default Duration.hours(24)
   */
  readonly previousSecretOverlap?: Duration;
}

/**
 * Options of a source whose events say what they are in a way that only you know.
 */
export interface IdentifiedSourceOptions extends WebhookSourceOptions {
  /**
   * Where the sender's own event id is. The same id is the same event.
   *
   * @default - every request is a new event
   */
  readonly eventId?: RequestField;

  /**
   * Where the event's type is.
   *
   * @default - events have no type
   */
  readonly eventType?: RequestField;
}

/**
 * Options of `WebhookSource.hmac()`.
 */
export interface HmacSourceOptions extends IdentifiedSourceOptions, TimestampedUrlSignedSourceOptions {
  /**
   * Where the signature is.
   */
  readonly signature: SignatureHeader;

  /**
   * The bytes that are signed, with placeholders: `{body}` is the raw body, `{ts}` the timestamp's text as sent, `{h:name}` the
   * value of a header, `{method}` the request's method, `{url}` the public URL with its query as it was sent. Everything else stands for
   * itself. The body must be part of it.
   *
   * @default '{body}'
   */
  readonly signedContent?: string;

  /**
   * The hash under the HMAC.
   *
   * @default HmacAlgorithm.SHA256
   */
  readonly algorithm?: HmacAlgorithm;

  /**
   * How the signature is written.
   *
   * @default SignatureEncoding.HEX
   */
  readonly signatureEncoding?: SignatureEncoding;

  /**
   * How the secret's text becomes the key.
   *
   * @default KeyEncoding.UTF8
   */
  readonly keyEncoding?: KeyEncoding;

  /**
   * Where the timestamp is. Outside the body it must be part of `signedContent`, as `{ts}` or as its header, or anybody could
   * change it.
   *
   * @default - no timestamp: a request that was recorded once is accepted again
   */
  readonly timestamp?: RequestField;

  /**
   * How the timestamp is written.
   *
   * @default TimestampFormat.SECONDS
   */
  readonly timestampFormat?: TimestampFormat;

  /**
   * Headers that must be there with exactly this value.
   *
   * @default - none
   */
  readonly requiredHeaders?: { [name: string]: string };
}
