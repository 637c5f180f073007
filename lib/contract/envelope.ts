/**
 * The newest version. A reader accepts this one and the one before. Version 1 has its body inside and is written for every event
 * whose body fits; version 2 may refer to an object of the payload bucket. So a function that knows only version 1, while a
 * deployment is under way, waits with the big ones and delivers the rest.
 */
export const ENVELOPE_VERSION = 2;

/** One event as it travels in a delivery queue: one JSON document. */
export interface Envelope {
  readonly v: number;
  /** `evt_` and 26 characters of base32. The same event has the same id, in every queue and on every attempt. */
  readonly id: string;
  readonly source: string;
  readonly type: string | null;
  /** The provider's own id, where it sends one. */
  readonly providerId?: string;
  /** When the event was accepted, ISO 8601. */
  readonly time: string;
  /** Which replay this is, where it is one. */
  readonly replay?: string;
  /** Allow-listed request headers by lower-case name. */
  readonly headers: { [name: string]: string };
  /** The body as text when that survives the round trip to bytes, else absent. */
  readonly body?: string;
  /** The body in base64, where it is not text. */
  readonly bodyBase64?: string;
  /** The body elsewhere. From version 2 on. */
  readonly payload?: PayloadReference;
}

/** An object of the gateway's payload bucket. The bucket's name is configuration: a message cannot point at another one. */
export interface PayloadReference {
  readonly key: string;
  readonly bytes: number;
  /** SHA-256 of the body, in hex. */
  readonly sha256: string;
}

/**
 * Envelopes above this go to the payload bucket, in bytes. Each SQS request is billed by 64 KB, in and out, once for each queue;
 * an object is written once and read once for each queue.
 */
export function payloadThresholdBytes(queues: number): number {
  return (queues <= 2 ? 256 : 128) * 1024;
}

/** Largest body that is taken: a Lambda event of 6 MB with the body in base64. */
export const MAX_BODY_BYTES = 4_718_592;

/** Largest SQS message, body and attributes together, in bytes. */
export const SQS_MAX_MESSAGE_BYTES = 1_048_576;

/**
 * Largest envelope, in bytes. The difference is for the attributes of a dead letter: an event that filled its message to the
 * brim could be delivered, but never be moved to the dead-letter queue with a reason.
 */
export const MAX_ENVELOPE_BYTES = SQS_MAX_MESSAGE_BYTES - 2_048;
