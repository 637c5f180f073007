// The entry of a local function's process, started as `node bootstrap.mjs HANDLER CLOCK [AUTHORITY_HOOK]`. `Date` reads the
// run's clock before the function's module is imported, so that its top-level code does too. These are arguments, because the
// environment must be exactly Lambda's.
import { useAuthority, type AuthorityHook } from './runtime/authority-hook.js';
import { run } from './runtime/run.js';
import { readRunClock } from './runtime/run-date.js';

const setClock = readRunClock(process.argv[3] as string);
if (process.argv[4] !== undefined) useAuthority(JSON.parse(process.argv[4]) as AuthorityHook, process.env['LAMBDA_TASK_ROOT'] as string);
void run(process.env, setClock);
