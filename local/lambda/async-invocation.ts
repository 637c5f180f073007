import type { Clock } from '../clock';
import type { InvokeResult } from './invocation';

/** Twice more, after one minute and after two: https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html */
export const DEFAULT_ASYNC_RETRIES = 2;
const RETRY_MINUTES = [1, 2];

/**
 * Runs a function for a caller that does not wait, such as a schedule. An event that fails is tried again on the run's clock, and
 * dropped when it failed each time.
 */
export async function invokeAsync(
  invoke: (event: unknown) => Promise<InvokeResult>, event: unknown, clock: Clock, retries = DEFAULT_ASYNC_RETRIES, tried = 0,
): Promise<void> {
  const { outcome } = await invoke(event);
  const minutes = RETRY_MINUTES[tried];
  if (outcome !== 'function-error' || tried >= retries || minutes === undefined) return;
  clock.schedule(clock.now() + minutes * 60_000, () => void invokeAsync(invoke, event, clock, retries, tried + 1));
}
