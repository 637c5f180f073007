/**
 * What this runtime's bootstrap and the server say to each other beyond AWS's Runtime API. Both are headers, which another
 * runtime client ignores.
 */

/** On an invocation: what `Date` reads until the next one, in milliseconds since 1970, or that it reads the real time. */
export const CLOCK_HEADER = 'lambda-runtime-local-clock';
export const REAL_CLOCK = 'real';

/**
 * On an invocation: a text that no function prints by chance. The bootstrap writes it to stdout and stderr when the handler has
 * ended, and sends it back with the result, so that the server knows when it has read all that the invocation printed.
 */
export const END_OF_OUTPUT_HEADER = 'lambda-runtime-local-end-of-output';
