import { AwsError } from '../aws-service';

/**
 * Every error the engine answers with: HTTP status, and the code of the former query protocol, which SQS still sends in
 * `x-amzn-query-error` and in the failed entries of a batch.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_Operations.html
 */
const ERRORS = {
  BatchEntryIdsNotDistinct: { status: 400, code: 'AWS.SimpleQueueService.BatchEntryIdsNotDistinct' },
  BatchRequestTooLong: { status: 400, code: 'AWS.SimpleQueueService.BatchRequestTooLong' },
  EmptyBatchRequest: { status: 400, code: 'AWS.SimpleQueueService.EmptyBatchRequest' },
  InvalidAddress: { status: 404, code: 'InvalidAddress' },
  InvalidAttributeName: { status: 400, code: 'InvalidAttributeName' },
  InvalidAttributeValue: { status: 400, code: 'InvalidAttributeValue' },
  InvalidBatchEntryId: { status: 400, code: 'AWS.SimpleQueueService.InvalidBatchEntryId' },
  InvalidMessageContents: { status: 400, code: 'InvalidMessageContents' },
  MessageNotInflight: { status: 400, code: 'AWS.SimpleQueueService.MessageNotInflight' },
  OverLimit: { status: 403, code: 'OverLimit' },
  PurgeQueueInProgress: { status: 403, code: 'AWS.SimpleQueueService.PurgeQueueInProgress' },
  QueueDeletedRecently: { status: 400, code: 'AWS.SimpleQueueService.QueueDeletedRecently' },
  QueueDoesNotExist: { status: 400, code: 'AWS.SimpleQueueService.NonExistentQueue' },
  QueueNameExists: { status: 400, code: 'QueueAlreadyExists' },
  ReceiptHandleIsInvalid: { status: 404, code: 'ReceiptHandleIsInvalid' },
  RequestThrottled: { status: 403, code: 'RequestThrottled' },
  ResourceNotFoundException: { status: 404, code: 'ResourceNotFoundException' },
  TooManyEntriesInBatchRequest: { status: 400, code: 'AWS.SimpleQueueService.TooManyEntriesInBatchRequest' },
  UnsupportedOperation: { status: 400, code: 'AWS.SimpleQueueService.UnsupportedOperation' },
} as const;

/** Errors that are no shape of SQS but of the frame all its actions share. */
const FRAME_ERRORS = {
  InvalidParameterValueException: { status: 400, code: 'InvalidParameterValue' },
  MissingRequiredParameterException: { status: 400, code: 'MissingParameter' },
  SerializationException: { status: 400, code: 'MalformedInput' },
  UnknownOperationException: { status: 400, code: 'InvalidAction' },
} as const;

export type SqsErrorName = keyof typeof ERRORS | keyof typeof FRAME_ERRORS;

export function sqsError(name: SqsErrorName, message: string): AwsError {
  const [namespace, { status, code }] = name in ERRORS
    ? ['com.amazonaws.sqs', ERRORS[name as keyof typeof ERRORS]] as const
    : ['com.amazon.coral.service', FRAME_ERRORS[name as keyof typeof FRAME_ERRORS]] as const;
  return new AwsError(`${namespace}#${name}`, message, status, `${code};Sender`);
}

/** The code of an error in the failed entries of a batch. */
export function errorCode(error: AwsError): string {
  return (error.queryError ?? error.name).split(';', 1)[0] as string;
}

export function invalidParameter(message: string): AwsError {
  return sqsError('InvalidParameterValueException', message);
}

export function invalidValue(parameter: string, value: unknown, reason: string): AwsError {
  return invalidParameter(`Value ${value} for parameter ${parameter} is invalid. Reason: ${reason}`);
}

export function missingParameter(parameter: string): AwsError {
  return sqsError('MissingRequiredParameterException', `The request must contain the parameter ${parameter}.`);
}

export function queueDoesNotExist(): AwsError {
  return sqsError('QueueDoesNotExist', 'The specified queue does not exist.');
}
