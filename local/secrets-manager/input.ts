import { AwsError } from '../aws-service';
import type { SecretValue } from './secret';

export type Input = { [name: string]: unknown };

/** @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/reference_limits.html */
const MAX_SECRET_BYTES = 65_536;

export function optionalValue(input: Input): SecretValue | undefined {
  const string = optionalText(input, 'SecretString');
  const binary = optionalText(input, 'SecretBinary');
  if (string !== undefined && binary !== undefined) throw invalidParameter("You can't specify both a binary secret value and a string secret value.");
  const bytes = Buffer.byteLength(string ?? binary ?? '', string === undefined ? 'base64' : 'utf8');
  if (bytes > MAX_SECRET_BYTES) throw invalidParameter(`The secret value is ${bytes} bytes long; ${MAX_SECRET_BYTES} are allowed.`);
  if (string !== undefined) return { SecretString: string };
  return binary === undefined ? undefined : { SecretBinary: binary };
}

export function token(input: Input): string | undefined {
  const value = optionalText(input, 'ClientRequestToken');
  if (value !== undefined && (value.length < 32 || value.length > 64)) throw invalidParameter('ClientRequestToken must be 32-64 characters long.');
  return value;
}

export function text(input: Input, name: string): string {
  const value = optionalText(input, name);
  if (!value) throw invalidParameter(`You must provide a value for the ${name} parameter.`);
  return value;
}

export function optionalText(input: Input, name: string): string | undefined {
  const value = input[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'string') throw new AwsError('SerializationException', `${name} is no string`);
  return value;
}

export function invalidParameter(message: string): AwsError {
  return new AwsError('InvalidParameterException', message);
}

export function invalidRequest(message: string): AwsError {
  return new AwsError('InvalidRequestException', message);
}
