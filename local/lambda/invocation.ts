/** What a local function is made from: what its template says, resolved. */
export interface FunctionDefinition {
  readonly name: string;
  readonly arn: string;
  /** Folder with the unpacked code asset. */
  readonly codeDirectory: string;
  /** `FILE.EXPORT`, e.g. `index.handler`. */
  readonly handler: string;
  /** The function's own variables, and `AWS_ENDPOINT_URL`. Lambda's own are added and win. */
  readonly environment: { readonly [name: string]: string };
  readonly timeoutSeconds: number;
  readonly memoryMegabytes: number;
}

/** What became of one invocation. */
export type InvokeResult =
  /** The function returned; `payload` is what its runtime posted, JSON text unless the runtime is broken. */
  | { readonly outcome: 'success'; readonly requestId: string; readonly payload: string }
  /** The function threw, crashed, ran out of time or returned too much. */
  | { readonly outcome: 'function-error'; readonly requestId: string; readonly error: FunctionError }
  /** The event is over `MAX_EVENT_BYTES`; the function was not called. */
  | { readonly outcome: 'event-too-large'; readonly bytes: number }
  /** The run ended first. */
  | { readonly outcome: 'closed' };

export interface FunctionError {
  readonly errorType: string;
  readonly errorMessage: string;
  readonly trace?: string[];
}

/** 6 MB, exactly; for the response it is 100 bytes more. https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
export const MAX_EVENT_BYTES = 6_291_456;
export const MAX_RESPONSE_BYTES = 6_291_556;

export function timedOut(requestId: string, seconds: number): FunctionError {
  return { errorType: 'Sandbox.Timedout', errorMessage: `RequestId: ${requestId} Error: Task timed out after ${seconds.toFixed(2)} seconds` };
}

export function responseTooLarge(): FunctionError {
  return {
    errorType: 'Function.ResponseSizeTooLarge',
    errorMessage: `Response payload size exceeded maximum allowed payload size (${MAX_RESPONSE_BYTES} bytes).`,
  };
}

export function cannotStart(requestId: string, codeDirectory: string, reason: string): FunctionError {
  return {
    errorType: 'Runtime.InvalidEntrypoint',
    errorMessage: `RequestId: ${requestId} Error: cannot start a process in ${JSON.stringify(codeDirectory)}: ${reason}`,
  };
}

/** A process that ended by itself. Out of memory is one of these: V8 aborts the process. */
export function exited(requestId: string, code: number | null, signal: NodeJS.Signals | null): FunctionError {
  const how = signal ? `exited with error: signal: ${SIGNAL_TEXTS[signal] ?? signal}`
    : code ? `exited with error: exit status ${code}` : 'exited without providing a reason';
  return { errorType: 'Runtime.ExitError', errorMessage: `RequestId: ${requestId} Error: Runtime ${how}` };
}

/** Lambda's sandbox names signals as Go does. */
const SIGNAL_TEXTS: { [signal: string]: string } = {
  SIGABRT: 'aborted', SIGBUS: 'bus error', SIGFPE: 'floating point exception', SIGILL: 'illegal instruction',
  SIGINT: 'interrupt', SIGKILL: 'killed', SIGSEGV: 'segmentation fault', SIGTERM: 'terminated', SIGTRAP: 'trace/breakpoint trap',
};
