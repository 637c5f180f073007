import type { FunctionDefinition, InvokeResult } from '../../../local/lambda/invocation';
import { codeWith, functionOf, runtimeFile, type Client } from './clients';

/** What a caller and a reader of the log see, without what is each client's own: ids, times, and where the code and the runtime are. */
export interface Observation {
  readonly results: unknown[];
  /** What the runtime wrote about errors: request id, title, error. */
  readonly log: unknown[];
}

/** Calls a new function with each event in turn. */
export async function observe(client: Client, files: { readonly [file: string]: string }, definition: Partial<FunctionDefinition>,
  events: readonly unknown[]): Promise<Observation> {
  const codeDirectory = codeWith(files);
  const { target, lines } = functionOf(client, '', { definition: { codeDirectory, ...definition } });
  const results: InvokeResult[] = [];
  for (const event of events) results.push(await target.invoke(event));

  const names: [string, string][] = [[codeDirectory, 'CODE'], [runtimeFile(client), 'RUNTIME']];
  for (const result of results) if ('requestId' in result) names.push([result.requestId, 'REQUEST-ID']);
  const neutral = (text: string): string => names.reduce((all, [own, name]) => all.replaceAll(own, name), text);
  const log = neutral(lines.join('\n')).matchAll(/^[-\dT:.]+Z\t(\S+)\tERROR\t((?:Invoke|Init) Error) \t(\{.*\})$/gm);
  return {
    results: results.map((result) => resultOf(result, neutral)),
    log: [...log].map(([, requestId, title, json]) => [requestId, title, withoutRuntimeFrames(json as string)]),
  };
}

function resultOf(result: InvokeResult, neutral: (text: string) => string): unknown {
  switch (result.outcome) {
    case 'success': return { payload: result.payload.length > 10_000 ? `${result.payload.length} characters` : JSON.parse(neutral(result.payload)) };
    case 'function-error': return withoutRuntimeFrames(neutral(JSON.stringify(result.error)));
    default: return result;
  }
}

/** An error whose stacks, and those of errors in it, have only the frames of the function's own code. */
function withoutRuntimeFrames(json: string): unknown {
  return JSON.parse(json, (name, value: unknown) => ((name === 'trace' || name === 'stack') && Array.isArray(value) ? value
    .filter((line: string) => !/^ +at /.test(line) || line.includes('CODE'))
    // A frame says what `this` was, which is AWS's own object there.
    .map((line: string) => line.replace(' BufferedInvokeProcessor.', ' ')) : value));
}
