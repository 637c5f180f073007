import { SecretError } from '../secret-error';
import { CALL, type ReadVersion } from './service';

interface Output {
  readonly SecretString?: string;
  /** Seconds since 1970. */
  readonly CreatedDate?: number;
}

/** The previous version is the one with the label of that name: nothing else says which it is. */
export const secretsManager: ReadVersion = async (client, id, current) => {
  const input = { SecretId: id, VersionStage: current ? 'AWSPREVIOUS' : 'AWSCURRENT' };
  const { SecretString, CreatedDate = 0 } = await client.call<Output>('secretsmanager', 'GetSecretValue', input, CALL);
  if (SecretString === undefined) throw new SecretError('unusable', id, 'it is binary, not text');
  return { value: SecretString, createdAt: CreatedDate * 1_000 };
};
