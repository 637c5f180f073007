import { BREAKER_TAG, GONE_TAG, readBreakerState } from '../../lib/contract/breaker.js';
import { CONFIG_FILE, TRANSFORM_FILE, type DeliverConfig } from '../../lib/contract/config.js';
import type { SenderModule } from '../../lib/contract/sender.js';
import { AwsClient, type CallOptions } from '../shared/aws.js';
import { readConfig } from '../shared/config.js';
import { timed, writeLine } from '../shared/log.js';
import { writeMetrics } from '../shared/metrics.js';
import { Payloads } from '../shared/payloads.js';
import { Secrets } from '../shared/secrets.js';
import { DynamoTable } from '../shared/store/table.js';
import { createHandler } from './handler.js';
import { createShape } from './shape.js';

const CALL = { timeoutMs: 2_000, tries: 2 };

/** For what an attempt's end waits for, and can do without. */
const QUESTION = { timeoutMs: 1_000, tries: 1 };

const WARM_TIMEOUT_MS = 1_000;

const IN_FLIGHT = 'ApproximateNumberOfMessagesNotVisible';

const config = readConfig<DeliverConfig>(new URL(CONFIG_FILE, import.meta.url));
const client = new AwsClient();
const log = timed(writeLine, Date.now);
const secrets = new Secrets(client, ({ message }) => log({ event: 'warning', code: 'secret-stale', message, target: config.target }));
const payloads = config.payloadBucket === undefined ? undefined : new Payloads(client, config.payloadBucket);

/** What was copied beside this file when the stack was synthesised. A path made here is none that the bundler follows. */
const beside = (file: string): Promise<unknown> => import(new URL(file, import.meta.url).href);

const table = config.store && new DynamoTable(client, config.store.tableName, { read: CALL, write: CALL });
// Initialisation has a whole CPU. A failure will show again where it matters.
const connected = Promise.allSettled(table ? [client.connect('dynamodb', WARM_TIMEOUT_MS)] : []);

const { createSender } = await beside('sender.mjs') as SenderModule;
const shape = await createShape(config, () => beside(TRANSFORM_FILE));

/** An action on the delivery queue. */
function onQueue<Output>(action: string, input: object, options: CallOptions = CALL): Promise<Output> {
  return client.call<Output>('sqs', action, { QueueUrl: config.queueUrl, ...input }, options);
}

export const handler = createHandler({
  config,
  sender: await createSender({
    target: config.target, settings: config.settings, environment: process.env, secrets, ...(config.recordResponses && { recordResponses: true }),
  }),
  ...(shape && { shape }),
  changeVisibility: (receiptHandle, seconds) => onQueue('ChangeMessageVisibility', { ReceiptHandle: receiptHandle, VisibilityTimeout: seconds }),
  sendDeadLetter: (body, attributes, order) => client.call('sqs', 'SendMessage', {
    QueueUrl: config.deadLetterQueueUrl, MessageBody: body, MessageAttributes: attributes,
    ...(order && { MessageGroupId: order.groupId, MessageDeduplicationId: order.deduplicationId }),
  }, CALL),
  deleteMessage: (receiptHandle) => onQueue('DeleteMessage', { ReceiptHandle: receiptHandle }),
  readPayload: async (key) => {
    if (!payloads) throw new Error('no payload bucket is configured; deploy the stack again');
    return payloads.get(key);
  },
  inFlight: async () => {
    const { Attributes } = await onQueue<{ Attributes?: { [name: string]: string } }>('GetQueueAttributes', { AttributeNames: [IN_FLIGHT] }, QUESTION);
    return Number(Attributes?.[IN_FLIGHT]);
  },
  breaker: async () => {
    const { Tags } = await onQueue<{ Tags?: { [name: string]: string } }>('ListQueueTags', {}, QUESTION);
    return readBreakerState(Tags?.[BREAKER_TAG]);
  },
  ...(table && { table }),
  flagGone: () => onQueue('TagQueue', { Tags: { [GONE_TAG]: new Date().toISOString() } }),
  now: Date.now,
  random: Math.random,
  sleep: (milliseconds) => new Promise((resolve) => { setTimeout(resolve, milliseconds); }),
  log: writeLine,
  metrics: writeMetrics,
});

await connected;
