import { REAL_CLOCK } from './protocol';

/**
 * Makes `Date.now()`, `new Date()` and `Date()` read the run's clock: a manual one stands still, however long an invocation takes. Timers,
 * `performance` and everything with an argument stay as they are. Takes, and returns the function that sets, what CLOCK_HEADER says.
 */
export function readRunClock(clock: string): (clock: string) => void {
  let standing = standingAt(clock);
  const realNow = Date.now.bind(Date);
  const now = (): number => standing ?? realNow();
  const ofRun = new Proxy(Date, {
    construct: (target, args, newTarget) => Reflect.construct(target, args.length === 0 ? [now()] : args, newTarget),
    apply: (target) => new target(now()).toString(),
  });
  // On the real constructor, so that code which kept a reference to it, or reaches it through an instance, reads the same clock.
  Date.now = now;
  Date.prototype.constructor = ofRun;
  globalThis.Date = ofRun;
  return (next) => {
    standing = standingAt(next);
  };
}

function standingAt(clock: string): number | undefined {
  return clock === REAL_CLOCK ? undefined : Number(clock);
}
