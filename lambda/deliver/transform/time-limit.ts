import vm from 'node:vm';

export class TimeLimitError extends Error {
  override readonly name = 'TimeLimitError';

  constructor(milliseconds: number) {
    super(`it took more than ${milliseconds / 1_000} s`);
  }
}

/** Settles as `work` does, or rejects with `TimeLimitError` when the time is over first; what comes later is forgotten. */
export async function withinTime<Value>(work: () => Promise<Value>, milliseconds: number): Promise<Value> {
  let timer: NodeJS.Timeout | undefined;
  const over = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new TimeLimitError(milliseconds)), milliseconds);
  });
  try {
    return await Promise.race([work(), over]);
  } finally {
    clearTimeout(timer);
  }
}

/** `vm` limits the time of scripts alone, and a script reaches a function only through what is global. */
const PLACE = Symbol.for('cdk-webhooks.interruptible');
const holder = vm.runInThisContext(`globalThis[Symbol.for(${JSON.stringify(PLACE.description)})] ??= {}`) as { call?: () => unknown };
const caller = new vm.Script(`globalThis[Symbol.for(${JSON.stringify(PLACE.description)})].call()`);

/**
 * Calls a function that may loop forever before it returns. No timer fires meanwhile, and neither would the other events of the batch
 * be sent. What runs after the function's first `await` is beyond this: the function's own timeout ends that.
 */
export function callInterruptibly<Value>(call: () => Value, milliseconds: number): Value {
  const outer = holder.call;
  holder.call = call;
  try {
    return caller.runInThisContext({ timeout: milliseconds }) as Value;
  } catch (error) {
    throw (error as { code?: unknown } | undefined)?.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT' ? new TimeLimitError(milliseconds) : error;
  } finally {
    holder.call = outer;
  }
}
