import type { SendResult } from '../../../lib/contract/sender';
import { failed, readError } from './failure';

/** The answer of a service that took an event. */
export const DELIVERED: SendResult = { outcome: 'delivered', status: 200 };

/** One call for one event. Never rejects. */
export async function callFor<Output>(
  name: string, call: () => Promise<Output>, judge: (output: Output) => SendResult = () => DELIVERED,
): Promise<SendResult> {
  try {
    return judge(await call());
  } catch (error) {
    return failed(name, readError(error));
  }
}

interface EntryResult {
  readonly Id?: string | undefined;
}

interface EntryError extends EntryResult {
  readonly Code?: string | undefined;
  readonly Message?: string | undefined;
}

/** Results of SQS and SNS, which name their entries. Entries are named by their place. */
export function namedResults(name: string, count: number, successful: readonly EntryResult[] = [], errors: readonly EntryError[] = []): SendResult[] {
  return Array.from({ length: count }, (_, index) => {
    if (successful.some(({ Id }) => Id === String(index))) return DELIVERED;
    const error = errors.find(({ Id }) => Id === String(index));
    return failed(name, { code: error?.Code ?? 'NoResult', ...(error?.Message && { message: error.Message }) });
  });
}

interface OrderedResult {
  readonly ErrorCode?: string | undefined;
  readonly ErrorMessage?: string | undefined;
}

/** Results of EventBridge, Kinesis and Firehose, which answer 200 with as many results as there were entries, in their order. */
export function orderedResults(name: string, count: number, results: readonly OrderedResult[] = []): SendResult[] {
  return Array.from({ length: count }, (_, index) => {
    const result = results[index];
    if (result && !result.ErrorCode) return DELIVERED;
    return failed(name, { code: result?.ErrorCode ?? 'NoResult', ...(result?.ErrorMessage && { message: result.ErrorMessage }) });
  });
}
