/** How long a function may judge one event. A legitimate event of 4.5 MB takes some 20 ms at the share of a core that 256 MB have. */
const MAX_JUDGING_MS = 1_000;

/** Longest text, in UTF-16 units, for a pattern whose time grows with the square of it: some 16 million steps, a tenth of a second. */
export const MAX_QUADRATIC_TEXT = 4_096;

/** The event asks for more than a validator gives. It is a reason to call it invalid, never to fail. */
export class TooMuch extends Error {}

/** The clock is looked at after so many steps: most events have fewer, and Node loads it when it is first asked. */
const STEPS_TO_A_LOOK = 10_000;

/** For the call of another schema: what it does itself is more, but bounded by the size of the body. */
const STEPS_OF_A_CALL = 16;

let steps = 0;
let deadline: number | undefined;

/** Judging is synchronous, so one count serves all. */
export function begin(): void {
  steps = 0;
  deadline = undefined;
}

/**
 * Asked before whatever may come up often: the call of another schema, the test of a pattern. A recursive schema with alternatives can
 * look at the same value twice at each level, which is 2^64 times at the bottom of 64.
 */
export function checkTime(more = STEPS_OF_A_CALL): void {
  steps += more;
  if (steps < STEPS_TO_A_LOOK) return;
  steps = 0;
  const now = performance.now();
  deadline ??= now + MAX_JUDGING_MS;
  if (now > deadline) throw new TooMuch(`the body takes more than ${MAX_JUDGING_MS / 1_000} s to judge`);
}
