import { AwsCallError } from '../aws-error';
import { SecretError } from '../secret-error';
import { CALL, type ReadVersion, type StoredVersion } from './service';

interface Output {
  readonly Parameter: {
    readonly Type: string;
    readonly Value: string;
    readonly Version: number;
    /** Seconds since 1970. */
    readonly LastModifiedDate: number;
  };
}

/**
 * Versions are counted from 1, and the one before is asked for by its number:
 * https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-paramstore-versions.html
 */
export const parameterStore: ReadVersion = async (client, id, current) => {
  const read = async (Name: string): Promise<StoredVersion> => {
    const { Parameter } = await client.call<Output>('ssm', 'GetParameter', { Name, WithDecryption: true }, CALL);
    const { Type, Value, Version, LastModifiedDate } = Parameter;
    if (Type !== 'SecureString') throw new SecretError('unusable', id, `it is a parameter of the type ${JSON.stringify(Type)}, not SecureString`);
    return { value: Value, createdAt: LastModifiedDate * 1_000, number: Version };
  };
  if (!current) return read(id);
  const before = (current.number as number) - 1;
  if (before < 1) return undefined;
  const previous = await read(`${id}:${before}`).catch(noneIfDenied);
  // What is put again, to end the version before or to change no more than a description, is no other secret.
  return previous?.value === current.value ? undefined : previous;
};

/** The version before may be encrypted under another key. Where this function may not use that one, the current version must not suffer. */
function noneIfDenied(error: unknown): undefined {
  if (error instanceof AwsCallError && error.kind === 'denied') return undefined;
  throw error;
}
