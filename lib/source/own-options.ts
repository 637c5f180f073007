import { Duration } from 'aws-cdk-lib';
import { WebhookSecret } from '../webhook-secret';
import { RequestField } from './request-field';
import {
  BasicSourceOptions, IdentifiedSourceOptions, SecretSourceOptions, UrlSignedSourceOptions, WebhookSourceOptions,
} from './source-options';

/**
 * Options of `WebhookSource.meta()`.
 */
export interface MetaSourceOptions extends SecretSourceOptions {
  /**
   * The verify token that you give to Meta together with the URL. It proves the check of the URL, and no event.
   */
  readonly verifyToken: WebhookSecret;
}

/**
 * Options of `WebhookSource.paypal()`.
 */
export interface PaypalSourceOptions extends WebhookSourceOptions {
  /**
   * The id that PayPal gave the webhook. It is under the signature and in no request; it is no secret.
   */
  readonly webhookId: string;
}

/**
 * Whose keys and secrets a `WebhookSource.plaid()` uses.
 */
export enum PlaidEnvironment {
  /** Live data. */
  PRODUCTION = 'production',
  /** Made-up data. */
  SANDBOX = 'sandbox',
}

/**
 * Options of `WebhookSource.plaid()`.
 */
export interface PlaidSourceOptions extends SecretSourceOptions {
  /**
   * The client id of the account at Plaid. With the secret it asks Plaid for the key that a request was signed with.
   */
  readonly clientId: string;

  /**
   * Which of Plaid's environments sends.
   *
   * @default PlaidEnvironment.PRODUCTION
   */
  readonly environment?: PlaidEnvironment;
}

/**
 * Options of `WebhookSource.sns()`.
 */
export interface SnsSourceOptions extends WebhookSourceOptions {
  /**
   * The topics whose messages are taken, one or more ARNs. Anybody can have SNS sign a message of a topic of his own.
   */
  readonly topicArns: string[];
}

/**
 * Options of `WebhookSource.googlePubSub()`.
 */
export interface GooglePubSubSourceOptions extends WebhookSourceOptions {
  /**
   * The audience that the push subscription sets, e.g. the source's URL.
   */
  readonly audience: string;

  /**
   * The service account that the push subscription signs as. Without it any account of Google's that knows the audience could send.
   */
  readonly serviceAccountEmail: string;
}

/**
 * Options of `WebhookSource.upstash()`.
 */
export interface UpstashSourceOptions extends UrlSignedSourceOptions {
  /**
   * The next signing key, which QStash signs with after a roll. `secret` is the current one.
   *
   * @default - requests that are signed with the next key are refused
   */
  readonly nextSecret?: WebhookSecret;
}

/**
 * Options of `WebhookSource.jwt()`.
 */
export interface JwtSourceOptions extends IdentifiedSourceOptions {
  /**
   * What the token's `iss` must be.
   */
  readonly issuer: string;

  /**
   * What the token's `aud` must be, or hold: any of these, one or more, none of them empty.
   */
  readonly audience: string[];

  /**
   * Where the issuer publishes its keys (JWKS): an `https` URL of a public host, without user name and password. Asked at most every few
   * minutes.
   */
  readonly jwksUrl: string;

  /**
   * The one algorithm of the issuer's tokens. A token that names another is refused.
   *
   * @default JwtAlgorithm.RS256
   */
  readonly algorithm?: JwtAlgorithm;

  /**
   * Claims that must be there with exactly this text.
   *
   * @default - none but issuer, audience and expiry
   */
  readonly requiredClaims?: { [name: string]: string };

  /**
   * The header with the token; not `cookie`.
   *
   * @default - `authorization`, after `Bearer`
   */
  readonly header?: string;
}

/**
 * How an issuer signs its tokens.
 */
export enum JwtAlgorithm {
  /** RSA, PKCS #1 1.5, SHA-256. */
  RS256 = 'RS256',
  /** RSA, PKCS #1 1.5, SHA-384. */
  RS384 = 'RS384',
  /** RSA, PKCS #1 1.5, SHA-512. */
  RS512 = 'RS512',
  /** RSA-PSS, SHA-256. */
  PS256 = 'PS256',
  /** RSA-PSS, SHA-384. */
  PS384 = 'PS384',
  /** RSA-PSS, SHA-512. */
  PS512 = 'PS512',
  /** ECDSA on P-256. */
  ES256 = 'ES256',
  /** ECDSA on P-384. */
  ES384 = 'ES384',
  /** ECDSA on P-521. */
  ES512 = 'ES512',
  /** Ed25519. */
  EDDSA = 'EdDSA',
}

/**
 * Options of `WebhookSource.basicAuth()`.
 */
export interface BasicAuthSourceOptions extends BasicSourceOptions, IdentifiedSourceOptions {}

/**
 * Options of `WebhookSource.apiKey()`.
 */
export interface ApiKeySourceOptions extends IdentifiedSourceOptions {
  /**
   * The key that every request carries.
   */
  readonly key: WebhookSecret;

  /**
   * Where it is: a header or a query parameter.
   *
   * @default RequestField.header('x-api-key')
   */
  readonly location?: RequestField;

  /**
   * How long the previous version of the key still counts after the current one was made: 0 to 7 days, in whole seconds.
   *
   * @default Duration.hours(24)
   */
  readonly previousSecretOverlap?: Duration;
}

/**
 * Options of `WebhookSource.unverified()`.
 */
export interface UnverifiedSourceOptions extends IdentifiedSourceOptions {
  /**
   * Why anybody may post here. It is shown at every synth, so that whoever reviews the app sees it.
   */
  readonly reason: string;
}
