import type { Clock, Timer } from '../../local/clock';

interface VirtualTimeout {
  readonly timer: Timer;
  ref(): VirtualTimeout;
  unref(): VirtualTimeout;
}

/**
 * Puts `Date.now`, `performance.now`, `setTimeout` and `clearTimeout` on the clock, so that deadlines of the functions pass in
 * simulated time. A local run leaves timers real; here nothing waits for anything outside of the process. Returns what undoes it.
 */
export function installVirtualTime(clock: Clock): () => void {
  const real = { setTimeout: globalThis.setTimeout, clearTimeout: globalThis.clearTimeout, now: Date.now, performanceNow: performance.now };
  const start = clock.now();

  const setVirtual = (run: (...given: unknown[]) => void, milliseconds = 0, ...given: unknown[]): VirtualTimeout => {
    const timeout: VirtualTimeout = {
      timer: clock.schedule(clock.now() + Math.max(1, milliseconds), () => run(...given)), ref: () => timeout, unref: () => timeout,
    };
    return timeout;
  };
  const clearVirtual = (timeout: VirtualTimeout | undefined): void => timeout?.timer.cancel();

  Object.assign(globalThis, { setTimeout: setVirtual, clearTimeout: clearVirtual });
  Date.now = () => clock.now();
  performance.now = () => clock.now() - start;
  return () => {
    Object.assign(globalThis, { setTimeout: real.setTimeout, clearTimeout: real.clearTimeout });
    Date.now = real.now;
    performance.now = real.performanceNow;
  };
}
