import type { OrderingKeyConfig } from './config';
import type { Scheme } from './scheme';

/**
 * What a template's `Metadata` says about a gateway, under `cdk-webhooks:<construct path>`, so that the command line finds the
 * parts of a deployed stack: logical ids, which ListStackResources turns into names.
 */
export const PARTS_METADATA_PREFIX = 'cdk-webhooks:';

export interface GatewayParts {
  readonly version: 1;
  /** The gateway's construct path. */
  readonly gateway: string;
  /** Logical id of the HTTP API. */
  readonly api: string;
  readonly sources: { [name: string]: SourcePart };
  readonly targets: { [name: string]: TargetPart };
  /** Logical id of the keeper's function. */
  readonly keeper?: string;
  /** Logical id of the payload bucket. */
  readonly payloadBucket?: string;
  /** The event store, where there is one. */
  readonly store?: { readonly table: string; readonly retentionSeconds: number };
}

export interface SourcePart {
  /** Path of the route, e.g. `/github`. */
  readonly path: string;
  /** The ways to prove a request, in the order they are tried. The first is the one that `send` signs by. */
  readonly verifications: VerificationPart[];
  /** The URL as the sender knows it, where it is known at synth. */
  readonly publicUrl?: string;
  /** Logical id of the ingest function. */
  readonly function: string;
}

export interface VerificationPart {
  readonly scheme: Scheme;
  readonly secret?: SecretPart;
  readonly publicKey?: string;
  readonly username?: string;
  readonly verifyToken?: SecretPart;
}

export interface TargetPart {
  /** `http`, … */
  readonly kind: string;
  readonly queue: string;
  readonly deadLetterQueue: string;
  readonly function: string;
  readonly mapping: string;
  /** The target's URL, where it is known at synth. */
  readonly url?: string;
  readonly signingSecret?: SecretPart;
  /** Names of the sources whose events the target takes. Absent: all. */
  readonly sources?: string[];
  /** It takes no new events. */
  readonly retired?: true;
  /** What must keep its order: the queue is a FIFO queue then. */
  readonly orderingKey?: OrderingKeyConfig;
}

/** A secret by the logical id of a resource of this stack, or by the name or ARN it was imported with. */
export interface SecretPart {
  readonly logicalId?: string;
  readonly id?: string;
  readonly field?: string;
  /** `ssm`: a SecureString of Parameter Store. Absent: Secrets Manager. */
  readonly service?: 'ssm';
  /** How the secret's text becomes a key, so that a local run can make one up. */
  readonly key: string;
}
