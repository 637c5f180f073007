import { body, exit, payload, platformError, type Case } from './case';

export const ENDS: readonly Case[] = [
  ...[0, 3].map((code): Case => ({
    what: `process.exit(${code})`, code: body(`if (event === "exit") process.exit(${code}); return calls;`), events: ['live', 'exit', 'live'],
    says: [payload(1), exit(code ? 'with error: exit status 3' : 'without providing a reason'), payload(1)],
  })),
  {
    what: 'process.exitCode and nothing left',
    code: body('process.exitCode = 7; await new Promise(() => {});'),
    says: [exit('with error: exit status 7')],
  },
  { what: 'nothing left to wait for', code: body('await new Promise(() => {});'), says: [exit('without providing a reason')] },
  {
    what: 'an uncaught exception',
    code: body('setTimeout(() => { throw new Error("loose"); }); await new Promise((resolve) => setTimeout(resolve, 2_000));'),
    says: [exit('with error: exit status 1')],
  },
  {
    what: 'an uncaught exception that the function catches',
    code: body(`
      process.once("uncaughtException", () => {});
      setTimeout(() => { throw new Error("loose"); });
      await new Promise((resolve) => setTimeout(resolve, 50));
      return "lives";`),
    says: [payload('lives')],
  },
  {
    what: 'an unhandled rejection',
    code: body('Promise.reject(new Error("loose")); await new Promise((resolve) => setTimeout(resolve, 2_000));'),
    says: [exit('with error: exit status 1')],
  },
  {
    what: 'an unhandled rejection that is left behind',
    code: body('Promise.reject(new Error("loose")); return 1;'),
    says: [exit('with error: exit status 1')],
  },
  {
    what: 'a rejection that is handled in time',
    code: body('const p = Promise.reject(new Error("caught")); setTimeout(() => p.catch(() => {}), 0); await p.catch(() => {}); return 1;'),
    says: [payload(1)],
  },
  {
    what: 'an exception put off until after the return',
    code: body('setImmediate(() => { throw new Error("late"); }); return 1;'),
    says: [exit('with error: exit status 1')],
  },
  {
    what: 'an exit put off until after the return',
    code: body('setImmediate(() => process.exit(4)); return 1;'),
    says: [exit('with error: exit status 4')],
  },
  {
    what: 'an exit put off until after a throw',
    code: body('setImmediate(() => process.exit(4)); throw new Error("m");'),
    says: [exit('with error: exit status 4')],
  },
  {
    what: 'SIGKILL',
    code: body('process.kill(process.pid, "SIGKILL"); await new Promise((resolve) => setTimeout(resolve, 2_000));'),
    says: [exit('with error: signal: killed')],
  },
  { what: 'abort', code: body('process.abort();'), says: [exit('with error: signal: aborted')] },
  {
    what: 'too much memory',
    code: body('const kept = []; for (;;) kept.push(Array.from({ length: 10_000 }, () => ({})));'),
    definition: { memoryMegabytes: 32 },
    says: [exit('with error: signal: aborted')],
  },
  ...[['waiting', 'await new Promise((resolve) => setTimeout(resolve, 10_000));'], ['busy', 'for (;;);']].map(([what, text]): Case => ({
    what: `a timeout while ${what}`,
    code: body(`if (event === "slow") { ${text} } return calls;`),
    definition: { timeoutSeconds: 1 },
    events: ['fast', 'slow', 'fast'],
    says: [payload(1), platformError('Sandbox.Timedout', 'RequestId: REQUEST-ID Error: Task timed out after 1.00 seconds'), payload(1)],
  })),
];
