/**
 * Makes `Date.now()`, `new Date()` and `Date()` read the real time plus an offset. Timers, `performance` and everything with an
 * argument stay as they are. Returns the function that sets the offset, in milliseconds.
 */
export function shiftDate(offset: number): (offset: number) => void {
  let shift = offset;
  const realNow = Date.now.bind(Date);
  const now = (): number => realNow() + shift;
  const shifted = new Proxy(Date, {
    construct: (target, args, newTarget) => Reflect.construct(target, args.length === 0 ? [now()] : args, newTarget),
    apply: (target) => new target(now()).toString(),
  });
  // On the real constructor, so that code which kept a reference to it, or reaches it through an instance, reads the same clock.
  Date.now = now;
  Date.prototype.constructor = shifted;
  globalThis.Date = shifted;
  return (next) => {
    shift = next;
  };
}
