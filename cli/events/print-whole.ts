import { printableLines } from '../printable';
import { shortTime, write, type Cell, type Printer } from '../print';
import { textOf } from './body-fields';
import { describeState, OUTCOME_TONES } from './event-cells';
import type { WholeEvent } from './show';

/** A terminal is no place for megabytes. `--json` has all of it. */
const SHOWN_CHARACTERS = 4_000;

const UNKNOWN = 'unknown: the event has no row of its own';

/** An event for a person: what it is, what became of it, every attempt, and its body. */
export async function printWhole(print: Printer, event: WholeEvent, body: Buffer | undefined): Promise<void> {
  const { id, source, type, time, bytes, providerId, headers, quarantined, unrouted, attempts, collidesWith, repeats } = event;
  const facts: [string, string | undefined][] = [
    ['id', id], ['source', source], ['type', type ?? '-'], ['accepted', time === null ? UNKNOWN : shortTime(time)], ['provider id', providerId ?? undefined],
    ['same id', collidesWith && `the sender gave it the id of ${collidesWith}, which has another body`],
    ['repeats', repeats && `the sender used the id of ${repeats} again, after the source's deduplicationWindow`],
    ['bytes', bytes === null ? UNKNOWN : String(bytes)],
    ['quarantined', quarantined], ['unrouted', unrouted && 'no target wants it'], ['verified', event.verified === false ? 'no: nothing proves the sender' : undefined],
    ...Object.entries(headers).map(([name, value]): [string, string] => [`header ${name}`, value]),
  ];
  await print.table(['FIELD', 'VALUE'], facts.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
  const targets = Object.entries(event.targets);
  if (targets.length > 0) {
    await write('\n');
    await print.table(['TARGET', 'OUTCOME', 'NEXT ATTEMPT', 'WHY'], targets.map(([name, state]): (string | Cell)[] => {
      const { reason, detail } = state as { reason?: string; detail?: string };
      const why = [reason, detail].filter((text) => text !== undefined).join(': ');
      const next = state.nextAttemptAt === null ? '-' : shortTime(state.nextAttemptAt);
      return [name, { text: describeState(state), tone: OUTCOME_TONES[state.outcome] }, next, why || '-'];
    }));
  }
  if (attempts.length > 0) {
    await write('\n');
    await print.table(['ATTEMPT', 'TIME (UTC)', 'TARGET', 'OUTCOME', 'STATUS', 'MS', 'AGAIN IN', 'REPLAY'], attempts.map((each): (string | Cell)[] => [
      `#${each.attempt}`, shortTime(each.time), each.target, { text: each.outcome, tone: each.outcome === 'delivered' ? 'good' : 'warn' },
      each.status === null ? '-' : String(each.status), String(each.ms), each.retryInSeconds === null ? '-' : `${each.retryInSeconds} s`, each.replay ?? '-',
    ]));
  }
  for (const [name, { response }] of targets as [string, { response?: string }][]) {
    if (response !== undefined) await write(`\n${printableLines(`${name.replace(/[\r\n]/g, ' ')} answered: ${response}`)}\n`);
  }
  if (body) await write(`\n${describeBody(body)}\n`);
}

function describeBody(body: Buffer): string {
  const text = textOf(body);
  if (body.length === 0) return '(no body)';
  if (text === undefined) return `(${body.length} bytes that are not text; --json has them in base64)`;
  const shown = printableLines(text.slice(0, SHOWN_CHARACTERS));
  return text.length > SHOWN_CHARACTERS ? `${shown}\n(… and ${text.length - SHOWN_CHARACTERS} more characters; --json has them)` : shown;
}
