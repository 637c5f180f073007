import { ManualClock } from '../../../local/clock';
import { EventSourceMapping, type EventSourceMappingOptions, type MappedFunction } from '../../../local/lambda/event-source-mapping';
import type { InvokeResult } from '../../../local/lambda/invocation';
import type { SqsRecord } from '../../../local/lambda/sqs-event';
import { SqsEngine } from '../../../local/sqs/engine';
import type { Queue } from '../../../local/sqs/queue';
import { closeFunctions, handling, removeFolders } from './support';

const START = Date.parse('2030-01-01T00:00:00.000Z');

let clock: ManualClock;
let engine: SqsEngine;
let queue: Queue;
let mapping: EventSourceMapping | undefined;

beforeEach(() => {
  clock = new ManualClock(START);
  engine = new SqsEngine({ clock, region: 'eu-west-1', account: '000000000000', origin: () => 'http://127.0.0.1:1' });
  queue = engine.createQueue('orders', { VisibilityTimeout: '30' }, {});
});

afterEach(async () => {
  await mapping?.close();
  mapping = undefined;
  engine.close();
  clock.close();
  await closeFunctions();
});

afterAll(removeFolders);

/** A function that records what it is called with, and answers when it is told to. */
class FakeFunction implements MappedFunction {
  readonly calls: { readonly records: SqsRecord[]; readonly at: number; readonly answer: (result?: InvokeResult) => void }[] = [];
  readonly listeners = new Set<() => void>();
  busy = 0;
  most = 0;

  constructor(readonly limit = 10, readonly automatic: ((records: SqsRecord[]) => unknown) | null = null) {}

  get free(): number {
    return this.limit - this.busy;
  }

  onFree(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  invoke(event: unknown): Promise<InvokeResult> {
    const { Records: records } = event as { Records: SqsRecord[] };
    this.most = Math.max(this.most, ++this.busy);
    return new Promise((resolve) => {
      const answer = (result: InvokeResult = returning(null)): void => {
        this.busy--;
        resolve(result);
        for (const listener of this.listeners) listener();
      };
      this.calls.push({ records, at: clock.now(), answer });
      if (this.automatic) answer(returning(this.automatic(records)));
    });
  }

  get bodies(): string[][] {
    return this.calls.map(({ records }) => records.map(({ body }) => body));
  }
}

const returning = (value: unknown): InvokeResult => ({ outcome: 'success', requestId: 'r', payload: JSON.stringify(value) });
const failing: InvokeResult = { outcome: 'function-error', requestId: 'r', error: { errorType: 'Error', errorMessage: 'no' } };

function map(target: MappedFunction, options: Partial<EventSourceMappingOptions> = {}): EventSourceMapping {
  mapping = new EventSourceMapping({ queue, function: target, clock, reportBatchItemFailures: true, ...options });
  return mapping;
}

function send(...bodies: string[]): void {
  for (const body of bodies) queue.send({ body });
}

const numbered = (count: number): string[] => Array.from({ length: count }, (_, i) => `m${i}`);
const tick = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const counts = (): number[] => [queue.counts().available, queue.counts().inFlight];

describe('batches', () => {
  test('hold what is there, ten at most, as records of the event, and what succeeded is deleted', async () => {
    const target = new FakeFunction(10, () => null);
    send(...numbered(23));
    map(target);
    await clock.advance(0);
    expect(target.bodies.map((batch) => batch.length)).toEqual([10, 10, 3]);
    expect(target.bodies.flat().sort()).toEqual(numbered(23).sort());
    expect(target.calls[0]?.records[0]).toMatchObject({ eventSource: 'aws:sqs', eventSourceARN: queue.arn, awsRegion: 'eu-west-1', attributes: { ApproximateReceiveCount: '1' } });
    expect(counts()).toEqual([0, 0]);
  });

  test('start when a message arrives', async () => {
    const target = new FakeFunction(10, () => null);
    map(target);
    await tick();
    expect(target.calls).toHaveLength(0);
    send('a');
    await tick();
    expect(target.bodies).toEqual([['a']]);
  });

  test('start when a delay is over, at that instant', async () => {
    const target = new FakeFunction(10, () => null);
    map(target);
    queue.send({ body: 'later', delaySeconds: 90 });
    await clock.advance(3_600_000);
    expect(target.calls.map(({ at }) => at)).toEqual([START + 90_000]);
  });

  test('have the size that is asked for', async () => {
    const target = new FakeFunction(10, () => null);
    send(...numbered(5));
    map(target, { batchSize: 2 });
    await clock.advance(0);
    expect(target.bodies.map((batch) => batch.length)).toEqual([2, 2, 1]);
  });

  test('are no more at a time than the mapping allows, five by default', async () => {
    const target = new FakeFunction(10);
    send(...numbered(7));
    map(target, { batchSize: 1 });
    await tick();
    expect(target.calls).toHaveLength(5);
    target.calls[0]?.answer();
    await tick();
    expect(target.calls).toHaveLength(6);
    for (const call of target.calls.slice(1)) call.answer();
    await tick();
    target.calls[6]?.answer();
    await tick();
    expect([target.calls.length, target.most, counts()]).toEqual([7, 5, [0, 0]]);
  });

  test('are cut at 6 MB, and the rest is a batch of its own without another receive', async () => {
    const target = new FakeFunction(10, () => null);
    send(...Array.from({ length: 8 }, (_, i) => `${i}${'x'.repeat(999_999)}`));
    map(target);
    await clock.advance(0);
    expect(target.bodies.map((batch) => batch.map((body) => body[0]).join(''))).toEqual(['012345', '67']);
    expect(target.calls.every(({ records }) => records.every(({ attributes }) => attributes.ApproximateReceiveCount === '1'))).toBe(true);
    for (const { records } of target.calls) expect(Buffer.byteLength(JSON.stringify({ Records: records }))).toBeLessThanOrEqual(6_291_456);
  });
});

test('a manual clock does not move on before a batch has ended and what succeeded is deleted', async () => {
  const target = new FakeFunction();
  send('a');
  map(target);
  const due: number[][] = [];
  clock.schedule(START + 1_000, () => due.push(counts()));
  const advance = clock.advance(1_000);
  await tick();
  await tick();
  expect([target.calls.length, due]).toEqual([1, []]);
  target.calls[0]?.answer();
  await advance;
  expect(due).toEqual([[0, 0]]);
});

describe('results', () => {
  async function run(result: InvokeResult, options: Partial<EventSourceMappingOptions> = {}): Promise<FakeFunction> {
    const target = new FakeFunction();
    send('a', 'b', 'c');
    map(target, options);
    await tick();
    target.calls[0]?.answer(result);
    await tick();
    return target;
  }

  test('without ReportBatchItemFailures every response is success', async () => {
    await run(returning({ batchItemFailures: [{ itemIdentifier: '' }] }), { reportBatchItemFailures: false });
    expect(counts()).toEqual([0, 0]);
  });

  test('with it only the failed messages stay, until their visibility timeout ends', async () => {
    const target = new FakeFunction(10, (records) => ({
      batchItemFailures: records.filter(({ body, attributes }) => body === 'b' && attributes.ApproximateReceiveCount === '1').map(({ messageId }) => ({ itemIdentifier: messageId })),
    }));
    send('a', 'b', 'c');
    map(target);
    await clock.advance(29_999);
    expect([target.bodies, counts()]).toEqual([[['a', 'b', 'c']], [0, 1]]);
    await clock.advance(1);
    expect(target.bodies).toEqual([['a', 'b', 'c'], ['b']]);
    expect(target.calls[1]).toMatchObject({ at: START + 30_000, records: [{ attributes: { ApproximateReceiveCount: '2' } }] });
    expect(counts()).toEqual([0, 0]);
  });

  test.each<[string, InvokeResult]>([
    ['a function error', failing],
    ['a malformed response', returning('OK')],
    ['an unknown identifier', returning({ batchItemFailures: [{ itemIdentifier: 'm-0' }] })],
    ['the end of the run', { outcome: 'closed' }],
  ])('%s keeps the whole batch', async (_what, result) => {
    await run(result);
    expect(counts()).toEqual([0, 3]);
  });

  test('a function error without ReportBatchItemFailures keeps it too', async () => {
    await run(failing, { reportBatchItemFailures: false });
    expect(counts()).toEqual([0, 3]);
  });

  test('a visibility timeout that the function changed is left alone', async () => {
    const target = new FakeFunction(10, (records) => {
      for (const { receiptHandle } of records.filter(({ attributes }) => attributes.ApproximateReceiveCount === '1')) queue.changeVisibility(receiptHandle, 600);
      return { batchItemFailures: records.filter(({ attributes }) => attributes.ApproximateReceiveCount === '1').map(({ messageId }) => ({ itemIdentifier: messageId })) };
    });
    send('a');
    map(target);
    await clock.advance(3_600_000);
    expect(target.calls.map(({ at }) => at - START)).toEqual([0, 600_000]);
  });

  test('a message whose time was over during the invocation does not stop the rest from being deleted', async () => {
    const fifo = engine.createQueue('orders.fifo', { FifoQueue: 'true', VisibilityTimeout: '30' }, {});
    for (const [i, groupId] of ['x', 'y'].entries()) fifo.send({ body: groupId, groupId, deduplicationId: String(i) });
    const deleted: string[] = [];
    const target = new FakeFunction();
    const gone = { ...fifo, arn: fifo.arn, receive: fifo.receive.bind(fifo), onVisible: fifo.onVisible.bind(fifo), delete: (handle: string): void => {
      if (deleted.push(handle) === 1) throw new Error('the receipt handle has expired');
      fifo.delete(handle);
    } };
    map(target, { queue: gone });
    await tick();
    target.calls[0]?.answer();
    await tick();
    expect(deleted).toHaveLength(2);
    expect(fifo.counts()).toMatchObject({ inFlight: 1 });
  });
});

describe('a busy function', () => {
  test('costs no receives: messages wait in the queue until an environment is free', async () => {
    const target = new FakeFunction(1);
    send('a', 'b', 'c');
    map(target, { batchSize: 1 });
    await tick();
    expect([target.calls.length, counts()]).toEqual([1, [2, 1]]);
    for (let i = 0; i < 3; i++) {
      target.calls[i]?.answer();
      await tick();
    }
    expect(target.most).toBe(1);
    expect(target.calls.map(({ records }) => records[0]?.attributes.ApproximateReceiveCount)).toEqual(['1', '1', '1']);
  });

  test('is shared by two mappings', async () => {
    const other = engine.createQueue('others', {}, {});
    const target = new FakeFunction(1);
    send('a');
    map(target);
    const second = new EventSourceMapping({ queue: other, function: target, clock });
    other.send({ body: 'b' });
    await tick();
    expect(target.bodies).toEqual([['a']]);
    target.calls[0]?.answer();
    await tick();
    expect(target.bodies).toEqual([['a'], ['b']]);
    target.calls[1]?.answer();
    await second.close();
  });
});

describe('a batching window', () => {
  // Shorter than the visibility timeout, or SQS would give a gathered message again.
  const options = { batchSize: 20, batchingWindowSeconds: 20 };

  test('gathers until it ends, on the clock', async () => {
    const target = new FakeFunction(10, () => null);
    map(target, options);
    send('a');
    await clock.advance(10_000);
    send('b', 'c');
    await clock.advance(9_999);
    expect(target.calls).toHaveLength(0);
    await clock.advance(1);
    expect(target.bodies).toEqual([['a', 'b', 'c']]);
    send('d');
    await clock.advance(20_000);
    expect(target.calls.map(({ at }) => at - START)).toEqual([20_000, 40_000]);
  });

  test('ends early when the batch is full', async () => {
    const target = new FakeFunction(10, () => null);
    map(target, options);
    send(...numbered(19));
    await clock.advance(10_000);
    expect(target.calls).toHaveLength(0);
    send('m19', 'm20');
    await clock.advance(0);
    expect(target.bodies.map((batch) => batch.length)).toEqual([20]);
    await clock.advance(20_000);
    expect(target.calls.map(({ records, at }) => [records.length, at - START])).toEqual([[20, 10_000], [1, 30_000]]);
  });

  test('is cut short by a pause, and what was gathered is processed', async () => {
    const target = new FakeFunction(10, () => null);
    map(target, options);
    send('a');
    await clock.advance(1_000);
    mapping?.pause();
    await clock.advance(0);
    expect(target.bodies).toEqual([['a']]);
  });
});

describe('pausing', () => {
  test('leaves messages visible and unreceived, and resuming takes them', async () => {
    const target = new FakeFunction(10, () => null);
    const paused = map(target, { enabled: false });
    expect(paused.state).toBe('Disabled');
    send('a');
    await clock.advance(3_600_000);
    expect([target.calls.length, counts()]).toEqual([0, [1, 0]]);
    paused.resume();
    await clock.advance(0);
    expect([paused.state, target.calls[0]?.records[0]?.attributes.ApproximateReceiveCount, counts()]).toEqual(['Enabled', '1', [0, 0]]);
    paused.pause();
    send('b');
    await clock.advance(3_600_000);
    expect([paused.state, target.calls.length]).toEqual(['Disabled', 1]);
  });

  test('lets a batch under way end', async () => {
    const target = new FakeFunction();
    send('a');
    map(target);
    await tick();
    mapping?.pause();
    target.calls[0]?.answer();
    await tick();
    expect(counts()).toEqual([0, 0]);
  });
});

describe('closing', () => {
  test('waits for the batches under way and takes no more', async () => {
    const target = new FakeFunction();
    send('a');
    const ending = map(target);
    await tick();
    let closed = false;
    const end = ending.close().then(() => {
      closed = true;
    });
    await tick();
    expect([ending.state, closed]).toEqual(['Closed', false]);
    send('b');
    target.calls[0]?.answer();
    await end;
    await tick();
    expect([target.calls.length, target.listeners.size, counts()]).toEqual([1, 0, [1, 0]]);
    ending.resume();
    await tick();
    expect(target.calls).toHaveLength(1);
  });
});

describe('with a real function', () => {
  test('a manual clock waits for each invocation, and a poison message is tried again without its batch mates', async () => {
    const { target, lines } = handling(`
      const failed = event.Records.filter((record) => record.body === 'poison');
      for (const record of event.Records) console.log(new Date().toISOString().slice(0, 16), record.body, record.attributes.ApproximateReceiveCount);
      return { batchItemFailures: failed.map((record) => ({ itemIdentifier: record.messageId })) };`, { clock });
    send('fine', 'poison');
    map(target);
    await clock.advance(65_000);
    expect(lines.map((line) => line.split(' ').slice(1).join(' '))).toEqual(['fine 1', 'poison 1', 'poison 2', 'poison 3']);
    expect(lines.at(-1)).toMatch(/^2030-01-01T00:01 /);
    expect(counts()).toEqual([0, 1]);
  });

  test('a crash keeps the batch, and the next receive has a fresh environment', async () => {
    const { target } = handling('if (event.Records[0].attributes.ApproximateReceiveCount === "1") process.exit(1);', { clock });
    send('a', 'b');
    map(target);
    await clock.advance(0);
    expect(counts()).toEqual([0, 2]);
    await clock.advance(30_000);
    expect(counts()).toEqual([0, 0]);
  });
});
