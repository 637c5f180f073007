import { DeleteQueueCommand, GetQueueUrlCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { ConformanceCase } from './case';
import type { Endpoint } from './endpoint';
import type { CaseResult } from './results';
import type { TestClock } from './test-clock';

export interface Suite {
  readonly cases: readonly ConformanceCase[];
  readonly url: string;
  readonly sqs: SQSClient;
  readonly clock: TestClock;
  /** Also the cases that need 120,000 messages in flight. */
  readonly scale: boolean;
  /** Cases to leave out, by their id. */
  readonly skip?: RegExp;
  readonly onResult?: (result: CaseResult, testCase: ConformanceCase) => void;
}

/** Enough for cases that wait, and little enough for an emulator that takes one request at a time. */
const AT_ONCE = 8;
const TIMEOUT_MS = 90_000;
const SCALE_TIMEOUT_MS = 300_000;

/** Runs every case; on a clock that can be moved one after the other, since the time that passes for one passes for all. */
export async function runSuite(suite: Suite): Promise<CaseResult[]> {
  const { cases, clock, onResult } = suite;
  const results = new Map<ConformanceCase, CaseResult>();
  const waiting = [...cases];
  const worker = async (): Promise<void> => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const result = await runCase(next, suite);
      results.set(next, result);
      onResult?.(result, next);
    }
  };
  await Promise.all(Array.from({ length: clock.movable ? 1 : AT_ONCE }, worker));
  return cases.map((testCase) => results.get(testCase) as CaseResult);
}

async function runCase(testCase: ConformanceCase, suite: Suite): Promise<CaseResult> {
  const { id, needs } = testCase;
  const obstacle = obstacleTo(testCase, suite);
  if (obstacle !== undefined) return { id, status: 'not testable', message: obstacle };
  const names: string[] = [];
  const endpoint = { ...suite, newName: (suffix = '') => remember(names, `conformance-${unique()}${suffix}`) };
  try {
    await withTimeout(testCase.run(endpoint), needs === 'scale' ? SCALE_TIMEOUT_MS : TIMEOUT_MS);
    return { id, status: 'passed' };
  } catch (error) {
    return { id, status: 'failed', message: error instanceof Error ? error.message : String(error) };
  } finally {
    for (const QueueName of names) await deleteQueue(endpoint, QueueName);
  }
}

function obstacleTo({ id, needs }: ConformanceCase, { clock, scale, skip }: Suite): string | undefined {
  if (skip?.test(id)) return 'it is left out';
  if (needs === 'clock' && !clock.movable) return 'it needs a clock that can be moved';
  if (needs === 'scale' && !scale) return 'it needs 120,000 messages in flight: ask for it with --scale';
  return undefined;
}

const run = Date.now().toString(36);
let count = 0;

function unique(): string {
  return `${run}-${++count}`;
}

function remember(names: string[], name: string): string {
  names.push(name);
  return name;
}

/** Leaves nothing behind. A name that was refused, and a queue that is gone, are no matter. */
async function deleteQueue({ sqs }: Endpoint, QueueName: string): Promise<void> {
  try {
    const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName }));
    await sqs.send(new DeleteQueueCommand({ QueueUrl }));
  } catch {
    // There is nothing to delete.
  }
}

function withTimeout<T>(work: Promise<T>, ms: number): Promise<T> {
  let timer: NodeJS.Timeout;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`it was not done after ${ms / 1000} seconds`)), ms);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}
