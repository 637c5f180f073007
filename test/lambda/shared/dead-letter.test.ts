import { MAX_ENVELOPE_BYTES, SQS_MAX_MESSAGE_BYTES } from '../../../lib/contract/envelope';
import { deadLetterAttributes, type DeadLetter } from '../../../lambda/shared/dead-letter';
import { readMessage } from '../../../lambda/deliver/message';
import { NOW, record } from '../support/deliver';

const valid: DeadLetter = { target: 'billing', reason: 'expired', detail: 'not delivered', status: 503, now: NOW };
const message = readMessage(record(undefined, { sent: 60, receives: 12 }));
const attributes = (difference: Partial<DeadLetter> = {}) => deadLetterAttributes(message, { ...valid, ...difference });
const text = (StringValue: string) => ({ DataType: 'String', StringValue });

test('say what became of the event', () => {
  expect(attributes()).toEqual({
    Reason: text('expired'), Detail: text('not delivered'), Status: text('503'), Attempts: text('12'), Target: text('billing'),
    DeadLetteredAt: text('2026-01-02T03:04:05.000Z'), EnqueuedAt: text('2026-01-02T03:03:05.000Z'),
  });
});

test('have no status where none came', () => {
  expect(attributes({ status: null })).not.toHaveProperty('Status');
});

test.each([
  ['a\0b\u001fc', 'a\uFFFDb\uFFFDc'], ['\uFFFE\uFFFF', '\uFFFD\uFFFD'], ['\ud800', '\uFFFD'], ['💥\t\r\n', '💥\t\r\n'], [`${'x'.repeat(299)}💥`, `${'x'.repeat(299)}\uFFFD`],
])('have only characters that SQS takes: %j', (detail, expected) => {
  expect(attributes({ detail })['Detail']).toEqual(text(expected));
});

test('have no empty value, which SQS refuses', () => {
  expect(attributes({ detail: '' })).not.toHaveProperty('Detail');
});

test('fit beside the largest envelope', () => {
  const longest = attributes({ target: 'x'.repeat(63), reason: 'retry-backlog-full', detail: '\uFFFD'.repeat(10_000) });
  const bytes = Object.entries(longest).reduce((sum, [name, { DataType, StringValue }]) => sum + Buffer.byteLength(name + DataType + StringValue), 0);
  expect(MAX_ENVELOPE_BYTES + bytes).toBeLessThanOrEqual(SQS_MAX_MESSAGE_BYTES);
  expect(Object.keys(longest).length).toBeLessThanOrEqual(10);
});
