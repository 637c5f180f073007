/** How long a key is used without asking whether it changed. */
export const KEY_TTL_MS = 5 * 60_000;

/** How long the last known key is used while its host cannot be asked. */
export const KEY_STALE_MS = 24 * 3_600_000;

/** A key that is not known may be new, or made up: it asks again at most so often, and so does a host that failed. */
export const KEY_REFRESH_MS = 30_000;

/** Names can come from requests that nobody has verified yet. More new ones in one `KEY_REFRESH_MS` than any sender has are not asked for. */
const MAX_NEW_NAMES = 16;
const MAX_ENTRIES = 64;

/** Too many keys were asked for that are not known. The sender is asked to come again. */
export class TooManyKeys extends Error {
  override readonly name = 'TooManyKeys';

  constructor() {
    super(`more than ${MAX_NEW_NAMES} unknown keys were asked for in ${KEY_REFRESH_MS / 1_000} seconds`);
  }
}

interface Entry<Key> {
  value?: { readonly key: Key; readonly readAt: number };
  /** When asking began last. */
  triedAt: number;
  failure?: unknown;
  pending?: Promise<void>;
}

/**
 * Keys of other hosts by name, cached for the life of the function's environment. `load` fetches and reads one, and rejects where it
 * cannot. All times are those of the requests.
 */
export class KeyCache<Key> {
  readonly #load: (name: string, now: number) => Promise<Key>;
  readonly #entries = new Map<string, Entry<Key>>();
  #newNames: number[] = [];

  constructor(load: (name: string, now: number) => Promise<Key>) {
    this.#load = load;
  }

  /** Rejects with why the key could not be loaded where there is none, or none young enough. */
  async get(name: string, now: number): Promise<Key> {
    const entry = this.#entry(name, now);
    const fresh = entry.value && now - entry.value.readAt < KEY_TTL_MS;
    const quiet = entry.failure !== undefined && now - entry.triedAt < KEY_REFRESH_MS;
    if (entry.pending || (!fresh && !quiet)) await this.#ask(name, entry, now);
    return usable(entry, now);
  }

  /** For who did not find what it needs in what `get` gave: asks anew, unless that was done in the last 30 s. */
  async renew(name: string, now: number): Promise<Key> {
    const entry = this.#entry(name, now);
    if (entry.pending || now - entry.triedAt >= KEY_REFRESH_MS) await this.#ask(name, entry, now);
    return usable(entry, now);
  }

  #entry(name: string, now: number): Entry<Key> {
    const known = this.#entries.get(name);
    if (known) return known;
    this.#newNames = this.#newNames.filter((at) => now - at < KEY_REFRESH_MS);
    if (this.#newNames.length >= MAX_NEW_NAMES) throw new TooManyKeys();
    this.#newNames.push(now);
    if (this.#entries.size >= MAX_ENTRIES) this.#makeRoom();
    const entry: Entry<Key> = { triedAt: -Infinity };
    this.#entries.set(name, entry);
    return entry;
  }

  /** Names that never led to a key go first: most of them were made up. */
  #makeRoom(): void {
    const keyless = [...this.#entries].find(([, { value, pending }]) => !value && !pending);
    this.#entries.delete(keyless?.[0] ?? this.#entries.keys().next().value as string);
  }

  /** Whoever asks while an answer is under way waits for that one. */
  #ask(name: string, entry: Entry<Key>, now: number): Promise<void> {
    entry.pending ??= this.#fill(name, entry, now).finally(() => { entry.pending = undefined; });
    return entry.pending;
  }

  async #fill(name: string, entry: Entry<Key>, now: number): Promise<void> {
    entry.triedAt = now;
    try {
      entry.value = { key: await this.#load(name, now), readAt: now };
      entry.failure = undefined;
    } catch (error) {
      entry.failure = error;
    }
  }
}

function usable<Key>({ value, failure }: Entry<Key>, now: number): Key {
  if (value && now - value.readAt < KEY_STALE_MS) return value.key;
  throw failure;
}
