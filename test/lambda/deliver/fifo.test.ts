import { answers, DAY, deliver, record } from '../support/deliver';

const head = (more: object = {}) => record(undefined, { groupId: 'customer1', ...more });

test('row 49: a failed head of a group stays at its head', async () => {
  const queue = deliver(answers(503));
  expect(await queue.run([head()])).toEqual(['m1']);
  expect(queue.visibility).toEqual({ 'handle of m1': 5 });
  expect(queue.deadLetters).toEqual([]);
});

test('row 49: a dead letter keeps its group, and no dead letter is taken for a copy of an earlier one', async () => {
  const queue = deliver(answers(503));
  expect(await queue.run([head({ sent: 4 * DAY + 1, receives: 80 })])).toEqual([]);
  expect(queue.deadLetters).toMatchObject([{ order: { groupId: 'customer1', deduplicationId: 'm1' } }]);
});

test('a dead letter of garbage has a group too, or a FIFO queue would refuse it', async () => {
  const queue = deliver();
  await queue.run([record('garbage', { groupId: 'customer1' })]);
  expect(queue.deadLetters).toMatchObject([{ body: 'garbage', order: { groupId: 'customer1', deduplicationId: 'm1' } }]);
});

test('a standard queue is sent no group', async () => {
  const queue = deliver(answers(410));
  await queue.run([record()]);
  expect(queue.deadLetters).toHaveLength(1);
  expect(queue.deadLetters[0]).not.toHaveProperty('order');
});
