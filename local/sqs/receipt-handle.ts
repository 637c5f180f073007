import { sqsError } from './errors';

/** What a receipt handle says: a message, and which of its receives. So a queue needs no table of handles. */
export interface Receipt {
  readonly id: string;
  readonly receipt: number;
}

export function encodeReceiptHandle(queueToken: string, { id, receipt }: Receipt): string {
  return Buffer.from(`${queueToken} ${id} ${receipt}`).toString('base64');
}

/** Throws `ReceiptHandleIsInvalid` for anything but a handle of this queue. */
export function decodeReceiptHandle(queueToken: string, handle: string): Receipt {
  const [, id = '', receipt] = Buffer.from(handle, 'base64').toString().split(' ');
  const decoded = { id, receipt: Number(receipt) };
  if (encodeReceiptHandle(queueToken, decoded) === handle) return decoded;
  throw sqsError('ReceiptHandleIsInvalid', `The input receipt handle "${handle}" is not a valid receipt handle.`);
}
