/** The version that is written. A reader accepts this one and the one before. */
export const ENVELOPE_VERSION = 1;

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
  /** Allow-listed request headers by lower-case name. */
  readonly headers: { [name: string]: string };
  /** The body as text when that survives the round trip to bytes, else absent. */
  readonly body?: string;
  /** The body in base64, where it is not text. */
  readonly bodyBase64?: string;
}

/** Largest SQS message, body and attributes together, in bytes. */
export const SQS_MAX_MESSAGE_BYTES = 1_048_576;

/**
 * Largest envelope, in bytes. The difference is for the attributes of a dead letter: an event that filled its message to the
 * brim could be delivered, but never be moved to the dead-letter queue with a reason.
 */
export const MAX_ENVELOPE_BYTES = SQS_MAX_MESSAGE_BYTES - 2_048;
