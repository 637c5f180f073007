import type { AwsClient } from '../aws';

/** One version of a secret, as its service has it. */
export interface StoredVersion {
  readonly value: string;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  /** Where a service counts its versions. */
  readonly number?: number;
}

/**
 * Reads the current version of a secret, or the one before `current`. Undefined: there is none. Throws `AwsCallError`, and `SecretError`
 * where what is there can be no secret.
 */
export type ReadVersion = (client: Pick<AwsClient, 'call'>, id: string, current?: StoredVersion) => Promise<StoredVersion | undefined>;

/** A webhook waits for it. */
export const CALL = { timeoutMs: 1_000, tries: 2 };
