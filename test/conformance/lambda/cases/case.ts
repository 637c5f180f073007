import type { FunctionDefinition } from '../../../../local/lambda/invocation';

/** One function, what it is called with, and what comes of each call. Both clients must say the same; `says` is AWS's. */
export interface Case {
  readonly what: string;
  /** The text of `index.mjs`, or the files of the code. */
  readonly code: string | { readonly [file: string]: string };
  /** Default: `index.handler` with 128 MB and 5 seconds. */
  readonly definition?: Partial<FunctionDefinition>;
  /** Default: one `{}`. */
  readonly events?: readonly unknown[];
  readonly says: readonly unknown[];
}

/** A handler with this body, which sees `event` and `context`, and `calls`, how often this environment was called. */
export const body = (text: string): string => `let calls = 0; export const handler = async (event, context) => { calls++; ${text} };`;

export const payload = (value: unknown): unknown => ({ payload: value });
export const error = (errorType: string, errorMessage?: unknown): unknown =>
  expect.objectContaining({ errorType, trace: expect.any(Array), ...(errorMessage !== undefined && { errorMessage }) });
/** An error that the function's process did not report itself. */
export const platformError = (errorType: string, errorMessage: string): unknown => ({ errorType, errorMessage });
export const exit = (how: string): unknown => platformError('Runtime.ExitError', `RequestId: REQUEST-ID Error: Runtime exited ${how}`);
export const matching = (pattern: RegExp): unknown => expect.stringMatching(pattern);
export const containing = (text: string): unknown => expect.stringContaining(text);
