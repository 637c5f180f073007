import type { SecretReference } from '../../lib/contract/config';
import type { SecretReader } from '../../lib/contract/sender';
import type { AwsClient } from './aws';
import { AwsCallError } from './aws-error';
import { readPairingState } from './pairing-state';
import { SecretError } from './secret-error';
import { readerOf } from './secret-services';
import type { StoredVersion } from './secret-services/service';

/** How long a secret is used without asking whether it changed. */
export const SECRET_TTL_MS = 5 * 60_000;

/** How long the last known versions are used while its service cannot be asked or no longer has the secret. */
export const SECRET_STALE_MS = 24 * 3_600_000;

/** A signature that does not match may mean a rotation, or nothing: it asks again at most so often. */
export const SECRET_REFRESH_MS = 30_000;

export interface RefreshableSecretReader extends SecretReader {
  /**
   * Asks for the secret anew, at most once in 30 s. Resolves to whether there are other versions than before; throws when it is not
   * known because the last time of asking failed.
   */
  refresh(reference: SecretReference, previousOverlapSeconds: number): Promise<boolean>;
}

interface Version extends StoredVersion {
  readonly text: string;
}

interface Entry {
  current?: Version;
  previous?: Version;
  /** When the versions were last read with success. */
  readAt: number;
  /** When asking was last forced, and whether the last time of asking failed. */
  forcedAt: number;
  failure?: SecretError;
  /** When a failure is old enough to ask again, although there are stale versions. */
  quietUntil: number;
  pending?: Promise<void>;
}

/** Secrets, cached for the life of the function's environment. */
export class Secrets implements RefreshableSecretReader {
  readonly #entries = new Map<string, Entry>();
  readonly #client: Pick<AwsClient, 'call'>;
  readonly #onStale: (error: SecretError) => void;

  /** `onStale` hears of every failure that is bridged by what is cached. */
  constructor(client: Pick<AwsClient, 'call'>, onStale: (error: SecretError) => void = () => undefined) {
    this.#client = client;
    this.#onStale = onStale;
  }

  async read(reference: SecretReference, previousOverlapSeconds: number): Promise<string[]> {
    const entry = this.#entry(reference, previousOverlapSeconds);
    const now = Date.now();
    const fresh = entry.current && now - entry.readAt < SECRET_TTL_MS;
    if (!fresh && !(entry.current && now < entry.quietUntil)) await this.#load(entry, reference, previousOverlapSeconds);
    return versionsOf(entry, reference, previousOverlapSeconds);
  }

  async refresh(reference: SecretReference, previousOverlapSeconds: number): Promise<boolean> {
    const entry = this.#entry(reference, previousOverlapSeconds);
    const before = [entry.current?.text, entry.previous?.text];
    if (Date.now() - entry.forcedAt >= SECRET_REFRESH_MS) {
      entry.forcedAt = Date.now();
      await this.#load(entry, reference, previousOverlapSeconds);
    }
    if (entry.failure) throw entry.failure;
    return before[0] !== entry.current?.text || before[1] !== entry.previous?.text;
  }

  /** What is cached of a secret counts no more: there is a new version. */
  forget(id: string): void {
    for (const name of this.#entries.keys()) if ((JSON.parse(name) as [string])[0] === id) this.#entries.delete(name);
  }

  #entry(reference: SecretReference, overlap: number): Entry {
    const name = JSON.stringify([reference.id, reference.service, reference.field, overlap]);
    let entry = this.#entries.get(name);
    if (!entry) this.#entries.set(name, entry = { readAt: 0, forcedAt: -Infinity, quietUntil: 0 });
    return entry;
  }

  /** Whoever asks while an answer is under way waits for that one. */
  #load(entry: Entry, reference: SecretReference, overlap: number): Promise<void> {
    entry.pending ??= this.#fetch(entry, reference, overlap).finally(() => { entry.pending = undefined; });
    return entry.pending;
  }

  async #fetch(entry: Entry, reference: SecretReference, overlap: number): Promise<void> {
    try {
      const current = await this.#version(reference);
      if (!current) throw new SecretError('unavailable', reference.id, 'there is no secret of this name, or it has no value');
      const overlapping = Date.now() - current.createdAt < overlap * 1_000;
      // A version that was never usable cannot have signed anything: it only must not stop the current one.
      const previous = overlapping ? await this.#version(reference, current).catch(ignoreUnusable) : undefined;
      Object.assign(entry, { current, previous, readAt: Date.now(), failure: undefined, quietUntil: 0 });
    } catch (error) {
      entry.failure = error instanceof SecretError ? error : new SecretError('unavailable', reference.id, (error as Error).message);
      entry.quietUntil = Date.now() + SECRET_REFRESH_MS;
      if (entry.failure.kind === 'unusable') entry.current = entry.previous = undefined;
      if (entry.current) this.#onStale(entry.failure);
    }
  }

  /** The current version, or the one before it. */
  async #version(reference: SecretReference, current?: Version): Promise<Version | undefined> {
    try {
      const stored = await readerOf(reference)(this.#client, reference.id, current);
      return stored && { ...stored, text: readText(reference, stored.value) };
    } catch (error) {
      if (error instanceof AwsCallError && error.kind === 'missing') return undefined;
      throw error;
    }
  }
}

function versionsOf(entry: Entry, { id }: SecretReference, overlap: number): string[] {
  const { current, previous, failure } = entry;
  const now = Date.now();
  if (!current || (failure && now - entry.readAt >= SECRET_STALE_MS)) throw failure ?? new SecretError('unavailable', id, 'it was never read');
  // Judged at every use: the overlap may end while the versions are cached.
  return previous && now - current.createdAt < overlap * 1_000 ? [current.text, previous.text] : [current.text];
}

function readText({ id, field }: SecretReference, value: string): string {
  if (readPairingState(value) !== undefined) throw new SecretError('unusable', id, 'it waits for the request of the sender that brings the key');
  const text = field === undefined ? value : readField(id, field, value);
  if (text.trim() === '') throw new SecretError('unusable', id, 'it is empty');
  // A certificate or key in PEM ends with a newline wherever it comes from, and means the same without it.
  if (text !== text.trim() && !text.startsWith('-----BEGIN ')) throw new SecretError('unusable', id, 'it begins or ends with white space, such as a newline');
  return text;
}

function readField(id: string, field: string, value: string): string {
  let fields: unknown;
  try {
    fields = JSON.parse(value);
  } catch {
    throw new SecretError('unusable', id, `it is not JSON, so it has no field ${JSON.stringify(field)}`);
  }
  const text = typeof fields === 'object' && fields !== null ? (fields as { [name: string]: unknown })[field] : undefined;
  if (typeof text !== 'string') throw new SecretError('unusable', id, `its field ${JSON.stringify(field)} is missing or not a string`);
  return text;
}

function ignoreUnusable(error: unknown): undefined {
  if (!(error instanceof SecretError)) throw error;
  return undefined;
}
