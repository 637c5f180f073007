/** How events of one sender look. */
export interface Sample {
  /** The type of an event when none is asked for. */
  readonly type: string;
  /** Headers that the sender sets on every event, beside those that its verification names. Lower-case names. */
  readonly headers: { readonly [name: string]: string };
  /** A fresh id, as the sender makes them. */
  id(): string;
  /** True when the body is a form and not JSON. */
  readonly form?: boolean;
  /** What the sender posts, before it is made into JSON or a form. */
  body(event: SampleEvent): { readonly [name: string]: unknown };
}

export interface SampleEvent {
  readonly id: string;
  readonly type: string;
  readonly time: Date;
}
