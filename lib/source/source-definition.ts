import { Duration, Token } from 'aws-cdk-lib';
import { PairingConfig } from '../contract/config';
import { KeyFormat, PublicKeyScheme, Scheme } from '../contract/scheme';
import { PAIRINGS } from '../contract/schemes';
import { checkGiven, publicUrl as checkPublicUrl, seconds } from '../private/checks';
import { checkPublicKey } from '../private/public-key';
import { WebhookSecret } from '../webhook-secret';
import { BasicSourceOptions, PublicKeySourceOptions, SecretSourceOptions, UrlTokenSourceOptions, WebhookSourceOptions } from './source-options';

const DEFAULT_OVERLAP = Duration.hours(24);
const OVERLAP_BOUNDS = { min: Duration.seconds(0), max: Duration.days(7) };
const TOLERANCE_BOUNDS = { min: Duration.seconds(1), max: Duration.hours(24) };

/** One configured way to prove a request. */
export interface Verification {
  readonly scheme: Scheme;
  readonly secret?: WebhookSecret;
  readonly previousSecretOverlapSeconds: number;
  readonly publicKey?: string;
  readonly username?: string;
  readonly verifyToken?: WebhookSecret;
}

/** What a `WebhookSource` stands for. */
export interface SourceDefinition {
  readonly verifications: Verification[];
  readonly options: WebhookSourceOptions;
  readonly publicUrl?: string;
  readonly pairing?: PairingConfig;
  /** Why nothing is verified. */
  readonly unverifiedReason?: string;
}

/** What the options of a source with a secret may also have. */
export interface AnySecretOptions extends SecretSourceOptions {
  readonly tolerance?: Duration;
  readonly publicUrl?: string;
  readonly verifyToken?: WebhookSecret;
}

export function secretSource(scheme: Scheme, options: AnySecretOptions): SourceDefinition {
  const { secret, verifyToken, publicUrl, previousSecretOverlap } = options;
  checkGiven(`the secret of a ${scheme.name} source`, secret?._bind, 'WebhookSecret');
  checkGenerated(scheme, secret);
  const pairing = PAIRINGS[scheme.name];
  return {
    verifications: [{
      scheme: withTolerance(scheme, options.tolerance),
      secret,
      previousSecretOverlapSeconds: overlap(previousSecretOverlap),
      ...(verifyToken && { verifyToken }),
    }],
    options,
    ...(publicUrl !== undefined && { publicUrl: checkPublicUrl(publicUrl, 'publicUrl', 'https://hooks.example.com/in/twilio') }),
    ...(pairing && { pairing }),
  };
}

export function publicKeySource(scheme: PublicKeyScheme, options: PublicKeySourceOptions): SourceDefinition {
  checkPublicKey(scheme, options.publicKey);
  return {
    verifications: [{ scheme: withTolerance(scheme, options.tolerance), publicKey: options.publicKey, previousSecretOverlapSeconds: 0 }],
    options,
  };
}

export function urlTokenSource(scheme: Scheme, options: UrlTokenSourceOptions): SourceDefinition {
  return secretSource(scheme, { ...options, secret: options.urlToken });
}

export function basicSource(scheme: Scheme, options: BasicSourceOptions): SourceDefinition {
  const { username, password, previousSecretOverlap } = options;
  checkGiven(`the password of a ${scheme.name} source`, password?._bind, 'WebhookSecret');
  // RFC 7617: the first colon ends the name.
  if (!Token.isUnresolved(username) && !/^[^:\p{Cc}]+$/u.test(username)) {
    throw new Error(`username ${JSON.stringify(username)} is not allowed: it has at least one character, and neither a colon nor a control character`);
  }
  return { verifications: [{ scheme, secret: password, username, previousSecretOverlapSeconds: overlap(previousSecretOverlap) }], options };
}

/** A source whose keys the sender publishes. */
export function keylessSource(scheme: Scheme, options: WebhookSourceOptions): SourceDefinition {
  return { verifications: [{ scheme, previousSecretOverlapSeconds: 0 }], options };
}

export function overlap(duration: Duration = DEFAULT_OVERLAP): number {
  return seconds(duration, 'previousSecretOverlap', OVERLAP_BOUNDS);
}

/** The format in which the text of a verification's secret has to be. */
export function keyFormat(scheme: Scheme): KeyFormat {
  return 'key' in scheme && scheme.key ? scheme.key : 'utf8';
}

function withTolerance(scheme: Scheme, tolerance?: Duration): Scheme {
  if (!tolerance) return scheme;
  const toleranceSeconds = seconds(tolerance, 'tolerance', TOLERANCE_BOUNDS);
  if (scheme.kind === 'code') return { ...scheme, settings: { ...scheme.settings, toleranceSeconds } };
  return 'timestamp' in scheme && scheme.timestamp ? { ...scheme, timestamp: { ...scheme.timestamp, toleranceSeconds } } : scheme;
}

/** Schemes whose secret is a name, a colon and a key that the sender made. */
const PAIRED_KEYS = ['braintree', 'pusher', 'livekit'];

function checkGenerated(scheme: Scheme, secret: WebhookSecret): void {
  if (!secret._generated) return;
  if (keyFormat(scheme) === 'hex') {
    const cure = scheme.name === 'hmac' ? 'use KeyEncoding.UTF8 or KeyEncoding.BASE64, or name a secret of your own' : 'name a secret with the key that the sender shows';
    throw new Error(`a generated secret is 32 letters and digits, which is no hexadecimal key: ${cure}`);
  }
  if (PAIRED_KEYS.includes(scheme.name)) {
    throw new Error(`a generated secret is 32 letters and digits, but the secret of ${scheme.name} is the public key, a colon and the key that the sender shows: `
      + 'name a secret of your own');
  }
}
