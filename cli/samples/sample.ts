import { randomUUID } from 'node:crypto';

/** How events of one sender look. */
export interface Sample {
  /** The type of an event when none is asked for. */
  readonly type: string;
  /** Headers that the sender sets on every event, beside those that its verification names. Lower-case names. */
  readonly headers: { readonly [name: string]: string };
  /** A fresh id, as the sender makes them. Absent: its events have none. */
  id?(): string;
  /** True when the body is a form and not JSON. */
  readonly form?: boolean;
  /** What the sender posts, before it is made into JSON or a form; bytes are sent as they are. */
  body(event: SampleEvent): SampleBody;
}

export type SampleBody = { readonly [name: string]: unknown } | readonly unknown[] | Buffer;

export interface SampleEvent {
  readonly id: string;
  readonly type: string;
  readonly time: Date;
}

type Options = Partial<Pick<Sample, 'headers' | 'form'>> & { readonly id?: (() => string) | false };

/** An event of JSON, with a UUID where nothing else is said. */
export function sample(type: string, body: Sample['body'], { headers, form = false, id = randomUUID }: Options = {}): Sample {
  const contentType = form ? 'application/x-www-form-urlencoded' : 'application/json';
  return { type, form, headers: { 'user-agent': 'cdk-webhooks-send', 'content-type': contentType, ...headers }, ...id && { id }, body };
}

export function unixTime(time: Date): number {
  return Math.floor(time.getTime() / 1000);
}
