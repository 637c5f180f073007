import { RuntimeError, errorLogText, reportedError } from './function-error';
import { loadHandler, type Handler } from './handler-module';
import { invocationContext } from './invocation-context';
import { CLOCK_HEADER, END_OF_OUTPUT_HEADER } from './protocol';
import { RuntimeClient, type NextInvocation } from './runtime-client';

// Taken before a function can replace them: the end of an invocation's output must reach the server whatever a function does.
const streams = [process.stdout, process.stderr].map((stream) => stream.write.bind(stream));

/**
 * A function's life inside its environment: import the handler, then one invocation after the other. Like the runtime of
 * nodejs24.x it installs no handler for uncaught exceptions and unhandled rejections, so both end the process; unlike it, it
 * leaves `console` alone, so that a line which a function logs arrives as it is.
 */
export async function run(environment: NodeJS.ProcessEnv, setClock: (clock: string) => void): Promise<never> {
  const client = new RuntimeClient(environment.AWS_LAMBDA_RUNTIME_API as string);
  const handler = await initialise(client, environment);
  for (;;) {
    const invocation = await client.next();
    setClock(String(invocation.headers[CLOCK_HEADER]));
    await invoke(client, handler, invocation, environment);
  }
}

async function initialise(client: RuntimeClient, environment: NodeJS.ProcessEnv): Promise<Handler> {
  try {
    return await loadHandler(environment.LAMBDA_TASK_ROOT as string, environment._HANDLER as string);
  } catch (thrown) {
    const error = reportedError(thrown);
    logError('-', 'Init Error', thrown);
    await client.failInit(JSON.stringify(error), { 'lambda-runtime-function-error-type': String(error.errorType).replace(/[^\x20-\x7e]/g, '?') });
    process.exit(1);
  }
}

async function invoke(client: RuntimeClient, handler: Handler, { headers, body }: NextInvocation, environment: NodeJS.ProcessEnv): Promise<void> {
  const context = invocationContext(headers, environment);
  const { awsRequestId: requestId } = context;
  // Where the X-Ray SDK and others look for it.
  if (context.xRayTraceId) environment._X_AMZN_TRACE_ID = context.xRayTraceId;
  const outcome = await settle(() => handler(JSON.parse(body), context));
  if ('thrown' in outcome) logError(requestId, 'Invoke Error', outcome.thrown);
  const end = String(headers[END_OF_OUTPUT_HEADER]);
  await endOutput(end);
  const own = { [END_OF_OUTPUT_HEADER]: end };
  if ('thrown' in outcome) await client.fail(requestId, JSON.stringify(reportedError(outcome.thrown)), own);
  else await client.respond(requestId, outcome.json, own);
}

async function settle(handle: () => unknown): Promise<{ json: string } | { thrown: unknown }> {
  try {
    const result = await handle();
    await oneTurn();
    return { json: serialise(result) };
  } catch (thrown) {
    await oneTurn();
    return { thrown };
  }
}

/** As Lambda's runtime does before it reports: a rejection that the handler left behind, and what it put off to now, come first. */
function oneTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** Both errors are Lambda's: one for what JSON refuses, the other for what it leaves out, such as a function. */
function serialise(result: unknown): string {
  let json: string | undefined;
  try {
    json = JSON.stringify(result === undefined ? null : result);
  } catch {
    throw new RuntimeError('JSONStringifyError', 'Unable to stringify response body');
  }
  if (json === undefined) throw new TypeError('Wrong arguments');
  return json;
}

/** The line that Lambda's runtime writes for a failure that the function did not catch. */
function logError(requestId: string, title: string, thrown: unknown): void {
  process.stdout.write(`${new Date().toISOString()}\t${requestId}\tERROR\t${title} \t${errorLogText(thrown)}\n`);
}

async function endOutput(end: string): Promise<void> {
  await Promise.all(streams.map((write) => new Promise<void>((resolve) => write(`${end}\n`, () => resolve()))));
}
