import { createHash } from 'node:crypto';
import type { PairingConfig, SecretReference } from '../../lib/contract/config';
import type { AwsClient } from '../shared/aws';
import { AwsCallError } from '../shared/aws-error';
import { isPairingOpen } from '../shared/pairing-state';
import { SecretError } from '../shared/secret-error';
import type { Secrets } from '../shared/secrets';
import { readField } from './field';
import type { WebhookRequest } from './request';

/** Stores the key of a source whose pairing is open. Resolves to whether it was. Throws `SecretError` where that cannot be known. */
export type Pair = (reference: SecretReference, key: string) => Promise<boolean>;

/** No sender's key is shorter or has other characters, and a pairing state begins with a brace. */
const KEY = /^[\x21-\x7A\x7C\x7E]{16,512}$/;

/** The key that a request brings, where it is the first one of a sender. */
export function readPairingKey({ key }: PairingConfig, request: WebhookRequest): string | undefined {
  const text = request.method === 'POST' ? readField(key, request) : undefined;
  return text !== undefined && KEY.test(text) ? text : undefined;
}

/** Whoever sends requests with keys in them makes this function ask for the secret no more often. In real time: a local clock may stand still. */
const ASK_MS = 1_000;
const CALL = { timeoutMs: 1_000, tries: 2 };

interface Version {
  readonly SecretString?: string;
  /** Seconds since 1970. */
  readonly CreatedDate?: number;
  readonly VersionId?: string;
}

export function createPair(client: Pick<AwsClient, 'call'>, secrets: Pick<Secrets, 'forget'>): Pair {
  const closed = new Map<string, number>();
  return async ({ id }, key) => {
    if (performance.now() - (closed.get(id) ?? -Infinity) < ASK_MS) return false;
    try {
      const version = await client.call<Version>('secretsmanager', 'GetSecretValue', { SecretId: id, VersionStage: 'AWSCURRENT' }, CALL);
      const paired = isPairingOpen(version.SecretString ?? '', (version.CreatedDate ?? 0) * 1_000, Date.now()) && await store(client, id, key, version);
      if (paired) secrets.forget(id);
      else closed.set(id, performance.now());
      return paired;
    } catch (error) {
      throw new SecretError('unavailable', id, (error as Error).message);
    }
  };
}

/**
 * The new version's id is made of that of the pairing's: of two functions that store a key at the same time, Secrets Manager takes
 * one, because a version cannot be changed.
 */
async function store(client: Pick<AwsClient, 'call'>, id: string, key: string, { VersionId: version }: Version): Promise<boolean> {
  const token = createHash('sha256').update(`pairing\0${version}`).digest('hex');
  try {
    await client.call('secretsmanager', 'PutSecretValue', { SecretId: id, SecretString: key, ClientRequestToken: token }, CALL);
    return true;
  } catch (error) {
    if (error instanceof AwsCallError && error.code === 'ResourceExistsException') return false;
    throw error;
  }
}
