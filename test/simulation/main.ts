import { parseArgs } from 'node:util';
import { type Outcome, type Scenario, type ScenarioOptions, SCENARIOS } from './scenarios';

const USAGE = `usage: npm run simulate -- [--scenario NAME] [--events N] [--faults RATE] [--seed S]

${Object.entries(SCENARIOS).map(([name, { about, events, faults }]) => `  ${name}: ${about} (${events} events, faults ${faults})`).join('\n')}
`;

/** Prints one line of JSON with the figures; with a violation also what it was and the way of its events, and ends with 1. */
async function main(): Promise<number> {
  const { scenario, options } = readArguments(process.argv.slice(2));
  const started = process.hrtime.bigint();
  const outcome = await scenario.run(options);
  const seconds = Number(process.hrtime.bigint() - started) / 1e9;
  process.stdout.write(`${JSON.stringify({ ...outcome.figures, violations: outcome.objections.length, realSeconds: Math.round(seconds) })}\n`);
  if (outcome.objections.length === 0) return 0;
  process.stderr.write(`seed ${options.seed}:\n${outcome.objections.map((objection) => `  ${objection}\n`).join('')}`);
  process.stderr.write(await traceOf(outcome, scenario, options));
  return 1;
}

/** The same seed gives the same run: this one writes down what happened to the events that the violations are about. */
async function traceOf({ reports }: Outcome, scenario: Scenario, options: ScenarioOptions): Promise<string> {
  const events = reports.flatMap(({ violations }) => violations.flatMap(({ event }) => event === null ? [] : [event]));
  if (events.length === 0) return '';
  const traced = await scenario.run({ ...options, trace: events.slice(0, 3) });
  return traced.reports.flatMap(({ trace }) => trace).map((line) => `  ${line}\n`).join('');
}

function readArguments(args: string[]): { scenario: Scenario; options: ScenarioOptions } {
  const { values } = parseArgs({
    args, options: { scenario: { type: 'string' }, events: { type: 'string' }, faults: { type: 'string' }, seed: { type: 'string' } },
  });
  const scenario = SCENARIOS[values.scenario ?? 'faults'];
  if (!scenario) throw new Error(`${JSON.stringify(values.scenario)} is no scenario\n${USAGE}`);
  return {
    scenario,
    options: {
      events: number('events', values.events, scenario.events, 1e8), faults: number('faults', values.faults, scenario.faults, 0.2),
      seed: number('seed', values.seed, 1, 2 ** 32),
    },
  };
}

function number(name: string, text: string | undefined, standard: number, most: number): number {
  const value = text === undefined ? standard : Number(text);
  if (value >= 0 && value <= most && text?.trim() !== '') return value;
  throw new Error(`--${name} is ${JSON.stringify(text)}; it must be a number from 0 to ${most}\n${USAGE}`);
}

main().then((code) => { process.exitCode = code; }, (error: Error) => {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 2;
});
