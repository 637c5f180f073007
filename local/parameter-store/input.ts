import { AwsError } from '../aws-service';
import type { Parameter, ParameterType, VersionDetails } from './parameter';

export type Input = { [name: string]: unknown };

/** @see https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-advanced-parameters.html */
const MAX_BYTES = { Standard: 4_096, Advanced: 8_192 };

const TYPES: readonly unknown[] = ['String', 'StringList', 'SecureString'];

export const DEFAULT_KEY = 'alias/aws/ssm';

/** @see https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-paramstore-su-create.html#sysman-parameter-name-constraints */
export function newName(input: Input): string {
  const name = text(input, 'Name');
  if (!/^[\w./-]{1,1011}$/.test(name)) throw invalid('Parameter name: can consist of letters, digits and the symbols .-_ and / only.');
  if (/^\/?(aws|ssm)/i.test(name)) throw invalid('Parameter name: can\'t be prefixed with "aws" or "ssm" (case-insensitive).');
  if (name.includes('/') && !name.startsWith('/')) throw invalid('Parameter name must be a fully qualified name: it begins with a slash.');
  if (name.split('/').length > 16) throw new AwsError('HierarchyLevelLimitExceededException', 'A hierarchy can have a maximum of 15 levels.');
  return name;
}

/** What an update leaves out, it keeps. */
export function typeOf(input: Input, existing: Parameter | undefined): ParameterType {
  const type = optionalText(input, 'Type') ?? existing?.type;
  if (type === undefined) throw invalid('A parameter type is required when you create a parameter.');
  if (!TYPES.includes(type)) throw invalid(`Value ${JSON.stringify(type)} at 'type' must be String, StringList or SecureString.`);
  if (existing && existing.type !== type) {
    throw new AwsError('HierarchyTypeMismatchException', `The parameter has the type ${existing.type}, which cannot be changed.`);
  }
  return type as ParameterType;
}

/** An update that names no key is encrypted with the account's own, whatever the version before was encrypted with. */
export function detailsOf(input: Input, type: ParameterType, value: string, existing: Parameter | undefined): VersionDetails {
  const keyId = optionalText(input, 'KeyId');
  if (keyId !== undefined && type !== 'SecureString') throw invalid('KeyId is required for SecureString type parameter only.');
  return {
    Tier: tierOf(input, value, existing),
    DataType: optionalText(input, 'DataType') ?? 'text',
    Description: optionalText(input, 'Description') ?? existing?.latest.details.Description,
    AllowedPattern: optionalText(input, 'AllowedPattern'),
    ...(type === 'SecureString' && { KeyId: keyId || DEFAULT_KEY }),
  };
}

function tierOf(input: Input, value: string, existing: Parameter | undefined): VersionDetails['Tier'] {
  const bytes = Buffer.byteLength(value);
  const before = existing?.latest.details.Tier;
  const asked = optionalText(input, 'Tier') ?? before ?? 'Standard';
  const tier = asked !== 'Intelligent-Tiering' ? asked : before === 'Advanced' || bytes > MAX_BYTES.Standard ? 'Advanced' : 'Standard';
  if (tier !== 'Standard' && tier !== 'Advanced') throw invalid(`Value ${JSON.stringify(tier)} at 'tier' must be Standard, Advanced or Intelligent-Tiering.`);
  if (before === 'Advanced' && tier === 'Standard') {
    throw invalid('This parameter uses the advanced-parameter tier. You can\'t downgrade a parameter from the advanced-parameter tier to the standard-parameter tier.');
  }
  if (bytes > MAX_BYTES[tier]) throw invalid(`The value has ${bytes} bytes; ${MAX_BYTES[tier]} are allowed in the tier ${tier}.`);
  return tier;
}

export function text(input: Input, name: string): string {
  const value = optionalText(input, name);
  if (!value) throw invalid(`${name} is missing or empty.`);
  return value;
}

function optionalText(input: Input, name: string): string | undefined {
  const value = input[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'string') throw new AwsError('SerializationException', `${name} is no string`);
  return value;
}

export function invalid(message: string): AwsError {
  return new AwsError('ValidationException', message);
}
