/** An error as a Node.js function reports it. https://docs.aws.amazon.com/lambda/latest/dg/nodejs-exceptions.html */
export interface ReportedError {
  readonly errorType: string;
  readonly errorMessage: string;
  readonly trace: string[];
}

/** A failure of the runtime itself, in Lambda's own `Runtime.` name space. */
export class RuntimeError extends Error {
  constructor(type: string, message: string) {
    super(message);
    this.name = `Runtime.${type}`;
  }
}

export function reportedError(thrown: unknown): ReportedError {
  if (thrown instanceof Error) {
    return { errorType: String(thrown.name), errorMessage: String(thrown.message), trace: String(thrown.stack).split('\n') };
  }
  return { errorType: typeof thrown, errorMessage: printable(thrown), trace: [] };
}

function printable(value: unknown): string {
  try {
    return String(value);
  } catch {
    // An object without a prototype, or one whose toString throws.
    return Object.prototype.toString.call(value);
  }
}
