import { FifoOrder } from '../../../local/sqs/fifo-order';
import { StoredMessage } from '../../../local/sqs/message';

// "FIFO queues scan the first 120,000 messages to determine available message groups. If a large backlog builds up in a single
// message group, messages from other groups sent later will remain blocked until the backlog is processed."
const order = (lookAhead: number) => {
  const fifo = new FifoOrder(lookAhead);
  const enter = (group: string) => {
    const message = new StoredMessage(group, { body: group, md5OfBody: '', groupId: group }, 0);
    const mayBeReceived = fifo.change(message, null, 'available');
    return Object.assign(message, { mayBeReceived });
  };
  const change = (message: StoredMessage, to: 'in-flight' | 'available' | null) => {
    const from = message.state;
    if (to) message.state = to;
    return fifo.change(message, from, to);
  };
  return { enter, change, groups: () => [...fifo.receivable()].map(({ id }) => id) };
};

test('a group behind the first messages stays blocked until one of them leaves', () => {
  const { enter, change, groups } = order(3);
  const a = [enter('a'), enter('a'), enter('a')];
  expect(enter('b').mayBeReceived).toBe(false);
  change(a[0]!, 'in-flight');
  expect(groups()).toEqual([]);
  expect(change(a[1]!, null)).toBe(true);
  expect(groups()).toEqual(['b']);
});

test('the last of the first messages may leave, and the first, and all', () => {
  const { enter, change, groups } = order(2);
  const [a1, a2, b, c, d] = [enter('a'), enter('a'), enter('b'), enter('c'), enter('d')] as const;
  change(a1, 'in-flight');
  expect(change(a2, null)).toBe(true);
  expect(groups()).toEqual(['b']);
  expect(change(b, null)).toBe(true);
  expect(groups()).toEqual(['c']);
  expect(change(d, null)).toBe(false);
  expect(change(a1, null)).toBe(false);
  expect(groups()).toEqual(['c']);
  change(c, null);
  expect(groups()).toEqual([]);
  enter('e');
  expect(groups()).toEqual(['e']);
});
