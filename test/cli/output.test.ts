import { Output, wantsColour, type OutputOptions } from '../../cli/dev/output';
import type { RunLine } from '../../cli/dev/describe';
import { jsonLine, printable } from '../../cli/printable';

const ATTACKS = {
  'colour': '\u001b[31mred',
  'title': '\u001b]0;owned\u0007',
  'C1 control sequence introducer': '\u009b2J',
  'carriage return': 'ok\rERASED',
  'line feed': 'one\ntwo',
  'backspace': 'abc\b\b\b',
  'delete': '\u007f',
  'right-to-left override': '\u202egnp.exe',
  'isolate': '\u2066x\u2069',
  'zero width': 'a\u200bb',
  'line separator': 'a\u2028b',
  'lone surrogate': 'a\ud800b',
};

const UNSAFE = /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069]|[\ud800-\udfff]/;

function show(line: RunLine, options: Partial<OutputOptions> = {}): string {
  let text = '';
  new Output({ json: false, colour: false, now: () => 0, write: (each) => { text += each; }, ...options }).line(line);
  return text;
}

describe.each(Object.entries(ATTACKS))('row 71: %s in event data', (_name, attack) => {
  test('reaches a terminal as visible text', () => {
    const everywhere = show({ event: 'attempt', time: attack, id: attack, target: attack, attempt: 1, outcome: 'status', status: 500, detail: attack });
    expect(everywhere.trimEnd()).not.toMatch(UNSAFE);
    expect(show({ event: attack, [attack]: attack, list: [attack], deep: { a: attack } }).trimEnd()).not.toMatch(UNSAFE);
  });

  test('is escaped in a JSON line, which means the same', () => {
    const line = jsonLine({ event: 'accepted', type: attack });
    expect(line.endsWith('\n')).toBe(true);
    expect(line.trimEnd()).not.toMatch(UNSAFE);
    expect(JSON.parse(line)).toEqual({ event: 'accepted', type: attack });
  });
});

test('printable leaves what people write alone', () => {
  const text = 'Grüße, 你好, 👋 naïve é';
  expect(printable(text)).toBe(text);
});

describe('JSON lines', () => {
  test('have event and time first, and the time of the run\'s clock where the line has none', () => {
    const line = show({ event: 'warning', code: 'x', message: 'y' }, { json: true, now: () => Date.parse('2030-01-01T00:00:00Z') });
    expect(line).toBe('{"event":"warning","time":"2030-01-01T00:00:00.000Z","code":"x","message":"y"}\n');
  });

  test('pass a line on as it is', () => {
    expect(show({ event: 'new-thing', time: 't', a: [1] }, { json: true })).toBe('{"event":"new-thing","time":"t","a":[1]}\n');
  });
});

describe('a person\'s line', () => {
  const time = '2026-01-02T03:04:05.678Z';

  test.each<[RunLine, string]>([
    [{ event: 'accepted', id: 'evt_1', source: 'github', type: 'push', bytes: 12, targets: ['a', 'b'], duplicate: false }, 'evt_1  github push, 12 bytes → a, b'],
    [{ event: 'accepted', id: 'evt_1', source: 's', type: null, bytes: 1, targets: ['a'], duplicate: true }, 'evt_1  s -, 1 bytes (duplicate) → a'],
    [{ event: 'rejected', source: null, status: 404, reason: 'route' }, '- answered 404: route'],
    [{ event: 'attempt', id: 'evt_1', target: 'a', attempt: 2, outcome: 'status', status: 500, ms: 7, retryInSeconds: 120 },
      'evt_1  a #2: status 500 in 7 ms, again in 2 min'],
    [{ event: 'attempt', id: 'evt_1', target: 'a', attempt: 2, outcome: 'timeout', status: null, ms: 7, retryInSeconds: null }, 'evt_1  a #2: timeout in 7 ms'],
    [{ event: 'delivered', id: 'evt_1', target: 'a', attempts: 1, ageSeconds: 3 }, 'evt_1  a has it after 1 attempt, 3 s old'],
    [{ event: 'dead-lettered', id: 'evt_1', target: 'a', attempts: 9, status: 410, reason: 'gone', detail: 'it said so' },
      'evt_1  a after 9 attempts: gone: it said so'],
    [{ event: 'breaker', target: 'a', state: 'open', cause: 'unavailable', detail: '40 of 40 attempts failed' },
      'a has its breaker open (unavailable): 40 of 40 attempts failed'],
    [{ event: 'breaker', target: 'a', state: 'closed' }, 'a has its breaker closed'],
    [{ event: 'dropped', id: 'evt_1', source: 's', type: 'a.b', target: 'a', reason: 'the transform returned nothing' },
      'evt_1  s a.b → a: the transform returned nothing'],
    [{ event: 'aws-call', service: 'sns', action: 'Publish', resource: 'arn:aws:sns:r:1:orders', input: { Message: 'm' } }, 'sns Publish to orders: {"Message":"m"}'],
    [{ event: 'aws-call', service: 'kinesis', action: 'PutRecord', resource: 'arn:aws:kinesis:r:1:stream/orders', input: { Data: 'x'.repeat(1_000) } },
      `kinesis PutRecord to orders: {"Data":"${'x'.repeat(191)}…`],
    [{ event: 'new-thing', a: 1, b: 'x' }, 'a=1 b=x'],
  ])('%j', (line, text) => {
    expect(show({ ...line, time })).toBe(`2026-01-02 03:04:05  ${line.event.padEnd(13)}  ${text}\n`);
  });

  test('a name of Object.prototype is an event like any other', () => {
    expect(show({ event: 'constructor', a: 1 })).toContain('a=1');
  });
});

test.each([
  [true, {}, true],
  [false, {}, false],
  [undefined, {}, false],
  [true, { NO_COLOR: '1' }, false],
  [true, { NO_COLOR: '' }, true],
  [true, { TERM: 'dumb' }, false],
])('colour with tty %s and %j: %s', (isTTY, environment, expected) => {
  expect(wantsColour({ isTTY }, environment)).toBe(expected);
});

test('colour is around a line only when it is wanted', () => {
  const line = { event: 'delivered', id: 'evt_1' };
  expect(show(line, { colour: true }).replace(/\u001b\[\d+m/g, '')).toBe(show(line));
  expect(show(line, { colour: true })).toContain('\u001b[32m');
});
