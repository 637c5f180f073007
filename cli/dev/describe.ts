import { printable } from '../printable';

/** One line of a run, as JSON. */
export interface RunLine {
  readonly event: string;
  readonly time?: string;
  readonly [name: string]: unknown;
}

export type Tone = 'good' | 'bad' | 'warn' | 'plain';

/** What a person reads of one line: short, without control characters. */
export interface Description {
  readonly tone: Tone;
  readonly text: string;
}

export function describe(line: RunLine): Description {
  const view = Object.hasOwn(VIEWS, line.event) ? VIEWS[line.event] : undefined;
  return view ? view(fields(line)) : { tone: 'plain', text: everything(line) };
}

/** Reads fields as printable text; an absent one is a dash. */
type Fields = (name: string) => string;

function fields(line: RunLine): Fields {
  return (name) => show(line[name]);
}

function show(value: unknown): string {
  if (value === undefined || value === null) return '-';
  if (Array.isArray(value)) return value.map(show).join(', ');
  return printable(typeof value === 'object' ? JSON.stringify(value) : String(value));
}

/** A line or two of a terminal. All of it is in the JSON lines. */
const EXCERPT_CHARACTERS = 200;

const VIEWS: { readonly [event: string]: (field: Fields) => Description } = {
  'accepted': (f) => ({
    tone: 'plain',
    text: `${f('id')}  ${f('source')} ${f('type')}, ${f('bytes')} bytes ${f('duplicate') === 'true' ? '(duplicate) ' : ''}→ ${f('targets') || 'no target'}`,
  }),
  'rejected': (f) => ({ tone: 'bad', text: `${f('source')} answered ${f('status')}: ${f('reason')}${also(f('detail'))}` }),
  'quarantined': (f) => ({ tone: 'warn', text: `${f('id')}  ${f('source')} ${f('type')}: ${f('reason')}` }),
  'unrouted': (f) => ({ tone: 'warn', text: `${f('id')}  ${f('source')} ${f('type')}: ${f('reason')}` }),
  'dropped': (f) => ({ tone: 'warn', text: `${f('id')}  ${f('source')} ${f('type')} → ${f('target')}: ${f('reason')}` }),
  'attempt': (f) => ({
    tone: f('outcome') === 'delivered' ? 'plain' : 'warn',
    text: `${f('id')}  ${f('target')} #${f('attempt')}: ${outcome(f)} in ${f('ms')} ms${retry(f('retryInSeconds'))}${also(f('detail'))}`,
  }),
  'delivered': (f) => ({ tone: 'good', text: `${f('id')}  ${f('target')} has it after ${count(f('attempts'), 'attempt')}, ${f('ageSeconds')} s old` }),
  'dead-lettered': (f) => ({ tone: 'bad', text: `${f('id')}  ${f('target')} after ${count(f('attempts'), 'attempt')}: ${f('reason')}${also(f('detail'))}` }),
  'breaker': (f) => ({
    tone: f('state') === 'closed' ? 'good' : f('state') === 'open' ? 'bad' : 'warn',
    text: `${f('target')} has its breaker ${f('state')}${f('cause') === '-' ? '' : ` (${f('cause')})`}${also(f('detail'))}`,
  }),
  'aws-call': (f) => ({ tone: 'plain', text: `${f('service')} ${f('action')} to ${f('resource').split(/[:/]/).at(-1)}: ${excerpt(f('input'))}` }),
  'warning': (f) => ({ tone: 'warn', text: f('message') }),
  'error': (f) => ({ tone: 'bad', text: f('message') }),
  'log': (f) => ({ tone: 'plain', text: `${f('function')}: ${f('message')}` }),
};

function outcome(f: Fields): string {
  return f('outcome') === 'status' || f('outcome') === 'delivered' ? `status ${f('status')}` : f('outcome');
}

function retry(seconds: string): string {
  return seconds === '-' ? '' : `, again in ${duration(Number(seconds))}`;
}

function also(detail: string): string {
  return detail === '-' ? '' : `: ${detail}`;
}

function excerpt(text: string): string {
  return text.length > EXCERPT_CHARACTERS ? `${text.slice(0, EXCERPT_CHARACTERS)}…` : text;
}

function count(number: string, noun: string): string {
  return `${number} ${noun}${number === '1' ? '' : 's'}`;
}

/** Seconds as a person says them: `4 s`, `2 min`, `1.2 h`. */
export function duration(seconds: number): string {
  if (seconds < 90) return `${round(seconds)} s`;
  if (seconds < 5_400) return `${round(seconds / 60)} min`;
  return seconds < 172_800 ? `${round(seconds / 3_600)} h` : `${round(seconds / 86_400)} d`;
}

function round(number: number): number {
  return Math.round(number * 10) / 10;
}

/** An event that this version does not know is shown whole rather than not at all. */
function everything({ event: _event, time: _time, ...rest }: RunLine): string {
  return Object.entries(rest).map(([name, value]) => `${printable(name)}=${show(value)}`).join(' ');
}
