import type { TransformEvent, TransformFunction, TransformModule } from '../../../lib/contract/transform';
import { describe } from '../../shared/log';
import { readResult } from './result';
import { callInterruptibly, withinTime } from './time-limit';
import { failing, type Content, type Transform } from './transform';

/** A module that is still at its own first lines after so long must not hold up the function's start, which has ten seconds. */
const LOAD_MS = 5_000;

/** The user's own module. Resolves when it is loaded, or when it is not in time; what is late may still come before an event does. */
export async function moduleTransform(load: () => Promise<unknown>, timeoutSeconds: number): Promise<Transform> {
  const timeoutMs = timeoutSeconds * 1_000;
  const loading = Promise.resolve().then(load).then(
    (loaded) => transformOf(loaded as TransformModule, timeoutMs),
    (error: unknown) => failing(`the transform could not be loaded: ${explain(error)}`),
  );
  await withinTime(() => loading, LOAD_MS).catch(() => undefined);
  return async (content) => {
    try {
      return await withinTime(async () => (await loading)(content), timeoutMs);
    } catch (error) {
      return { kind: 'failed', detail: `the transform failed: ${explain(error)}` };
    }
  };
}

function transformOf(loaded: TransformModule, timeoutMs: number): Transform {
  const run: TransformFunction | undefined = [loaded.default, loaded.transform].find((candidate) => typeof candidate === 'function');
  if (!run) return failing('the transform is no function: export one from the module by default, or as transform');
  return async (content) => {
    const event = eventOf(content);
    return readResult(await callInterruptibly(() => run(event), timeoutMs), event, content);
  };
}

function eventOf({ transformHeaders: _none, headers, body, ...names }: Content): TransformEvent {
  const text = (): string => new TextDecoder().decode(body);
  return { ...names, headers: { ...headers }, body, text, json: () => parse(text()) };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Error('the body is not JSON');
  }
}

/** Name and message, as of any failure; but JSON.parse has the beginning of what it was given in its message, and that is a body. */
function explain(error: unknown): string {
  return describe(error).replace(/^SyntaxError: .*is not valid JSON$/s, 'SyntaxError: what was parsed is not valid JSON');
}
