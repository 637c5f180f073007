import { equal, ok } from 'node:assert/strict';

/** What a failed call of the SDK throws. */
export interface SdkError extends Error {
  readonly Error?: { readonly Code?: string };
  readonly $metadata?: { readonly httpStatusCode?: number };
}

/** What an endpoint answers that does not have the action at all: that is no refusal of what was asked. */
const NO_SUCH_ACTION = /^(InvalidAction|UnknownOperation|NotImplemented|UnsupportedAction|UnknownAction)/;

/** Awaits a refusal by the service. Which error it is, is for the cases on errors to say, unless the documentation names it. */
export async function refuses(call: Promise<unknown>, what: string): Promise<SdkError> {
  const error = await call.then(() => undefined, (reason: SdkError) => reason);
  ok(error, `${what} was accepted`);
  const status = error.$metadata?.httpStatusCode ?? 0;
  ok(status >= 400 && status < 500, `${what} is no error of the client but ${status || 'without an answer'}: ${error.name}: ${error.message}`);
  ok(!NO_SUCH_ACTION.test(error.name), `the endpoint has no such action: ${error.name}`);
  return error;
}

/** Awaits the error that the documentation names. */
export async function fails(call: Promise<unknown>, name: string): Promise<SdkError> {
  const error = await refuses(call, `what fails with ${name}`);
  equal(error.name, name, `the error is ${error.name}, not ${name}: ${error.message}`);
  return error;
}
