import fc from 'fast-check';
import { SortedList } from '../../../local/dynamodb/sorted-list';

const listOf = (numbers: Iterable<number>): SortedList<number> => {
  const list = new SortedList<number>((a, b) => a - b);
  for (const number of numbers) list.add(number);
  return list;
};
const shuffled = (count: number): number[] => Array.from({ length: count }, (_, i) => (i * 7919) % count);

test.each<[string, number[]]>([
  ['in order', Array.from({ length: 2000 }, (_, i) => i)],
  ['backwards', Array.from({ length: 2000 }, (_, i) => 1999 - i)],
  ['in any order', shuffled(2000)],
])('what is added %s comes in order, both ways, from any place', (_name, numbers) => {
  const list = listOf(numbers);
  const sorted = [...numbers].sort((a, b) => a - b);
  expect(list.size).toBe(2000);
  for (const from of [-1, 0, 1, 511, 512, 1000, 1999, 2000]) {
    expect([...list.upwards((n) => n < from)]).toEqual(sorted.filter((n) => n >= from));
    expect([...list.downwards((n) => n < from)]).toEqual(sorted.filter((n) => n < from).reverse());
    expect(list.first((n) => n < from)).toBe(sorted.find((n) => n >= from));
  }
});

test('has what was added and not removed, whatever the order of both', () => {
  const deeds = fc.array(fc.record({ number: fc.nat(1500), add: fc.boolean() }), { maxLength: 3000, size: 'max' });
  fc.assert(fc.property(deeds, (all) => {
    const [list, model] = [listOf([]), new Set<number>()];
    for (const { number, add } of all) {
      if (add && !model.has(number)) list.add(number);
      if (!add) list.remove(number);
      if (add) model.add(number);
      else model.delete(number);
    }
    expect([...list.upwards(() => false)]).toEqual([...model].sort((a, b) => a - b));
    expect(list.size).toBe(model.size);
  }), { numRuns: 20 });
});

test('is empty again when all is removed', () => {
  const list = listOf(shuffled(1500));
  for (const number of shuffled(1500).reverse()) list.remove(number);
  expect([list.size, [...list.upwards(() => false)], [...list.downwards(() => true)]]).toEqual([0, [], []]);
});
