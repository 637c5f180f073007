import type { SQSRecord } from 'aws-lambda';
import { readMessage } from '../../../lambda/deliver/message';
import { inRandomOrder, isSuspect } from '../../../lambda/deliver/suspects';
import { answers, DAY, deliver, deliverConfig, envelope, HOUR, NOW, record, type Age } from '../support/deliver';

const named = (id: string, age: Age = {}) => record({ ...envelope, id: `evt_${id}` }, age, id);
const suspect = (id: string) => named(id, { sent: 1_000, receives: 30 });
const never = () => new Promise<never>(() => undefined);

describe('H5: a message is suspected', () => {
  test.each<[number, number, boolean]>([
    [0, 1, false], [0, 6, false], [0, 7, true], [1_800, 10, false], [1_800, 11, true],
    [72 * HOUR, 77, false], [72 * HOUR, 100, false], [72 * HOUR, 101, true],
  ])('%d seconds after its first receive, at receive %d: %s', (firstReceived, receives, expected) => {
    expect(isSuspect(readMessage(record(undefined, { firstReceived, receives })), deliverConfig.retry, NOW)).toBe(expected);
  });

  test('at random', () => {
    const numbers = [0.9, 0.1, 0.5];
    expect(inRandomOrder(['a', 'b', 'c'], () => numbers.shift()!)).toEqual(['b', 'c', 'a']);
  });
});

describe('H5: a batch with a suspect', () => {
  test('runs the others first and together, and deletes and hides them before the suspect begins', async () => {
    const seen: { [name: string]: unknown } = {};
    const queue = deliver(async ({ id }) => {
      if (id === 'evt_bad') Object.assign(seen, { deleted: [...queue.deleted], visibility: { ...queue.visibility } });
      return answers(id === 'evt_fails' ? 503 : 200);
    });
    expect(await queue.run([suspect('bad'), named('a'), named('fails'), named('b')])).toEqual(['fails']);
    expect(queue.deliveries.map(({ id }) => id)).toEqual(['evt_a', 'evt_fails', 'evt_b', 'evt_bad']);
    expect(seen).toEqual({ deleted: ['handle of a', 'handle of b'], visibility: { 'handle of fails': 5 } });
    // The mapping does the rest as ever.
    expect(queue.deleted).toHaveLength(2);
  });

  test('runs several suspects one after the other, and deletes what is done before each', async () => {
    let running = 0;
    const deletedBefore: number[] = [];
    const queue = deliver(async () => {
      expect(++running).toBe(1);
      deletedBefore.push(queue.deleted.length);
      await new Promise((resolve) => { setImmediate(resolve); });
      running--;
      return answers(200);
    });
    expect(await queue.run(['a', 'b', 'c'].map(suspect))).toEqual([]);
    expect(deletedBefore).toEqual([0, 1, 2]);
  });

  test('deletes what was moved to the dead-letter queue too, and nothing twice', async () => {
    const queue = deliver(async ({ id }) => answers(id === 'evt_gone' ? 410 : 200));
    await queue.run([named('gone'), suspect('bad'), suspect('worse')]);
    expect(queue.deleted).toEqual(['handle of gone', 'handle of bad']);
  });

  test.each<[string, SQSRecord[]]>([['no suspect', [named('a'), named('b')]], ['nothing else', [suspect('bad')]]])('and %s costs no request more', async (_what, records) => {
    const queue = deliver();
    expect(await queue.run(records)).toEqual([]);
    expect(queue.deleted).toEqual([]);
  });

  test('row 51: leaves to the mapping what it could not delete', async () => {
    const queue = deliver(answers(200), { deleteMessage: () => Promise.reject(new Error('no')) });
    expect(await queue.run([named('a'), suspect('bad')])).toEqual([]);
    expect(queue.lines).toContainEqual(expect.objectContaining({ event: 'warning', code: 'delete-failed', target: 'billing' }));
    expect(queue.deliveries).toHaveLength(2);
  });

  test('lets a suspect wait for which there is no time left, with few receives', async () => {
    let remaining = 30_000;
    const queue = deliver(async () => { remaining = 15_000; return answers(200); });
    expect(await queue.run([named('slow'), suspect('bad')], () => remaining)).toEqual(['bad']);
    expect(queue.deliveries).toHaveLength(1);
    expect(queue.visibility).toEqual({ 'handle of bad': 1_800 });
  });
});

describe('row 48: a message that ends the process', () => {
  afterEach(() => { jest.useRealTimers(); });

  /** A queue with nothing but visibility and receive counts, and a function that starts anew after each crash. */
  async function crashLoop(innocents: number, killers: number, seconds: number) {
    jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask'] });
    const ids = [...Array.from({ length: killers }, (_, index) => `killer${index}`), ...Array.from({ length: innocents }, (_, index) => `m${index}`)];
    const messages = new Map(ids.map((id) => [id, { id, first: 0, receives: 0, visibleAt: 0, at: 0 }]));
    const sent: { [id: string]: number } = {};
    const deadLetters: string[] = [];
    const hidden: string[] = [];
    let seed = 1;
    const random = () => { seed = (seed * 48_271) % 2_147_483_647; return seed / 2_147_483_647; };
    let now = 0;
    let done: number | undefined;

    const start = () => {
      let die: () => void = () => undefined;
      let dead = false;
      const died = new Promise<'died'>((resolve) => { die = () => { dead = true; resolve('died'); }; });
      const alive = async <Value>(action: () => Value): Promise<Value> => dead ? never() : action();
      const { handler } = deliver(async ({ id }) => {
        if (id.startsWith('evt_killer')) { die(); return never(); }
        await new Promise((resolve) => { setImmediate(resolve); });
        return alive(() => { sent[id] = (sent[id] ?? 0) + 1; return answers(200); });
      }, {
        now: () => NOW + now * 1_000,
        random,
        changeVisibility: (handle, pause) => alive(() => { hidden.push(handle); messages.get(handle)!.visibleAt = now + pause; }),
        deleteMessage: (handle) => alive(() => messages.delete(handle)),
        sendDeadLetter: (body) => alive(() => deadLetters.push(body)),
      });
      return { handler, died };
    };

    let environment = start();
    while (now <= seconds && messages.size > 0) {
      const visible = [...messages.values()].filter(({ visibleAt }) => visibleAt <= now);
      // SQS promises no order: here, the worst.
      const batch = visible.slice(0, 10);
      if (batch.length === 0) { now = Math.min(...[...messages.values()].map(({ visibleAt }) => visibleAt)); continue; }
      for (const message of batch) {
        if (message.receives++ === 0) message.first = now;
        message.visibleAt = now + 180;
      }
      const records = batch.map(({ id, first, receives }) => ({ ...named(id, { sent: 0, firstReceived: -first, receives }), receiptHandle: id }));
      const answer = await Promise.race([environment.handler({ Records: records }, { getRemainingTimeInMillis: () => 30_000 }), environment.died]);
      if (answer === 'died') environment = start();
      else {
        const kept = answer.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
        for (const { id } of batch) if (!kept.includes(id)) messages.delete(id);
      }
      if (done === undefined && [...messages.keys()].every((id) => id.startsWith('killer'))) done = now;
    }
    return { left: [...messages.values()], sent, deadLetters, hidden, done };
  }

  test.each([[9, 1], [1, 1], [30, 1], [9, 3]])('takes none of %d innocents with it, %d such', async (innocents, killers) => {
    const { left, sent, deadLetters, hidden, done } = await crashLoop(innocents, killers, DAY);
    expect(left.map(({ id }) => id)).toEqual(Array.from({ length: killers }, (_, index) => `killer${index}`));
    expect(Object.keys(sent)).toHaveLength(innocents);
    // Delivered within hours, never taken for a failure, and never more than once: what was sent is deleted before the next crash.
    expect(done).toBeLessThan(3 * HOUR);
    expect(hidden).toEqual([]);
    expect(Object.values(sent).every((times) => times === 1)).toBe(true);
    // A day of crashes, and neither is the killer near the 1,000 receives that would make it a dead letter.
    expect(deadLetters).toEqual([]);
    for (const { receives } of left) expect(receives).toBeLessThan(500);
  });
});
