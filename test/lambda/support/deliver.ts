import type { SQSRecord } from 'aws-lambda';
import type { DeliverConfig } from '../../../lib/contract/config';
import type { Envelope } from '../../../lib/contract/envelope';
import type { LogLine } from '../../../lib/contract/log';
import type { Delivery, Sender, SendResult } from '../../../lib/contract/sender';
import { createHandler, type DeliverDependencies } from '../../../lambda/deliver/handler';
import type { StringAttributes } from '../../../lambda/deliver/dead-letter';

/** 2026-01-02T03:04:05Z */
export const NOW = 1_767_323_045_000;

export const HOUR = 3_600;
export const DAY = 24 * HOUR;

export const deliverConfig: DeliverConfig = {
  gateway: 'Stack/Gateway',
  target: 'billing',
  queueUrl: 'https://sqs.eu-west-1.amazonaws.com/1/billing',
  deadLetterQueueUrl: 'https://sqs.eu-west-1.amazonaws.com/1/billing-dead',
  retry: { delaysSeconds: [5, 30, 120, 600, 1_800, 3_600], maxAgeSeconds: 4 * DAY },
  timeoutSeconds: 15,
  settings: {},
};

export const envelope: Envelope = {
  v: 1, id: 'evt_abcdefghijklmnopqrstuvwxyz', source: 'stripe', type: 'invoice.paid', providerId: 'evt_1', time: '2026-01-02T03:04:05.000Z',
  headers: { 'content-type': 'application/json' }, body: '{"id":"evt_1"}',
};

export interface Age {
  /** Seconds since SQS took the message, and since it was first received. */
  readonly sent?: number;
  readonly firstReceived?: number;
  readonly receives?: number;
}

export function record(body: object | string = envelope, { sent = 0, firstReceived = sent, receives = 1 }: Age = {}, messageId = 'm1'): SQSRecord {
  return {
    messageId,
    receiptHandle: `handle of ${messageId}`,
    body: typeof body === 'string' ? body : JSON.stringify(body),
    attributes: {
      ApproximateReceiveCount: String(receives), SentTimestamp: String(NOW - sent * 1_000), SenderId: 'AROAX',
      ApproximateFirstReceiveTimestamp: String(NOW - firstReceived * 1_000),
    },
    messageAttributes: {},
    md5OfBody: '',
    eventSource: 'aws:sqs',
    eventSourceARN: 'arn:aws:sqs:eu-west-1:1:billing',
    awsRegion: 'eu-west-1',
  };
}

export const answers = (status: number, more: Partial<SendResult> = {}): SendResult => (
  status < 300 ? { outcome: 'delivered', status } : { outcome: 'status', status, ...more }
);

/** A delivery function with everything around it recorded. */
export function deliver(send: Sender['send'] | SendResult = answers(200), overrides: Partial<DeliverDependencies> = {}) {
  const deliveries: Delivery[] = [];
  const visibility: { [handle: string]: number } = {};
  const deadLetters: { body: string; attributes: { [name: string]: string } }[] = [];
  const lines: LogLine[] = [];
  const handler = createHandler({
    config: deliverConfig,
    sender: { send: async (delivery) => {
      deliveries.push(delivery);
      return typeof send === 'function' ? send(delivery) : send;
    } },
    changeVisibility: async (handle, seconds) => { visibility[handle] = seconds; },
    sendDeadLetter: async (body: string, attributes: StringAttributes) => {
      deadLetters.push({ body, attributes: Object.fromEntries(Object.entries(attributes).map(([name, { StringValue }]) => [name, StringValue])) });
    },
    now: () => NOW,
    random: () => 0.5,
    log: (line) => { lines.push(line); },
    ...overrides,
  });
  return {
    deliveries, visibility, deadLetters, lines,
    /** Ids of the records that the mapping must keep. */
    run: async (records: SQSRecord[], remainingMs: () => number = () => 30_000) => {
      const { batchItemFailures } = await handler({ Records: records }, { getRemainingTimeInMillis: remainingMs });
      return batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
    },
  };
}
