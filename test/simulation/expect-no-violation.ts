import type { WorldOptions } from './options';
import { type Report, simulate } from './world';

/** Runs a world. Where something is wrong with it, throws what is needed to see why: the seed, the violations, the events' ways. */
export async function expectNoViolation(options: WorldOptions): Promise<Report> {
  const report = await simulate(options);
  if (report.violations.length === 0) return report;
  const events = report.violations.flatMap(({ event }) => event === null ? [] : [event]);
  const { trace } = await simulate({ ...options, trace: events.slice(0, 2) });
  const violations = report.violations.map(({ rule, event, target, at, detail }) => (
    `${rule}: event ${event} at ${target}, ${at / 1_000} s into the run: ${detail}`
  ));
  throw new Error([`seed ${options.seed} of ${JSON.stringify(options)}`, ...violations, ...trace].join('\n'));
}
