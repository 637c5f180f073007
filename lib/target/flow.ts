import { Token } from 'aws-cdk-lib';
import { showNumber } from '../private/checks';

/** https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html */
const MIN_CONCURRENCY = 2;
const MAX_CONCURRENCY = 1000;

/** The most of a queue that Lambda takes at once without waiting. */
const MAX_BATCH = 10;

const MIN_RATE = 0.1;

/**
 * A rate is shared out to environments that each may begin so many attempts a second: few enough that ten of them, begun one
 * after the other, take little more time than one.
 */
const RATE_PER_ENVIRONMENT = 5;

/** How many events are on their way at once. */
export interface Flow {
  readonly batchSize: number;
  /** Of the mapping. Absent: as many as Lambda starts. */
  readonly maxConcurrency?: number;
  /** Attempts a second that one environment may begin. Absent: no limit. */
  readonly ratePerSecond?: number;
}

export interface FlowOptions {
  readonly target: string;
  readonly fifo: boolean;
  readonly maxInFlight?: number;
  readonly maxRatePerSecond?: number;
  /** What the function has besides the time of one attempt, in seconds. */
  readonly overheadSeconds: number;
}

/** Batch and concurrency of a target's mapping. Their product is what can be in flight. */
export function flow(options: FlowOptions): Flow {
  const limited = options.maxInFlight === undefined ? { batchSize: options.fifo ? 1 : MAX_BATCH } : inFlight(options.maxInFlight, options);
  return options.maxRatePerSecond === undefined ? limited : paced(limited, options.maxRatePerSecond, options);
}

function inFlight(requests: number, { target, fifo }: FlowOptions): Flow {
  const most = MAX_CONCURRENCY * (fifo ? 1 : MAX_BATCH);
  if (Token.isUnresolved(requests) || !Number.isInteger(requests) || requests < MIN_CONCURRENCY || requests > most) {
    throw new Error(`maxInFlight of target ${JSON.stringify(target)} must be a whole number of requests from ${MIN_CONCURRENCY} to ${most}, got ${showNumber(requests)}: `
      + `Lambda runs at least ${MIN_CONCURRENCY} and at most ${MAX_CONCURRENCY} functions on a queue, each with ${fifo ? 'one event' : `up to ${MAX_BATCH} events`}`);
  }
  if (fifo) return { batchSize: 1, maxConcurrency: requests };
  return requests >= MIN_CONCURRENCY * MAX_BATCH
    ? { batchSize: MAX_BATCH, maxConcurrency: Math.floor(requests / MAX_BATCH) }
    : { batchSize: Math.floor(requests / MIN_CONCURRENCY), maxConcurrency: MIN_CONCURRENCY };
}

/** Each environment keeps to its share. A batch is as big as can begin in half the time that the function has besides attempts. */
function paced(limited: Flow, rate: number, { target, overheadSeconds }: FlowOptions): Flow {
  const most = RATE_PER_ENVIRONMENT * MAX_CONCURRENCY;
  if (Token.isUnresolved(rate) || !(rate >= MIN_RATE && rate <= most)) {
    throw new Error(`maxRatePerSecond of target ${JSON.stringify(target)} must be a number from ${MIN_RATE} to ${most}, got ${showNumber(rate)}`);
  }
  const maxConcurrency = limited.maxConcurrency ?? Math.max(MIN_CONCURRENCY, Math.ceil(rate / RATE_PER_ENVIRONMENT));
  const ratePerSecond = rate / maxConcurrency;
  return { batchSize: Math.min(limited.batchSize, 1 + Math.floor(ratePerSecond * overheadSeconds / 2)), maxConcurrency, ratePerSecond };
}
