import { createHash } from 'node:crypto';
import type { SQSRecord } from 'aws-lambda';
import type { BreakerState } from '../../../lib/contract/breaker';
import type { DeliverConfig } from '../../../lib/contract/config';
import type { Envelope, PayloadReference } from '../../../lib/contract/envelope';
import type { LogLine } from '../../../lib/contract/log';
import type { MetricsLine } from '../../../lib/contract/metrics';
import type { Delivery, Sender, SendResult } from '../../../lib/contract/sender';
import { createHandler, type DeliverDependencies } from '../../../lambda/deliver/handler';
import type { MessageOrder } from '../../../lambda/shared/dead-letter';

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

/** An envelope whose body is an object of the payload bucket. */
export function withPayload(body: Uint8Array): Envelope & { readonly payload: PayloadReference } {
  const sha256 = createHash('sha256').update(body).digest('hex');
  const { body: _inside, ...head } = envelope;
  return { ...head, v: 2, payload: { key: `payloads/${envelope.id}/${sha256}`, bytes: body.length, sha256 } };
}

export interface Age {
  /** Seconds since SQS took the message, and since it was first received. */
  readonly sent?: number;
  readonly firstReceived?: number;
  readonly receives?: number;
  /** Only in a FIFO queue. */
  readonly groupId?: string;
}

export function record(body: object | string = envelope, { sent = 0, firstReceived = sent, receives = 1, groupId }: Age = {}, messageId = 'm1'): SQSRecord {
  return {
    messageId,
    receiptHandle: `handle of ${messageId}`,
    body: typeof body === 'string' ? body : JSON.stringify(body),
    attributes: {
      ApproximateReceiveCount: String(receives), SentTimestamp: String(NOW - sent * 1_000), SenderId: 'AROAX',
      ApproximateFirstReceiveTimestamp: String(NOW - firstReceived * 1_000),
      ...(groupId !== undefined && { MessageGroupId: groupId }),
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

/** A delivery function with everything around it recorded. Time stands still but for what the function sleeps and `pass` adds. */
export function deliver(send: Sender['send'] | SendResult = answers(200), overrides: Partial<DeliverDependencies> = {}) {
  const deliveries: Delivery[] = [];
  const visibility: { [handle: string]: number } = {};
  const deadLetters: { body: string; attributes: { [name: string]: string }; order?: MessageOrder }[] = [];
  const deleted: string[] = [];
  const payloads: { [key: string]: Uint8Array } = {};
  const lines: LogLine[] = [];
  const metrics: MetricsLine[] = [];
  const calls = { breaker: 0, inFlight: 0, flagGone: 0, sleep: 0 };
  const target: { breaker?: BreakerState; inFlight: number } = { inFlight: 0 };
  let now = NOW;
  const dependencies: DeliverDependencies = {
    config: deliverConfig,
    sender: { send: async (delivery) => {
      deliveries.push(delivery);
      return typeof send === 'function' ? send(delivery) : send;
    } },
    changeVisibility: async (handle, seconds) => { visibility[handle] = seconds; },
    sendDeadLetter: async (body, attributes, order) => {
      const values = Object.fromEntries(Object.entries(attributes).map(([name, { StringValue }]) => [name, StringValue]));
      deadLetters.push({ body, attributes: values, ...(order && { order }) });
    },
    deleteMessage: async (handle) => { deleted.push(handle); },
    readPayload: async (key) => payloads[key],
    inFlight: async () => { calls.inFlight++; return target.inFlight; },
    breaker: async () => { calls.breaker++; return target.breaker; },
    flagGone: async () => { calls.flagGone++; },
    now: () => now,
    random: () => 0.5,
    sleep: async (milliseconds) => { calls.sleep++; now += milliseconds; },
    log: (line) => { lines.push(line); },
    metrics: (line) => { metrics.push(line); },
    ...overrides,
  };
  const handler = createHandler(dependencies);
  return {
    deliveries, visibility, deadLetters, deleted, payloads, lines, metrics, calls, target, dependencies, handler,
    pass: (seconds: number) => { now += seconds * 1_000; },
    /** All values of a metric, in the order they were written. */
    values: (name: string) => metrics.flatMap((line) => (line[name] ?? []) as number[]),
    /** Ids of the records that the mapping must keep. */
    run: async (records: SQSRecord[], remainingMs: () => number = () => 30_000) => {
      const { batchItemFailures } = await handler({ Records: records }, { getRemainingTimeInMillis: remainingMs });
      return batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
    },
    /** As the keeper asks whether the target works. */
    probe: (records: SQSRecord[]) => handler({ Records: records, probe: true }, { getRemainingTimeInMillis: () => 30_000 }),
  };
}
