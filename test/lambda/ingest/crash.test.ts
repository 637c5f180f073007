import { githubPost, ingest, KEYS } from '../support/ingest';
import { noise, QUEUES, recordedConfig } from '../support/recorded';
import { MemoryTable } from '../support/table';

/** Everything that outlives a function. */
class World {
  readonly table = new MemoryTable();
  readonly queues: { [name: string]: number } = Object.fromEntries(QUEUES.map((name) => [name, 0]));
  readonly objects = new Set<string>();
  calls: string[] = [];

  /** A new environment. It dies at its `dies`-th call: before AWS has carried it out, or after that. */
  start(dies = Infinity, when: 'before' | 'after' = 'before') {
    this.calls = [];
    const call = async <T>(name: string, act: () => T): Promise<T> => {
      this.calls.push(name);
      const number = this.calls.length;
      const dead = (): Promise<T> => new Promise(() => undefined);
      if (number > dies) return dead();
      await new Promise((resolve) => setImmediate(resolve));
      if (number === dies && when === 'before') return dead();
      const result = act();
      return number === dies ? dead() : result;
    };
    this.table.around = (name, act) => call(name, act);
    return ingest({
      config: recordedConfig(),
      secrets: { read: () => call('secret', () => [KEYS.github]), refresh: async () => false },
      table: this.table,
      putPayload: (key) => call('put', () => void this.objects.add(key)),
      send: (url) => call('send', () => { this.queues[url.split('/').pop() as string]!++; }),
    });
  }

  check(): void {
    for (const { enqueued, payload } of this.table.rows.values()) {
      // What a row says of a queue is never more than the truth.
      for (const target of enqueued as ReadonlySet<string> ?? []) expect(this.queues[target]).toBeGreaterThan(0);
      if (payload) expect(this.objects).toContain((payload as { key: string }).key);
    }
  }
}

const POSTS = { small: githubPost(), big: githubPost(noise(9_000)) };

/** The calls of one event: how many, and so where it can break. */
const CALLS = { small: ['secret', 'get', 'send', 'send', 'send', 'update'], big: ['secret', 'get', 'send', 'send', 'send', 'put', 'update'] };

const cases = (['small', 'big'] as const).flatMap((size) => CALLS[size].flatMap((name, index) => (
  (['before', 'after'] as const).map((when): [string, string, typeof size, number, typeof when] => [size, `${when} call ${index + 1}, ${name},`, size, index + 1, when]))));

test.each(cases)('row 47: a crash with a %s event, %s loses nothing: the retry reaches every queue', async (_size, _where, size, dies, when) => {
  const world = new World();
  let answered = false;
  void world.start(dies, when).post(POSTS[size]).then(() => { answered = true; });
  for (let turn = 0; turn < 50; turn++) await new Promise((resolve) => setImmediate(resolve));
  // Nobody got a 2xx: the sender comes again.
  expect(answered).toBe(false);
  expect(world.calls.slice(0, dies).at(-1)).toBe(CALLS[size][dies - 1]);
  world.check();

  expect(await world.start().post(POSTS[size])).toMatchObject({ statusCode: 200 });
  world.check();
  for (const name of QUEUES) expect([1, 2]).toContain(world.queues[name]);
  const before = { ...world.queues };
  expect(await world.start().post(POSTS[size])).toMatchObject({ statusCode: 200 });
  expect(world.queues).toEqual(before);
});

test.each(['small', 'big'] as const)('row 47: the calls of a %s event are in the order that makes this so', async (size) => {
  const world = new World();
  await world.start().post(POSTS[size]);
  expect(world.calls).toEqual(CALLS[size]);
});

test('row 47: nothing is on record, and nobody answered, while a queue has yet to answer', async () => {
  const world = new World();
  const sends: (() => void)[] = [];
  let answered = false;
  const { post } = ingest({ config: recordedConfig(), table: world.table, send: () => new Promise<void>((resolve) => { sends.push(resolve); }) });
  const answer = post(githubPost()).then(() => { answered = true; });
  for (const release of [0, 1, 2]) {
    for (let turn = 0; turn < 10; turn++) await new Promise((resolve) => setImmediate(resolve));
    expect([answered, world.table.rows.size]).toEqual([false, 0]);
    sends[release]!();
  }
  await answer;
  expect(world.table.rows.size).toBe(1);
});
