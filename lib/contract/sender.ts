/**
 * What a target's sender is: the module `sender.mjs` beside the delivery function's bundle. The built-in targets and a
 * user's own go through this same door.
 */
export interface SenderModule {
  createSender(context: SenderContext): Sender | Promise<Sender>;
}

export interface SenderContext {
  readonly target: string;
  readonly settings: { readonly [key: string]: unknown };
  readonly environment: { readonly [name: string]: string | undefined };
  /** Reads secrets through the function's cache. */
  readonly secrets: SecretReader;
  /** The target's responses are to be kept, so results may have one. */
  readonly recordResponses?: true;
}

export interface SecretReader {
  /** The versions to use now: the current one first, then the previous one while its overlap lasts. Throws when none can be had. */
  read(reference: { readonly id: string; readonly field?: string; readonly service?: 'ssm' }, previousOverlapSeconds: number): Promise<string[]>;
}

export interface Sender {
  /** One attempt. Resolves to what happened; throwing counts as a failed attempt that may be tried again. */
  send(delivery: Delivery): Promise<SendResult>;
}

/** One event on its way to one target. */
export interface Delivery {
  readonly id: string;
  readonly source: string;
  readonly type: string | null;
  /** When the event was accepted, ISO 8601. */
  readonly time: string;
  readonly headers: { readonly [name: string]: string };
  /** The provider's own id, where it sends one. */
  readonly providerId?: string;
  /** What tells a replay from the first delivery, where this is one. */
  readonly replay?: string;
  /** What orders the event among others, where its queue is a FIFO queue. */
  readonly orderingGroup?: string;
  /** Names of the headers that the target's own transform set. They go out, whatever else decides about headers of senders. */
  readonly transformHeaders?: readonly string[];
  /** The very bytes that the sender posted, unless the target has a transform or a format. */
  readonly body: Uint8Array;
  /** 1 for the first attempt. */
  readonly attempt: number;
  /** Aborts when the attempt's time is over. */
  readonly signal: AbortSignal;
}

export type AttemptOutcome =
  | 'delivered' | 'status' | 'timeout' | 'reset' | 'refused' | 'dns' | 'tls' | 'blocked' | 'throttled' | 'transform' | 'aws';

export interface SendResult {
  readonly outcome: AttemptOutcome;
  /** The response's status, where there was a response. */
  readonly status: number | null;
  /** A sentence for a person, never with a secret or a query string. */
  readonly detail?: string;
  /** True when no retry can help and the event must be dead-lettered at once. */
  readonly permanent?: boolean;
  /** The pause that the target asked for, in seconds. */
  readonly retryAfterSeconds?: number;
  /** What the target answered, for a person: kept to 1 KB, and only where responses are recorded. */
  readonly response?: string;
  /** True when the target wants no events at all any more: dead-lettered at once, and the keeper pauses the target. */
  readonly gone?: boolean;
}
