import { ManualClock, type Clock } from '../../../local/clock';
import type { InvokeResult } from '../../../local/lambda/invocation';
import { returned } from '../../local/lambda/support';

/** A way in which our bootstrap is not AWS's client, on purpose. */
export interface Difference {
  readonly what: string;
  readonly why: string;
  readonly code: string;
  /** Default: the real one. */
  readonly clock?: () => Clock;
  readonly shows: (result: InvokeResult, lines: readonly string[]) => unknown;
  readonly ours: unknown;
  readonly aws: unknown;
}

const payload = (result: InvokeResult): unknown => returned(result);

export const DIFFERENCES: readonly Difference[] = [
  {
    what: 'lines of console',
    why: 'AWS puts the time, the request id and the level before each, and a carriage return for a line feed. A person at a terminal and the command '
      + 'line read the lines as they were logged; where they come from is known anyway.',
    code: 'export const handler = async () => { console.log("one\\ntwo"); console.error("bad"); };',
    shows: (_result, lines) => lines.map((line) => line.replace(/^[-\dT:.]+Z\t[-0-9a-f]+\t/, 'TIME ID ')),
    ours: ['one', 'two', 'bad'],
    aws: ['TIME ID INFO\tone\rtwo', 'TIME ID ERROR\tbad'],
  },
  {
    what: 'the global awslambda',
    why: 'It makes a handler stream its response, which neither an HTTP API nor an event source mapping takes up, and it keeps the ids of the invocation, '
      + 'which the context and _X_AMZN_TRACE_ID have too.',
    code: 'export const handler = async () => typeof awslambda;',
    shows: payload,
    ours: 'undefined',
    aws: 'object',
  },
  {
    what: 'what else is printed when a start fails',
    why: 'AWS\'s client lets Node.js report the same error a second time while it ends.',
    code: 'throw new RangeError("at import");',
    shows: (_result, lines) => lines.filter((line) => line.startsWith('RangeError: at import')).length,
    ours: 0,
    aws: 1,
  },
  {
    what: '`this` of a handler',
    why: 'It is AWS\'s own object there, which no guide mentions, and which a function cannot rely on.',
    code: 'export async function handler() { return typeof this; }',
    shows: payload,
    ours: 'undefined',
    aws: 'object',
  },
  {
    what: 'the clock of a run that can be moved',
    why: 'It reaches our bootstrap in a header that AWS\'s client does not know. The deadline is of that clock too.',
    code: 'export const handler = async (event, context) => [new Date().getUTCFullYear(), context.getRemainingTimeInMillis() < 10_000];',
    clock: () => new ManualClock(Date.parse('2040-06-01T12:00:00.000Z')),
    shows: payload,
    ours: [2040, true],
    aws: [new Date().getUTCFullYear(), false],
  },
];
