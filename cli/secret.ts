import type { SecretPart, VerificationPart } from '../lib/contract/parts';
import { awsFailure, type AwsAccess } from './aws-access';
import { CliError, Exit } from './cli-error';
import type { FoundSource } from './find-source';
import { serviceOf } from './secret-services';

/** The name or ARN of the secret that a source verifies with. `asked` is another one to use instead. */
export async function secretId({ name, gateway }: FoundSource, { secret }: Pick<VerificationPart, 'secret'>, asked?: string): Promise<string> {
  const id = asked ?? secret?.id ?? (secret?.logicalId === undefined ? undefined : await gateway.physicalId(secret.logicalId));
  if (id !== undefined) return id;
  throw new CliError(Exit.NO_MATCH, `the name of the secret of source ${JSON.stringify(name)} is not in its template, since another stack or the deployment has it; give it with --secret`);
}

/** The current value of a secret, by an id of the service that `part` names. It goes into a signature and nowhere else. */
export async function readSecret(access: AwsAccess, id: string, part: Pick<SecretPart, 'field' | 'service'> = {}): Promise<string> {
  const subject = subjectOf(id, part);
  const text = await getValue(access, id, part, subject);
  return part.field === undefined ? text : field(text, part.field, subject);
}

/** A secret in a sentence. */
export function subjectOf(id: string, { service }: Pick<SecretPart, 'service'>): string {
  return `${service ? 'parameter' : 'secret'} ${JSON.stringify(id)}`;
}

async function getValue(access: AwsAccess, id: string, part: Pick<SecretPart, 'service'>, subject: string): Promise<string> {
  try {
    const text = await (await serviceOf(part)).read(access, id);
    if (text) return text;
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
