/**
 * What SQS allows. https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html,
 * …/quotas-queues.html and …/quotas-fifo.html say so.
 */

/** Messages received and neither deleted nor visible again, per queue. A standard queue's ceiling is approximate on AWS. */
export const MAX_IN_FLIGHT = 120_000;

/** How far into its backlog a FIFO queue looks for a message group that is free. */
export const FIFO_LOOK_AHEAD = 120_000;

/** Longest visibility timeout, and longest time a message stays invisible counted from its receive. */
export const MAX_VISIBILITY_SECONDS = 43_200;

export const MAX_DELAY_SECONDS = 900;
export const MAX_WAIT_SECONDS = 20;
export const MAX_RECEIVED_MESSAGES = 10;

/** Body and message attributes together; also the messages of one batch together. */
export const MAX_MESSAGE_BYTES = 1_048_576;
export const MIN_MAXIMUM_MESSAGE_BYTES = 1024;

export const MAX_BATCH_ENTRIES = 10;
export const MAX_MESSAGE_ATTRIBUTES = 10;

export const MIN_RETENTION_SECONDS = 60;
export const DEFAULT_RETENTION_SECONDS = 345_600;
export const MAX_RETENTION_SECONDS = 1_209_600;

export const MAX_RECEIVE_COUNT = 1000;
/** What the API reference gives for a redrive policy without `maxReceiveCount`. */
export const DEFAULT_RECEIVE_COUNT = 10;
export const MAX_REDRIVE_SOURCE_ARNS = 10;

/** How long a FIFO queue remembers a deduplication id, and a receive request's attempt id. */
export const DEDUPLICATION_MS = 5 * 60_000;

/** Between two purges of a queue, and between deleting a queue and creating one of its name. */
export const PURGE_INTERVAL_MS = 60_000;
export const RECREATE_INTERVAL_MS = 60_000;

export const MAX_LISTED = 1000;

export const MAX_MOVES_PER_SECOND = 500;
export const MAX_LISTED_MOVE_TASKS = 10;
/** Move tasks under way in one account. */
export const MAX_ACTIVE_MOVE_TASKS = 100;
