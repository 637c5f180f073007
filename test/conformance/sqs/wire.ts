import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import type { HttpResponse, MiddlewareStack } from '@smithy/types';

/** An answer as it came over the wire, before the SDK made anything of it. */
export interface WireAnswer {
  readonly status: number;
  readonly headers: { readonly [name: string]: string };
  readonly body: { readonly [name: string]: unknown };
}

/** Sends a command, whose middleware stack this is, and gives its answer, be it an error or not. */
export async function wire<I extends object, O extends object>(stack: MiddlewareStack<I, O>, send: () => Promise<unknown>): Promise<WireAnswer> {
  let answer: WireAnswer | undefined;
  stack.add((next) => async (args) => {
    const result = await next(args);
    const response = result.response as HttpResponse;
    const body = await text(response.body as Readable);
    answer = { status: response.statusCode, headers: response.headers, body: JSON.parse(body || '{}') as WireAnswer['body'] };
    response.body = Readable.from([Buffer.from(body)]);
    return result;
  }, { step: 'deserialize', priority: 'low' });
  const error = await send().then(() => undefined, (reason: Error) => reason);
  if (!answer) throw error ?? new Error('there was no answer');
  return answer;
}
