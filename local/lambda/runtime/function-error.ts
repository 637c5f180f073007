/** An error as a Node.js function reports it. https://docs.aws.amazon.com/lambda/latest/dg/nodejs-exceptions.html */
export interface ReportedError {
  /** Absent when the error's name is null. */
  readonly errorType?: string;
  readonly errorMessage?: string;
  readonly trace: string[];
}

/** A failure of the runtime itself, in Lambda's own `Runtime.` name space. */
export class RuntimeError extends Error {
  constructor(type: string, message: string) {
    super(message);
    this.name = `Runtime.${type}`;
  }
}

/** What Lambda's runtime says of a value whose name, message, stack or text cannot be read. */
const UNREADABLE: ReportedError = {
  errorType: 'handled',
  errorMessage: 'callback called with Error argument, but there was a problem while retrieving one or more of its message, name, and stack',
  trace: [],
};

export function reportedError(thrown: unknown): ReportedError {
  try {
    if (!(thrown instanceof Error)) return { errorType: typeof thrown, errorMessage: String(thrown), trace: [] };
    const trace = withoutDelete(thrown.stack)?.split('\n') ?? [];
    return { errorType: withoutDelete(thrown.name), errorMessage: withoutDelete(thrown.message), trace };
  } catch {
    return UNREADABLE;
  }
}

/** DEL is the one character of a JSON text that no header can carry; an error also travels in one to X-Ray. */
function withoutDelete(text: string | undefined): string | undefined {
  return text?.replaceAll('\u007f', '%7F');
}

/**
 * The JSON text of the line that Lambda's runtime logs about an error: its own properties too, and nested errors in the same way.
 * What is not an error is logged as the one that has it as its message; what has no text either ends the process, as in Lambda.
 */
export function errorLogText(thrown: unknown): string {
  const error = thrown instanceof Error ? thrown : new Error(String(thrown));
  try {
    return JSON.stringify(error, (_name, value: unknown) => (value instanceof Error ? logged(value) : value));
  } catch {
    return JSON.stringify(reportedError(error));
  }
}

function logged(error: Error & { code?: unknown }): object {
  const { name, message, code, stack } = error;
  return {
    errorType: name, errorMessage: message, code, ...error,
    ...(typeof stack === 'string' && { stack: stack.split('\n') }),
  };
}
