import { AwsError } from '../aws-service';

const SHAPES = 'com.amazonaws.dynamodb.v20120810';

export function validationError(message: string): AwsError {
  return new AwsError('com.amazon.coral.validate#ValidationException', message);
}

/** A value that breaks the rules of its place. */
export function invalidValue(message: string): AwsError {
  return validationError(`One or more parameter values were invalid: ${message}`);
}

export function malformed(name: string, expected: string): AwsError {
  return new AwsError('com.amazon.coral.service#SerializationException', `${name} must be ${expected}`);
}

export function unknownAction(action: string): AwsError {
  return new AwsError('com.amazon.coral.service#UnknownOperationException', `a local run has no ${action} of DynamoDB`);
}

/** Actions on items do not tell the name. */
export function tableNotFound(name?: string): AwsError {
  return new AwsError(`${SHAPES}#ResourceNotFoundException`, `Requested resource not found${name === undefined ? '' : `: Table: ${name} not found`}`);
}

export function tableInUse(name: string): AwsError {
  return new AwsError(`${SHAPES}#ResourceInUseException`, `Table already exists: ${name}`);
}

/** With the item that made the condition fail, where the caller wants it. */
export function conditionFailed(item?: object): AwsError {
  return new AwsError(`${SHAPES}#ConditionalCheckFailedException`, 'The conditional request failed', 400, undefined, item && { Item: item });
}

/** AWS has no such bound, but a run has a machine's memory. */
export function storeFull(maxBytes: number, has: number): AwsError {
  return new AwsError('InsufficientStorage', `a local run keeps at most ${maxBytes} bytes in its tables, and has ${has}: delete rows or start it again`, 507);
}
