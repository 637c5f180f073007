import { KEY_REFRESH_MS, KEY_STALE_MS, KEY_TTL_MS, KeyCache } from '../../../../lambda/ingest/schemes/shared/key-cache';

const START = 1_700_000_000_000;

/** A host that answers with how often it was asked, and can be made to fail. */
function host() {
  const state = { asked: 0, down: false };
  const cache = new KeyCache(async (name) => {
    state.asked++;
    if (state.down) throw new Error(`${name} is down`);
    return `${name} ${state.asked}`;
  });
  return { state, cache };
}

test('asks once in five minutes', async () => {
  const { cache, state } = host();
  expect(await cache.get('k', START)).toBe('k 1');
  expect(await cache.get('k', START + KEY_TTL_MS - 1)).toBe('k 1');
  expect(await cache.get('k', START + KEY_TTL_MS)).toBe('k 2');
  expect(state.asked).toBe(2);
});

test('those who ask at once share one request', async () => {
  const { cache, state } = host();
  expect(await Promise.all([cache.get('k', START), cache.get('k', START), cache.renew('k', START)])).toEqual(['k 1', 'k 1', 'k 1']);
  expect(state.asked).toBe(1);
});

test('an unknown key asks anew, at most once in 30 seconds', async () => {
  const { cache } = host();
  await cache.get('k', START);
  expect(await cache.renew('k', START + KEY_REFRESH_MS - 1)).toBe('k 1');
  expect(await cache.renew('k', START + KEY_REFRESH_MS)).toBe('k 2');
  expect(await cache.renew('k', START + 2 * KEY_REFRESH_MS - 1)).toBe('k 2');
});

test('bridges a host that fails for 24 hours, and asks it every 30 seconds', async () => {
  const { cache, state } = host();
  await cache.get('k', START);
  state.down = true;
  expect(await cache.get('k', START + KEY_TTL_MS)).toBe('k 1');
  expect(await cache.get('k', START + KEY_TTL_MS + KEY_REFRESH_MS - 1)).toBe('k 1');
  expect(state.asked).toBe(2);
  expect(await cache.get('k', START + KEY_STALE_MS - 1)).toBe('k 1');
  await expect(cache.get('k', START + KEY_STALE_MS)).rejects.toThrow('k is down');
  state.down = false;
  expect(await cache.get('k', START + KEY_STALE_MS + KEY_REFRESH_MS)).toBe('k 4');
});

test('a host that never answered is not asked again for 30 seconds', async () => {
  const { cache, state } = host();
  state.down = true;
  await expect(cache.get('k', START)).rejects.toThrow('k is down');
  await expect(cache.get('k', START + KEY_REFRESH_MS - 1)).rejects.toThrow('k is down');
  expect(state.asked).toBe(1);
  state.down = false;
  expect(await cache.get('k', START + KEY_REFRESH_MS)).toBe('k 2');
});

test('names made up by requests neither start more than 16 fetches in 30 seconds nor drop a key that is known', async () => {
  const { cache, state } = host();
  await cache.get('known', START);
  state.down = true;
  let time = START;
  for (let round = 0; round < 10; round++) {
    time += KEY_REFRESH_MS;
    const names = Array.from({ length: 30 }, (_, index) => `made up ${round} ${index}`);
    const results = await Promise.allSettled(names.map((name) => cache.get(name, time)));
    expect(results.filter((result) => result.status === 'rejected' && (result.reason as Error).name === 'TooManyKeys')).toHaveLength(14);
    expect(await cache.get('known', time)).toBe('known 1');
  }
});
