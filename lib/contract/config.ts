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
  /** Name or ARN in Secrets Manager, or a parameter's name. Safe to log; the value never is. */
  readonly id: string;
  /** The field to read when the secret is a JSON object. Absent: the whole string is the secret. */
  readonly field?: string;
  /** `ssm`: a SecureString of Parameter Store. Absent: Secrets Manager. */
  readonly service?: 'ssm';
}

export interface SourceConfig {
  /** The route's path. Absent: `/` and the source's name. */
  readonly path?: string;
  /** Tried in turn; the first that proves a request counts. Several only while a sender moves from one to another. */
  readonly verifications: VerificationConfig[];
  /** The URL as the sender knows it, without a query. Absent: none is configured, and schemes that sign the URL refuse. */
  readonly publicUrl?: string;
  readonly schema?: SchemaConfig;
  /** How long after its acceptance an event is known again, in seconds. Absent: for as long as it is on record. */
  readonly deduplicationWindowSeconds?: number;
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
  /** How long the previous version of the secret still verifies after the current one was made, in seconds. */
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
  /** Names of the types that the target takes; `*` stands for any run of characters. Absent: all, and events without a type. */
  readonly eventTypes?: string[];
  readonly filter?: EventFilter;
  /** Request headers that the target wants beside the usual ones, by lower-case name. */
  readonly forwardHeaders?: string[];
  /** What must keep its order: the queue is a FIFO queue then. */
  readonly orderingKey?: OrderingKeyConfig;
}

/** Patterns in the grammar of EventBridge, each for a part of an event; all of them must match. */
export interface EventFilter {
  readonly body?: { readonly [field: string]: unknown };
  /** By lower-case name. */
  readonly headers?: { readonly [name: string]: unknown };
  /** Of id, source, type, time and providerId. */
  readonly metadata?: { readonly [field: string]: unknown };
}

/** Where the value is whose events keep their order. An event without the value has an order of its own. */
export type OrderingKeyConfig = { readonly field: FieldLocation } | { readonly source: true };

/** Configuration of an ingest function. */
export interface IngestConfig {
  /** The gateway's construct path: the `Gateway` dimension of metrics. */
  readonly gateway: string;
  readonly sources: { [name: string]: SourceConfig };
  readonly targets: { [name: string]: RouteConfig };
  /** Where bodies go that are too big for a queue. Absent: a message is the limit. */
  readonly payloadBucket?: string;
  /** Absent: nothing is recorded, no duplicate is known, and nothing can be quarantined. */
  readonly store?: StoreConfig;
  /** Rejected requests are counted by reason, too: a series for each. */
  readonly detailedMetrics?: true;
}

export interface StoreConfig {
  readonly tableName: string;
  /** How long rows are kept, in seconds. */
  readonly retentionSeconds: number;
}

/** What an authentic event of a source must be. */
export interface SchemaConfig {
  /** The export of `schemas.mjs`, beside the ingest bundle, that judges any event without a schema for its type. */
  readonly any?: string;
  /** By event type. */
  readonly byType?: { readonly [eventType: string]: string };
  readonly onInvalid: 'quarantine' | 'reject';
}

/** The file of compiled schemas beside the ingest bundle. Each export judges parsed JSON: an array of sentences, empty where it is valid. */
export const SCHEMAS_FILE = 'schemas.mjs';

/** Configuration of a delivery function. It serves one target. */
export interface DeliverConfig {
  readonly gateway: string;
  readonly target: string;
  readonly queueUrl: string;
  readonly deadLetterQueueUrl: string;
  readonly retry: RetrySchedule;
  /** Statuses that mean for this target that no retry will help. Absent: those of `DEFAULT_PERMANENT_STATUSES`. */
  readonly permanentStatusCodes?: number[];
  /** Attempts a second that one environment of the function may begin. Absent: no limit. */
  readonly ratePerSecond?: number;
  /** What becomes of an event before it is sent. */
  readonly transform?: TransformConfig;
  /** The form in which events are sent. Absent: the bytes as they came. */
  readonly format?: 'cloudevents';
  /** Where bodies are that were too big for a queue. */
  readonly payloadBucket?: string;
  readonly store?: StoreConfig;
  /** Whether the first KB of each response goes into the event store. */
  readonly recordResponses?: true;
  /** Total time for one attempt: connect, send, response headers. Seconds. */
  readonly timeoutSeconds: number;
  /** What the target's sender needs, as its construct wrote it. */
  readonly settings: { [key: string]: unknown };
}

/** The user's own module beside the bundle, or JSON with places in it. */
export type TransformConfig =
  | { readonly kind: 'module'; readonly timeoutSeconds: number }
  | { readonly kind: 'template'; readonly template: unknown };

/** The file of a target's transform beside the delivery function's bundle. */
export const TRANSFORM_FILE = 'transform.mjs';

/** `settings` of an HTTP target's sender. */
export interface HttpSettings {
  readonly signingSecret: SecretReference;
  /** How long both the previous and the current key sign after a rotation, in seconds. */
  readonly previousSecretOverlapSeconds: number;
  /** Names of the three headers of Standard Webhooks, where the receiver knows them by others. Lower case. */
  readonly signatureHeaders?: { readonly id: string; readonly timestamp: string; readonly signature: string };
  readonly auth?: HttpAuthSettings;
  /** Sent as they are, by lower-case name. */
  readonly headers?: { readonly [name: string]: string };
  /** Headers of the sender's request that go on to the target, by lower-case name. */
  readonly forwardHeaders?: string[];
  /** Private or reserved networks that the target may be in, in CIDR notation. */
  readonly allowedPrivateCidrs?: string[];
}

/** How an HTTP target knows us, beside the signature. */
export type HttpAuthSettings =
  | { readonly kind: 'basic'; readonly username: string; readonly password: SecretReference }
  | { readonly kind: 'bearer'; readonly token: SecretReference }
  | { readonly kind: 'api-key'; readonly header: string; readonly key: SecretReference }
  | { readonly kind: 'oauth2'; readonly tokenUrl: string; readonly clientId: string; readonly clientSecret: SecretReference; readonly scopes?: string[] }
  | { readonly kind: 'mutual-tls'; readonly certificate: SecretReference; readonly privateKey: SecretReference }
  | { readonly kind: 'sigv4'; readonly service: string; readonly region?: string };

/** The keeper's file. */
export interface KeeperFile {
  readonly gateway: string;
  readonly store?: StoreConfig;
  readonly targets: { [name: string]: KeeperTargetFile };
}

/**
 * A target in the keeper's file. With more than `KEEPER_NAMED_TARGETS` it is named by its mapping alone, which tells the rest:
 * GetEventSourceMapping has the queue's and the function's ARN, the queue's `RedrivePolicy` that of the dead-letter queue.
 */
export type KeeperTargetFile = Omit<KeeperTargetConfig, KeeperTargetName> & Partial<Pick<KeeperTargetConfig, KeeperTargetName>>;

type KeeperTargetName = 'queueUrl' | 'deadLetterQueueUrl' | 'functionName';

/** So many targets fit into the 4 KB of a function's environment with all their names, and a hundred with one. */
export const KEEPER_NAMED_TARGETS = 10;

/** Configuration of the keeper: its file, and what the mappings told. */
export interface KeeperConfig {
  readonly gateway: string;
  readonly store?: StoreConfig;
  readonly targets: { [name: string]: KeeperTargetConfig };
}

export interface KeeperTargetConfig {
  readonly queueUrl: string;
  readonly deadLetterQueueUrl: string;
  /** UUID of the event source mapping. */
  readonly mappingId: string;
  readonly functionName: string;
  readonly retry: RetrySchedule;
  /** The queue's visibility timeout, in seconds. */
  readonly visibilityTimeoutSeconds: number;
  /** The template keeps the mapping off, so a disabled one is nobody's mistake. */
  readonly enabled?: false;
}
