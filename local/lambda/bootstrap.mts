// The entry of a local function's process, started as `node bootstrap.mjs HANDLER CLOCK_OFFSET_MS`. `Date` is shifted before the
// function's module is imported, so that its top-level code reads the run's clock too. The offset is an argument, because the
// environment must be exactly Lambda's.
import { run } from './runtime/run.js';
import { shiftDate } from './runtime/shifted-date.js';

void run(process.env, shiftDate(Number(process.argv[3])));
