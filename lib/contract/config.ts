import type { RetrySchedule } from './retry';
import type { Acknowledgement, FieldLocation, Scheme } from './scheme';

/** The file in a function's asset that holds its configuration. */
export const CONFIG_FILE = 'config.json';

/**
 * The environment variable with what only the deployment knows: a JSON array of strings.
 * A configuration file refers to its n-th entry as `{"$value": n}` wherever a string is expected.
 */
export const VALUES_VARIABLE = 'VALUES';

/** The environment variable with an HTTP target's URL. Outside the asset, so that a local run can point it elsewhere. */
export const TARGET_URL_VARIABLE = 'TARGET_URL';

/** Where a function finds a secret. */
export interface SecretReference {
  /** Name or ARN in Secrets Manager. Safe to log; the value never is. */
  readonly id: string;
  /** The field to read when the secret is a JSON object. Absent: the whole string is the secret. */
  readonly field?: string;
}

export interface SourceConfig {
  /** The route's path. Absent: `/` and the source's name. */
  readonly path?: string;
  /** Tried in turn; the first that proves a request counts. Several only while a sender moves from one to another. */
  readonly verifications: VerificationConfig[];
  /** The URL as the sender knows it, without a query. Absent: none is configured, and schemes that sign the URL refuse. */
  readonly publicUrl?: string;
  /** What the sender is answered for an event, whatever its scheme says. */
  readonly response?: Acknowledgement;
  /** The sender's first request carries the key, which is stored in the source's secret while pairing is open. */
  readonly pairing?: PairingConfig;
}

/** One way to prove a request. */
export interface VerificationConfig {
  readonly scheme: Scheme;
  /** Absent where the scheme has none. */
  readonly secret?: SecretReference;
  /** How long `AWSPREVIOUS` still verifies after the current version was made, in seconds. */
  readonly previousSecretOverlapSeconds: number;
  /** For `ed25519` and `ecdsa`: no secret, so it may stand here. */
  readonly publicKey?: string;
  /** For `basic`. */
  readonly username?: string;
  /** What a handshake's token must be. */
  readonly verifyToken?: SecretReference;
}

/** Where the first request has the key. */
export interface PairingConfig {
  readonly key: FieldLocation;
  /** The response header, in lower case, in which the sender wants the key back. Absent: it wants none. */
  readonly echoHeader?: string;
}

export interface RouteConfig {
  readonly queueUrl: string;
  /** Names of the sources whose events the target takes. Absent: all. */
  readonly sources?: string[];
}

/** Configuration of an ingest function. */
export interface IngestConfig {
  /** The gateway's construct path: the `Gateway` dimension of metrics. */
  readonly gateway: string;
  readonly sources: { [name: string]: SourceConfig };
  readonly targets: { [name: string]: RouteConfig };
}

/** Configuration of a delivery function. It serves one target. */
export interface DeliverConfig {
  readonly gateway: string;
  readonly target: string;
  readonly queueUrl: string;
  readonly deadLetterQueueUrl: string;
  readonly retry: RetrySchedule;
  /** Total time for one attempt: connect, send, response headers. Seconds. */
  readonly timeoutSeconds: number;
  /** What the target's sender needs, as its construct wrote it. */
  readonly settings: { [key: string]: unknown };
}

/** `settings` of an HTTP target's sender. */
export interface HttpSettings {
  readonly signingSecret: SecretReference;
  /** How long both the previous and the current key sign after a rotation, in seconds. */
  readonly previousSecretOverlapSeconds: number;
}
