import { AwsError, type RestAnswer } from '../aws-service';
import { element } from '../xml';

export function noSuchKey(): AwsError {
  return new AwsError('NoSuchKey', 'The specified key does not exist.', 404);
}

export function noSuchBucket(name: string): AwsError {
  return new AwsError('NoSuchBucket', `no stack of this run has a bucket ${JSON.stringify(name)}`, 404);
}

export function notImplemented(what: string): AwsError {
  return new AwsError('NotImplemented', `a local run has no ${what} of S3`, 501);
}

export function invalidRequest(message: string): AwsError {
  return new AwsError('InvalidRequest', message);
}

export function errorAnswer(error: AwsError, requestId: string): RestAnswer {
  const body = `<?xml version="1.0" encoding="UTF-8"?>\n<Error>${element('Code', error.name)}${element('Message', error.message)}${element('RequestId', requestId)}</Error>`;
  return { status: error.status, headers: { 'content-type': 'application/xml' }, body };
}
