import { readFileSync } from 'node:fs';
import path from 'node:path';
import { githubPost } from '../../support/ingest';
import { answers, deliver, deliverConfig, record } from '../../support/deliver';
import { noise, recorded, STORE } from '../../support/recorded';

/** What the way of one event costs in the event store: everything that docs/event-store.md says about it. */
interface Cost {
  readonly calls: string[];
  readonly puts: number;
  readonly read: number;
  readonly event: number;
  readonly byTime: number;
  readonly target: number;
}

const KB = 1_024;

/** JSON as senders write it: it shrinks to a fifth or so. */
const json = (bytes: number): string => {
  const items = Array.from({ length: Math.ceil(bytes / 60) }, (_none, index) => (
    { id: index * 7919, name: `item ${index}`, state: 'open', price: index * 13 }));
  return `{"items":${JSON.stringify(items)}`.slice(0, bytes - 2).concat('"}');
};

async function costOf(body: string | Buffer): Promise<Cost> {
  const gateway = recorded();
  await gateway.post(githubPost(body));
  const { table, bodies, objects } = gateway;
  const event = { ...table.units };
  const queue = deliver(answers(200), { config: { ...deliverConfig, store: STORE }, table });
  Object.assign(queue.payloads, objects);
  await queue.run([record(bodies[0]!)]);
  return {
    calls: table.calls, puts: Object.keys(objects).length, read: event.read, event: event.write, byTime: event.index,
    target: table.units.write - event.write,
  };
}

/** Objects put, and write units of the event's row. The rest is the same for all. */
const COSTS: readonly [string, string | Buffer, number, number][] = [
  ['0.5 KB', json(KB / 2), 0, 1],
  ['2 KB of JSON', json(2 * KB), 0, 1],
  ['2 KB that do not compress', noise(2 * KB), 0, 3],
  ['8 KB of JSON', json(8 * KB), 0, 2],
  ['8 KB that do not compress', noise(8 * KB), 0, 9],
  ['9 KB that do not compress', noise(9 * KB), 1, 1],
  ['300 KB', noise(300 * KB), 1, 1],
];

test.each(COSTS)('a body of %s costs what is written down', async (_name, body, puts, event) => {
  expect(await costOf(body)).toEqual({ calls: ['get', 'update', 'update'], read: 1, puts, event, byTime: 1, target: 1 });
});

test('the page has the same figures', () => {
  const page = readFileSync(path.resolve(__dirname, '../../../../docs/event-store.md'), 'utf8');
  const rows = [...page.matchAll(/^\| (\d[\w. ]*KB[^|]*) \| (\d+) \| (\d+) \| (\d+) \| (\d+) \| (\d+) \|$/gm)].map((row) => row.slice(1));
  expect(rows).toEqual(COSTS.map(([name, , puts, event]) => [name, '1', String(event), '1', '1', String(puts)]));
});

test('a failed attempt costs one update, and one more for the index while it is new there', async () => {
  const { table } = recorded();
  const queue = deliver(answers(503), { config: { ...deliverConfig, store: STORE }, table });
  await queue.run([record()]);
  expect(table.units).toMatchObject({ write: 1, index: 1 });
  await queue.run([record(undefined, { receives: 2 })]);
  expect(table.calls).toEqual(['update', 'update']);
  expect(table.units).toMatchObject({ write: 2, index: 1 });
});
