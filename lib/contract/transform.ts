/** What a target's own transform is: the module `transform.mjs` beside the delivery function's bundle. */
export interface TransformModule {
  /** The default export, or else `transform`. */
  readonly default?: TransformFunction;
  readonly transform?: TransformFunction;
}

/** Called once for each attempt, so it must do the same each time. Throwing is a failed attempt that is tried again. */
export type TransformFunction = (event: TransformEvent) => TransformResult | Promise<TransformResult>;

/** One event as it would be sent without the transform. */
export interface TransformEvent {
  readonly id: string;
  readonly source: string;
  readonly type: string | null;
  /** When the event was accepted, ISO 8601. */
  readonly time: string;
  /** The provider's own id, where it sends one. */
  readonly providerId?: string;
  /** By lower-case name. */
  readonly headers: { readonly [name: string]: string };
  /** The very bytes that the sender posted. */
  readonly body: Uint8Array;
  /** The body as UTF-8. */
  text(): string;
  /** The body's JSON. Throws where it is none. */
  json(): unknown;
}

/** What to send. `undefined` or `null`: nothing, and the event is done with. */
export type TransformResult = TransformChange | undefined | null | void;

/** What is left out stays as it was. The event itself may be returned, too; its id, source and time never change. */
export interface TransformChange {
  /** An object or an array is sent as JSON. */
  readonly body?: string | Uint8Array | object;
  /** These are put over the event's own, and go out to an HTTP target whatever its `forwardHeaders` say; null takes one away. */
  readonly headers?: { readonly [name: string]: string | null };
  readonly type?: string | null;
}
