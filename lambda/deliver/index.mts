import { CONFIG_FILE, type DeliverConfig } from '../../lib/contract/config.js';
import type { SenderModule } from '../../lib/contract/sender.js';
import { AwsClient } from '../shared/aws.js';
import { readConfig } from '../shared/config.js';
import { timed, writeLine } from '../shared/log.js';
import { Secrets } from '../shared/secrets.js';
import { createHandler } from './handler.js';

const CALL = { timeoutMs: 2_000, tries: 2 };

const config = readConfig<DeliverConfig>(new URL(CONFIG_FILE, import.meta.url));
const client = new AwsClient();
const log = timed(writeLine, Date.now);
const secrets = new Secrets(client, ({ message }) => log({ event: 'warning', code: 'secret-stale', message, target: config.target }));

/** Of the target's kind, copied beside this file when the stack was synthesised. A path made here is none that the bundler follows. */
const { createSender } = await import(new URL('sender.mjs', import.meta.url).href) as SenderModule;

export const handler = createHandler({
  config,
  sender: await createSender({ target: config.target, settings: config.settings, environment: process.env, secrets }),
  changeVisibility: (receiptHandle, seconds) => client.call('sqs', 'ChangeMessageVisibility', {
    QueueUrl: config.queueUrl, ReceiptHandle: receiptHandle, VisibilityTimeout: seconds,
  }, CALL),
  sendDeadLetter: (body, attributes) => client.call('sqs', 'SendMessage', {
    QueueUrl: config.deadLetterQueueUrl, MessageBody: body, MessageAttributes: attributes,
  }, CALL),
  now: Date.now,
  random: Math.random,
  log: writeLine,
});
