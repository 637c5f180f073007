import fc from 'fast-check';
import { type HeapItem, IndexedHeap } from '../../../local/sqs/heap';
import { Model, type Operation, type Place } from './model';

const seconds = fc.constantFrom(0, 1, 3, 20, 700);

const operation: fc.Arbitrary<Operation> = fc.oneof(
  { weight: 4, arbitrary: fc.record({
    op: fc.constant('send' as const),
    group: fc.constantFrom('a', 'b', 'c'),
    delaySeconds: fc.constantFrom(0, 0, 0, 5, 40),
    repeat: fc.option(fc.nat(), { freq: 3 }),
  }) },
  { weight: 8, arbitrary: fc.record({
    op: fc.constant('receive' as const),
    place: fc.constantFrom<Place>('source', 'source', 'source', 'dlq'),
    max: fc.integer({ min: 1, max: 5 }),
    seconds,
  }) },
  { weight: 2, arbitrary: fc.record({ op: fc.constant('delete' as const), pick: fc.nat() }) },
  { weight: 2, arbitrary: fc.record({ op: fc.constant('change' as const), pick: fc.nat(), seconds }) },
  { weight: 3, arbitrary: fc.record({
    op: fc.constant('advance' as const),
    ms: fc.oneof(fc.constantFrom(0, 1, 3000, 20_000, 299_999), fc.nat(60_000)),
  }) },
  { weight: 1, arbitrary: fc.record({ op: fc.constant('move' as const) }) },
);

// Standard: no message is lost or there twice. FIFO: the same, and each group in order.
test.each([['standard', false], ['FIFO', true]])('a %s queue and its dead-letter queue hold exactly what they must', async (_type, fifo) => {
  await fc.assert(fc.asyncProperty(fc.array(operation, { maxLength: 80, size: 'max' }), async (operations) => {
    const model = new Model(fifo);
    for (const next of operations) await model.apply(next);
  }), { numRuns: 150 });
}, 60_000);

test('a heap gives its items by rank, whatever was moved and removed before', () => {
  const steps = fc.array(fc.record({ item: fc.nat(31), rank: fc.option(fc.nat(20), { freq: 3 }) }), { maxLength: 100, size: 'max' });
  fc.assert(fc.property(steps, (all) => {
    const items: HeapItem[] = Array.from({ length: 32 }, () => ({ rank: 0, slot: -1 }));
    const heap = new IndexedHeap<HeapItem>();
    for (const { item, rank } of all) {
      if (rank === null) heap.remove(items[item]!);
      else heap.set(items[item]!, rank);
      const inside = items.filter(({ slot }) => slot >= 0);
      expect(heap.peek()?.rank).toBe(inside.length > 0 ? Math.min(...inside.map((inner) => inner.rank)) : undefined);
    }
    const ranks: number[] = [];
    for (let first = heap.peek(); first; first = heap.peek()) {
      ranks.push(first.rank);
      heap.remove(first);
    }
    expect(ranks).toEqual([...ranks].sort((a, b) => a - b));
    expect(items.every(({ slot }) => slot === -1)).toBe(true);
  }), { numRuns: 500 });
});
