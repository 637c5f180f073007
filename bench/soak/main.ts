// Two processes: this one is the targets and AWS, and counts; the other one is the delivery functions, whose memory is measured.
import { fakeAws } from './aws';
import { runFunctions } from './functions';
import { startFunctions } from './functions-process';
import { judge } from './judge';
import { openTargets } from './targets';

/** Before the first figure: caches and the heap grow to what they need, in a small run as in a large one. */
const WARM_UP = { rounds: 3, deliveries: 1_000 };
const ROUNDS = 10;

async function main(assets: string, deliveries: number): Promise<void> {
  const startedAt = performance.now();
  const [targets, aws] = [await openTargets(), await fakeAws()];
  const functions = await startFunctions(assets, aws.origin, targets.all);
  try {
    for (let round = 0; round < WARM_UP.rounds; round++) await functions.round(Math.max(WARM_UP.deliveries, deliveries / ROUNDS));
    const rounds = [];
    for (let round = 0; round < ROUNDS; round++) rounds.push(await functions.round(deliveries / ROUNDS));
    const idleSockets = await targets.quiet();
    const outcomes = await functions.end();
    const seen = { rounds, outcomes, sent: functions.sent, kept: functions.kept(), idleSockets };
    const { figures, misses } = judge(targets.all, seen);
    console.log(JSON.stringify({ ...figures, seconds: Math.round((performance.now() - startedAt) / 1_000), misses }));
    process.exitCode = misses.length === 0 ? 0 : 1;
  } finally {
    await functions.end();
    targets.close();
    aws.close();
  }
}

const [, , assets, deliveries] = process.argv;
void (assets === undefined ? runFunctions() : main(assets, Number(deliveries)));
