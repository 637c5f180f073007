import { RuntimeError, reportedError, type ReportedError } from './function-error';
import { loadHandler, type Handler } from './handler-module';
import { invocationContext } from './invocation-context';
import { CLOCK_OFFSET_HEADER, END_OF_OUTPUT_HEADER } from './protocol';
import { RuntimeClient, type NextInvocation } from './runtime-client';

// Taken before a function can replace them: the end of an invocation's output must reach the server whatever a function does.
const streams = [process.stdout, process.stderr].map((stream) => stream.write.bind(stream));

/**
 * A function's life inside its environment: import the handler, then one invocation after the other. Like the runtime of
 * nodejs24.x it installs no handler for uncaught exceptions and unhandled rejections, so both end the process; unlike it, it
 * leaves `console` alone, so that a line which a function logs arrives as it is.
 */
export async function run(environment: NodeJS.ProcessEnv, setClockOffset: (ms: number) => void): Promise<never> {
  const client = new RuntimeClient(environment.AWS_LAMBDA_RUNTIME_API as string);
  const handler = await initialise(client, environment);
  for (;;) {
    const invocation = await client.next();
    setClockOffset(Number(invocation.headers[CLOCK_OFFSET_HEADER]));
    await invoke(client, handler, invocation, environment);
  }
}

async function initialise(client: RuntimeClient, environment: NodeJS.ProcessEnv): Promise<Handler> {
  try {
    return await loadHandler(environment.LAMBDA_TASK_ROOT as string, environment._HANDLER as string);
  } catch (thrown) {
    const error = reportedError(thrown);
    logError('Init Error', error);
    await client.failInit(JSON.stringify(error), errorHeaders(error));
    process.exit(1);
  }
}

async function invoke(client: RuntimeClient, handler: Handler, { headers, body }: NextInvocation, environment: NodeJS.ProcessEnv): Promise<void> {
  const context = invocationContext(headers, environment);
  const end = String(headers[END_OF_OUTPUT_HEADER]);
  const outcome = await settle(() => handler(JSON.parse(body), context));
  if ('error' in outcome) logError('Invoke Error', outcome.error);
  await endOutput(end);
  const own = { [END_OF_OUTPUT_HEADER]: end };
  if ('error' in outcome) {
    await client.fail(context.awsRequestId, JSON.stringify(outcome.error), { ...errorHeaders(outcome.error), ...own });
  } else {
    await client.respond(context.awsRequestId, outcome.json, own);
  }
}

async function settle(handle: () => unknown): Promise<{ json: string } | { error: ReportedError }> {
  try {
    return { json: serialise(await handle()) };
  } catch (thrown) {
    return { error: reportedError(thrown) };
  }
}

function serialise(result: unknown): string {
  try {
    // A function or a symbol has no JSON text either.
    return JSON.stringify(result) ?? 'null';
  } catch (error) {
    throw new RuntimeError('MarshalError', `the handler's result has no JSON text: ${(error as Error).message}`);
  }
}

/** The line that Lambda writes for a failure that the function did not catch. */
function logError(title: string, error: ReportedError): void {
  const { errorType, errorMessage, trace } = error;
  console.error(`${new Date().toISOString()}\tERROR\t${title}\t${JSON.stringify({ errorType, errorMessage, stack: trace })}`);
}

function errorHeaders(error: ReportedError): { [name: string]: string } {
  return { 'lambda-runtime-function-error-type': error.errorType.replace(/[^\x20-\x7e]/g, '?') };
}

async function endOutput(end: string): Promise<void> {
  await Promise.all(streams.map((write) => new Promise<void>((resolve) => write(`${end}\n`, () => resolve()))));
}
