import { Duration } from 'aws-cdk-lib';
import { Scheme } from '../contract/scheme';
import { SCHEMES } from '../contract/schemes';
import { seconds } from '../private/checks';
import { WebhookSecret } from '../webhook-secret';
import { hmacScheme } from './hmac-scheme';
import {
  GithubSourceOptions, HmacSourceOptions, SecretSourceOptions, StandardWebhooksSourceOptions, StripeSourceOptions, TimestampedSecretSourceOptions,
  WebhookSourceOptions,
} from './source-options';

const DEFAULT_OVERLAP = Duration.hours(24);
const OVERLAP_BOUNDS = { min: Duration.seconds(0), max: Duration.days(7) };
const TOLERANCE_BOUNDS = { min: Duration.seconds(1), max: Duration.hours(24) };

/**
 * One configured way in: how a sender proves who it is, and with which secret.
 */
export class WebhookSource {
  /**
   * Webhooks of GitHub: repositories, organizations and apps. Set the webhook's content type as you like, and a secret.
   *
   * GitHub never retries: what is not answered 2xx within 10 seconds can only be redelivered by hand, for 3 days.
   *
   * @see https://docs.github.com/en/webhooks/using-webhooks/validating-webhook-deliveries
   */
  public static github(options: GithubSourceOptions): WebhookSource {
    return new WebhookSource(SCHEMES.github, options);
  }

  /**
   * Webhooks of Stripe. Stripe retries for up to 3 days, and each retry has a new timestamp and the same event id.
   *
   * @see https://docs.stripe.com/webhooks#verify-manually
   */
  public static stripe(options: StripeSourceOptions): WebhookSource {
    return new WebhookSource(withTolerance(SCHEMES.stripe, options.tolerance), options);
  }

  /**
   * Webhooks of any sender that follows Standard Webhooks with a symmetric key (`v1`).
   *
   * @see https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
   */
  public static standardWebhooks(options: StandardWebhooksSourceOptions): WebhookSource {
    return new WebhookSource(withTolerance(SCHEMES['standard-webhooks'], options.tolerance), options);
  }

  /**
   * Webhooks of a sender that signs with an HMAC in a way of its own, described by its parts.
   */
  public static hmac(options: HmacSourceOptions): WebhookSource {
    return new WebhookSource(withTolerance(hmacScheme(options), options.tolerance), options);
  }

  private readonly previousSecretOverlapSeconds: number;

  private constructor(private readonly scheme: Scheme, private readonly options: SecretSourceOptions) {
    this.previousSecretOverlapSeconds = seconds(options.previousSecretOverlap ?? DEFAULT_OVERLAP, 'previousSecretOverlap', OVERLAP_BOUNDS);
    if (options.secret._generated && scheme.key === 'hex') {
      throw new Error('a generated secret is 32 letters and digits, which is no hexadecimal key: '
        + 'use KeyEncoding.UTF8 or KeyEncoding.BASE64, or name a secret of your own');
    }
  }

  /** @internal */
  public get _scheme(): Scheme {
    return this.scheme;
  }

  /** @internal */
  public get _secret(): WebhookSecret {
    return this.options.secret;
  }

  /** @internal */
  public get _previousSecretOverlapSeconds(): number {
    return this.previousSecretOverlapSeconds;
  }

  /** @internal */
  public get _options(): WebhookSourceOptions {
    return this.options;
  }
}

function withTolerance(scheme: Scheme, tolerance: TimestampedSecretSourceOptions['tolerance']): Scheme {
  if (!scheme.timestamp || !tolerance) return scheme;
  return { ...scheme, timestamp: { ...scheme.timestamp, toleranceSeconds: seconds(tolerance, 'tolerance', TOLERANCE_BOUNDS) } };
}
