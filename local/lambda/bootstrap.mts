// The entry of a local function's process, started as `node bootstrap.mjs HANDLER CLOCK_OFFSET_MS [AUTHORITY_HOOK]`. `Date` is shifted
// before the function's module is imported, so that its top-level code reads the run's clock too. These are arguments, because the
// environment must be exactly Lambda's.
import { useAuthority, type AuthorityHook } from './runtime/authority-hook.js';
import { run } from './runtime/run.js';
import { shiftDate } from './runtime/shifted-date.js';

const setClockOffset = shiftDate(Number(process.argv[3]));
if (process.argv[4] !== undefined) useAuthority(JSON.parse(process.argv[4]) as AuthorityHook, process.env['LAMBDA_TASK_ROOT'] as string);
void run(process.env, setClockOffset);
