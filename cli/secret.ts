import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { VerificationPart } from '../lib/contract/parts';
import { awsFailure, type AwsAccess } from './aws-access';
import { CliError, Exit } from './cli-error';
import type { FoundSource } from './find-source';

/** The name or ARN of the secret that a source verifies with. `asked` is another one to use instead. */
export async function secretId({ name, gateway }: FoundSource, { secret }: Pick<VerificationPart, 'secret'>, asked?: string): Promise<string> {
  const id = asked ?? secret?.id ?? (secret?.logicalId === undefined ? undefined : await gateway.physicalId(secret.logicalId));
  if (id !== undefined) return id;
  throw new CliError(Exit.NO_MATCH, `the secret of source ${JSON.stringify(name)} belongs to another stack, and its name is not in this one; give it with --secret`);
}

/** The current value of a secret. It goes into a signature and nowhere else. */
export async function readSecret(access: AwsAccess, id: string, name: string | undefined): Promise<string> {
  const subject = `secret ${JSON.stringify(id)}`;
  const text = await getValue(access, id, subject);
  return name === undefined ? text : field(text, name, subject);
}

async function getValue(access: AwsAccess, id: string, subject: string): Promise<string> {
  try {
    const { SecretString } = await new SecretsManagerClient(access.client).send(new GetSecretValueCommand({ SecretId: id }));
    if (SecretString) return SecretString;
  } catch (error) {
    throw awsFailure(error, subject, access);
  }
  throw new CliError(Exit.FAILED, `${subject} has no text; put a value into it`);
}

function field(text: string, name: string, subject: string): string {
  const value = parse(text)?.[name];
  if (typeof value === 'string' && value) return value;
  throw new CliError(Exit.FAILED, `${subject} has no text in its field ${JSON.stringify(name)}; write {${JSON.stringify(name)}: "…"} into it`);
}

/** The message of JSON.parse would quote the secret. */
function parse(text: string): { [name: string]: unknown } | undefined {
  try {
    const value = JSON.parse(text) as { [name: string]: unknown } | null;
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}
