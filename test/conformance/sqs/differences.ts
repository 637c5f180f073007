/** What an engine does instead, in a sentence for all the cases it explains. */
export interface Difference {
  readonly cases: readonly string[];
  readonly says: string;
}

/** By the name of the engine. The table of docs/sqs-conformance.md is only made when these fit what the engines do. */
export interface Differences {
  readonly [engine: string]: readonly Difference[];
}

const MOVE_TASKS = [
  'back', 'destination', 'new-message', 'direct', 'source-gone', 'progress', 'list', 'rate', 'rate-range', 'alone', 'handle', 'cancelled',
  'cancel-running', 'source', 'missing', 'same-type',
].map((name) => `move-tasks/${name}`);
const TAGS = ['tags/empty-value', 'tags/key-length', 'tags/value-length', 'tags/reserved'];

const MINISTACK: Difference[] = [
  { cases: MOVE_TASKS, says: 'It has no move tasks: StartMessageMoveTask is InvalidAction.' },
  { cases: ['dead-letters/sources', 'dead-letters/source-pages'], says: 'It has no ListDeadLetterSourceQueues.' },
  {
    cases: ['in-flight/standard', 'in-flight/fifo'],
    says: 'Its receives look through all messages in flight, so that 20,000 take a minute and 120,000 were not waited for; its source has no ceiling.',
  },
  {
    cases: ['visibility/receive-range', 'visibility/change-range', 'visibility/12-hours-left', 'errors/invalid-value'],
    says: 'It takes any number for a visibility timeout of a message, and knows no total of 12 hours.',
  },
  { cases: ['visibility/not-in-flight'], says: 'It changes the visibility of a message that is not in flight.' },
  { cases: ['deleting/old-handle'], says: 'It refuses the handle of an earlier receive.' },
  { cases: ['deleting/fifo-too-late'], says: 'It deletes a message of a FIFO queue whose visibility timeout is over.' },
  { cases: ['delays/range', 'long-polling/20-seconds'], says: 'It takes delays of any length, and waits of more than 20 seconds.' },
  { cases: ['delays/retroactive'], says: 'A new delay of a FIFO queue leaves what is in it.' },
  { cases: ['queues/name-length', 'queues/name-characters', 'queues/fifo-suffix'], says: 'It takes any name for a queue.' },
  { cases: ['queues/deleted-recently'], says: 'The name of a deleted queue is free at once.' },
  { cases: ['queues/list-limit'], says: 'It takes any number for MaxResults.' },
  { cases: ['attributes/none-asked'], says: 'GetQueueAttributes gives all attributes when none is asked for.' },
  {
    cases: ['attributes/unknown', 'attributes/fifo-fixed', 'attributes/high-throughput', 'attributes/policy'],
    says: 'It takes unknown attributes, changes of FifoQueue, combinations that are not allowed and policies that are not JSON.',
  },
  { cases: TAGS, says: 'It takes tags of any length, with an empty key, and with the reserved prefix.' },
  { cases: ['sending/attributes-count'], says: 'Attributes do not count towards the size of a message.' },
  { cases: ['sending/trace-header'], says: 'It takes system attributes of any name and type.' },
  { cases: ['sending/system-digest'], says: 'It gives no digest of system attributes.' },
  {
    cases: ['types', 'ten', 'name-characters', 'name-length', 'reserved', 'periods', 'empty', 'characters', 'numbers', 'precision', 'lists']
      .map((name) => `message-attributes/${name}`),
    says: 'It does not check message attributes.',
  },
  { cases: ['purge/in-progress'], says: 'It purges again at once.' },
  { cases: ['fifo/as-many-of-a-group'], says: 'A receive gives messages in the order of the queue, whatever their groups.' },
  { cases: ['fifo/group-id', 'deduplication/id'], says: 'It takes group and deduplication ids of any length, with any characters.' },
  { cases: ['fifo/attempt', 'fifo/attempt-modified'], says: 'It ignores ReceiveRequestAttemptId.' },
  { cases: ['dead-letters/fifo-id'], says: 'A dead letter of a FIFO queue keeps its deduplication id.' },
  {
    cases: ['dead-letters/same-type', 'dead-letters/deny-all', 'dead-letters/by-queue', 'dead-letters/ten-sources'],
    says: 'It takes a dead-letter queue of the other type, and keeps RedriveAllowPolicy without heeding it.',
  },
  { cases: ['errors/shape'], says: 'The type of an error has no namespace.' },
  { cases: ['errors/missing-parameter'], says: 'GetQueueUrl without a name is QueueDoesNotExist.' },
];

const MOTO: Difference[] = [
  { cases: MOVE_TASKS, says: 'It has no move tasks: StartMessageMoveTask is answered 500.' },
  {
    cases: ['in-flight/standard', 'in-flight/fifo'],
    says: 'Each message makes its calls slower, so that 3,000 take more than a minute and 120,000 were not waited for; its source has no ceiling.',
  },
  { cases: ['visibility/receive-range', 'visibility/change-range', 'delays/range'], says: 'It takes negative visibility timeouts and delays.' },
  { cases: ['visibility/not-in-flight'], says: 'It changes the visibility of a message that is not in flight.' },
  { cases: ['deleting/fifo-too-late'], says: 'It deletes a message of a FIFO queue whose visibility timeout is over.' },
  { cases: ['delays/retroactive'], says: 'A new delay of a FIFO queue leaves what is in it.' },
  { cases: ['queues/fifo-suffix'], says: 'A standard queue may have the suffix of a FIFO queue.' },
  { cases: ['queues/deleted-recently'], says: 'The name of a deleted queue is free at once.' },
  { cases: ['queues/list-limit'], says: 'It takes any number for MaxResults.' },
  {
    cases: [
      ...['DelaySeconds', 'MaximumMessageSize', 'MessageRetentionPeriod', 'ReceiveMessageWaitTimeSeconds', 'VisibilityTimeout', 'invalid', 'policy']
        .map((name) => `attributes/${name}`),
    ],
    says: 'It takes attributes out of range, but for the size of a new queue, and answers 500 to those that are not numbers or JSON.',
  },
  {
    cases: ['attributes/unknown', 'attributes/fifo-fixed', 'attributes/high-throughput', 'attributes/one-encryption'],
    says: 'It takes unknown attributes, changes of FifoQueue, combinations that are not allowed and both kinds of encryption at once.',
  },
  { cases: TAGS, says: 'It takes tags of any length, with an empty key, and with the reserved prefix.' },
  { cases: ['sending/one-character'], says: 'It takes an empty body.' },
  { cases: ['sending/queue-limit', 'sending/attributes-count'], says: 'The size of a message is its characters, not its bytes, and attributes do not count.' },
  { cases: ['sending/illegal-characters'], says: 'It takes every character.' },
  { cases: ['sending/trace-header'], says: 'It takes system attributes of any name and type.' },
  { cases: ['sending/system-digest'], says: 'It gives no digest of system attributes.' },
  {
    cases: ['ten', 'name-length', 'reserved', 'periods', 'empty', 'characters', 'numbers', 'precision', 'lists'].map((name) => `message-attributes/${name}`),
    says: 'Of message attributes it checks the type and the characters of the name only.',
  },
  { cases: ['batches/send-partly'], says: 'A message that is too long fails its whole batch.' },
  { cases: ['batches/empty', 'batches/too-many', 'batches/same-ids'], says: 'It checks the entries of a ChangeMessageVisibilityBatch not at all, '
    + 'and those of a DeleteMessageBatch by their handles.' },
  { cases: ['fifo/as-many-of-a-group'], says: 'A receive gives messages in the order of the queue, whatever their groups.' },
  { cases: ['fifo/sequence'], says: 'It gives no sequence numbers when it sends.' },
  { cases: ['fifo/group-id', 'deduplication/id'], says: 'It takes group and deduplication ids of any length, with any characters.' },
  { cases: ['fifo/attempt', 'fifo/attempt-modified'], says: 'It ignores ReceiveRequestAttemptId.' },
  { cases: ['deduplication/after-deletion', 'deduplication/generated-id'], says: 'It forgets a deduplication id when its message is deleted.' },
  { cases: ['deduplication/group-scope'], says: 'It finds duplicates in the whole queue, whatever DeduplicationScope says.' },
  { cases: ['dead-letters/source'], says: 'A dead letter does not say where it comes from.' },
  { cases: ['dead-letters/fifo-id'], says: 'A dead letter of a FIFO queue keeps its deduplication id.' },
  { cases: ['dead-letters/same-type'], says: 'A standard queue may have a FIFO queue for its dead-letter queue.' },
  { cases: ['dead-letters/deny-all', 'dead-letters/by-queue', 'dead-letters/ten-sources'], says: 'It drops RedriveAllowPolicy.' },
  { cases: ['dead-letters/source-pages'], says: 'ListDeadLetterSourceQueues has no pages.' },
  { cases: ['errors/request-id'], says: 'Request ids are no UUIDs.' },
  { cases: ['errors/missing-parameter'], says: 'SendMessage without a body is answered 500, and DeleteMessage without a handle succeeds.' },
];

const ELASTICMQ: Difference[] = [
  { cases: ['in-flight/standard'], says: 'It has no ceiling for messages in flight.' },
  {
    cases: ['in-flight/fifo'],
    says: 'Receives from a FIFO queue become slower with each group in flight, until it answers 503: 120,000 cannot be reached.',
  },
  {
    cases: ['visibility/receive-range', 'visibility/change-range', 'visibility/12-hours-left'],
    says: 'It takes any number for a visibility timeout of a message, and knows no total of 12 hours.',
  },
  { cases: ['visibility/not-in-flight'], says: 'It changes the visibility of a message that is not in flight.' },
  { cases: ['deleting/old-handle'], says: 'It refuses the handle of an earlier receive.' },
  { cases: ['deleting/fifo-too-late'], says: 'It deletes a message of a FIFO queue whose visibility timeout is over.' },
  { cases: ['delays/retroactive'], says: 'A new delay of a FIFO queue leaves what is in it.' },
  { cases: ['queues/deleted-recently'], says: 'The name of a deleted queue is free at once.' },
  { cases: ['queues/list-pages', 'queues/list-limit', 'dead-letters/source-pages'], says: 'It lists everything in one page.' },
  {
    cases: ['attributes/defaults', 'attributes/default-size', 'attributes/MessageRetentionPeriod', 'attributes/MaximumMessageSize', 'attributes/policy'],
    says: 'It has no retention period, no size of a queue\'s own and no policy: it takes these attributes and drops them.',
  },
  {
    cases: ['DelaySeconds', 'ReceiveMessageWaitTimeSeconds', 'VisibilityTimeout', 'unknown', 'invalid', 'fifo-fixed'].map((name) => `attributes/${name}`),
    says: 'It takes attributes out of range, but for the wait of a new queue, drops unknown ones and changes of FifoQueue, '
      + 'and answers 500 to what is no number.',
  },
  {
    cases: ['attributes/high-throughput', 'attributes/one-encryption', 'dead-letters/deny-all', 'dead-letters/by-queue', 'dead-letters/ten-sources'],
    says: 'It refuses to set DeduplicationScope, FifoThroughputLimit, KmsMasterKeyId and RedriveAllowPolicy.',
  },
  { cases: ['attributes/timestamps'], says: 'LastModifiedTimestamp stays as it was.' },
  { cases: TAGS, says: 'It takes tags of any length, with an empty key, and with the reserved prefix.' },
  {
    cases: ['sending/1-mib', 'sending/queue-limit', 'sending/attributes-count', 'sending/system-attributes-free', 'batches/send-partly', 'batches/size'],
    says: 'A message and a batch have up to 256 KiB, without attributes, whatever the queue says; more is InvalidAttributeValue.',
  },
  { cases: ['sending/illegal-characters'], says: 'A character that is not allowed is InvalidAttributeValue.' },
  { cases: ['sending/trace-header'], says: 'It takes system attributes of any name.' },
  { cases: ['sending/system-digest'], says: 'It gives no digest of system attributes.' },
  {
    cases: ['name-characters', 'name-length', 'reserved', 'periods', 'empty', 'precision'].map((name) => `message-attributes/${name}`),
    says: 'It does not check names of message attributes, nor the digits of numbers, and takes a value of no bytes.',
  },
  { cases: ['message-attributes/by-prefix'], says: 'Attributes cannot be asked for by prefix.' },
  { cases: ['receiving/empty'], says: 'Without messages there is an empty list.' },
  { cases: ['receiving/tenants'], says: 'A message for a standard queue may not have a group.' },
  { cases: ['purge/in-progress'], says: 'It purges again at once.' },
  { cases: ['batches/empty', 'batches/ids'], says: 'It takes a batch without entries, and ids of any length, with any characters.' },
  { cases: ['fifo/locked-by-any'], says: 'A message that comes back is received again while a later one of its group is in flight.' },
  { cases: ['fifo/attempt', 'fifo/attempt-modified'], says: 'A repeated attempt gives the same message with a new handle.' },
  { cases: ['deduplication/group-scope'], says: 'It finds duplicates in the whole queue, whatever DeduplicationScope says.' },
  { cases: ['dead-letters/same-type'], says: 'It takes a dead-letter queue of the other type.' },
  {
    cases: ['move-tasks/back', 'move-tasks/direct', 'move-tasks/source-gone'],
    says: 'Without a destination all messages go to one of the queues that name the dead-letter queue, wherever they came from.',
  },
  { cases: ['move-tasks/new-message'], says: 'A moved message keeps its id.' },
  { cases: ['move-tasks/progress'], says: 'A task that has ended had nothing to move: ApproximateNumberOfMessagesToMove is 0.' },
  { cases: ['move-tasks/list', 'move-tasks/handle', 'move-tasks/cancelled'], says: 'All tasks that run or are completed are listed, with their handles, '
    + 'and none that was cancelled.' },
  {
    cases: ['move-tasks/rate-range', 'move-tasks/source', 'move-tasks/same-type'],
    says: 'It takes any rate, a source that is no dead-letter queue, and a destination of the other type.',
  },
  { cases: ['move-tasks/missing'], says: 'A queue that does not exist is QueueDoesNotExist.' },
  { cases: ['errors/query-error', 'errors/query-codes'], says: 'There is no header with the former code of an error.' },
  { cases: ['errors/request-id'], says: 'Answers have no request id.' },
  { cases: ['errors/content-type'], says: 'The content type is application/json.' },
  { cases: ['errors/invalid-value'], says: 'Out of range, a visibility timeout is taken and most other parameters are InvalidAttributeValue.' },
  { cases: ['errors/missing-parameter'], says: 'A call without a required parameter is answered 500.' },
];

export const DIFFERENCES: Differences = { MiniStack: MINISTACK, moto: MOTO, ElasticMQ: ELASTICMQ };
