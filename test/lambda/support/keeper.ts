import { BREAKER_TAG, readBreakerState, writeBreakerState, type BreakerState } from '../../../lib/contract/breaker';
import type { KeeperTargetConfig, StoreConfig } from '../../../lib/contract/config';
import type { LogLine } from '../../../lib/contract/log';
import type { MetricsLine } from '../../../lib/contract/metrics';
import type { SendResult } from '../../../lib/contract/sender';
import type { KeeperCalls, MetricPoint, ProbeEvent, ReceivedMessage } from '../../../lambda/keeper/calls';
import { createHandler, type KeeperHandler } from '../../../lambda/keeper/handler';
import type { MessageOrder } from '../../../lambda/shared/dead-letter';
import type { StoreTable } from '../../../lambda/shared/store/table';
import { answers, DAY, deliverConfig, envelope, NOW } from './deliver';

export const MINUTE_MS = 60_000;
export const HOUR_MS = 60 * MINUTE_MS;

export function keeperTarget(name: string, more: Partial<KeeperTargetConfig> = {}): KeeperTargetConfig {
  return {
    queueUrl: `https://sqs.eu-west-1.amazonaws.com/1/${name}`,
    deadLetterQueueUrl: `https://sqs.eu-west-1.amazonaws.com/1/${name}-dead`,
    mappingId: `mapping-of-${name}`,
    functionName: `deliver-${name}`,
    retry: deliverConfig.retry,
    visibilityTimeoutSeconds: 180,
    ...more,
  };
}

interface Waiting {
  readonly id: string;
  readonly body: string;
  readonly sentAt: number;
  readonly attributes: { readonly [name: string]: string };
  visibleAt: number;
  receives: number;
}

export interface DeadLettered {
  readonly body: string;
  readonly attributes: { readonly [name: string]: string };
  readonly order?: MessageOrder;
}

/** One target as AWS has it. */
export class TargetWorld {
  messages: Waiting[] = [];
  tags: { [key: string]: string } = {};
  mapping = 'Enabled';
  readonly deadLetters: DeadLettered[] = [];
  /** What the target answers, and so the delivery function. A message that is not in `batchItemFailures` is done with. */
  answer: SendResult | ((event: ProbeEvent) => unknown) = answers(200);
  points: { [id: string]: MetricPoint[] } = {};

  /** As if the breaker had been in this state. */
  was(state: BreakerState): this {
    this.tags[BREAKER_TAG] = writeBreakerState(state);
    return this;
  }

  get state(): BreakerState | undefined {
    return readBreakerState(this.tags[BREAKER_TAG]);
  }

  /** A message that SQS took so many seconds ago. */
  put(id: string, ageSeconds: number, more: Partial<Waiting> = {}, now = NOW): this {
    this.messages.push({
      id, body: JSON.stringify({ ...envelope, id: `evt_${id}` }), sentAt: now - ageSeconds * 1_000, attributes: {}, visibleAt: 0, receives: 0, ...more,
    });
    return this;
  }

  /** What attempts of the last minutes amount to. */
  attempted(attempts: number, unavailable: number, minutesAgo = 2, now = NOW): this {
    const at = Math.floor(now / MINUTE_MS) * MINUTE_MS - minutesAgo * MINUTE_MS;
    (this.points['attempts'] ??= []).push({ at, value: attempts });
    (this.points['unavailable'] ??= []).push({ at, value: unavailable });
    return this;
  }

  failedAt(ageSeconds: number, minutesAgo: number, now = NOW): this {
    (this.points['age'] ??= []).push({ at: Math.floor(now / MINUTE_MS) * MINUTE_MS - minutesAgo * MINUTE_MS, value: ageSeconds });
    return this;
  }
}

/** A gateway's targets, and a keeper whose every call is written down and can be made to fail. */
export class KeeperWorld {
  now = NOW;
  readonly lines: LogLine[] = [];
  readonly metrics: MetricsLine[] = [];
  readonly calls: string[] = [];
  /** By the name of a call, or by that and what it is for: `tag billing`. */
  readonly failing: { [call: string]: Error | undefined } = {};
  readonly queries: string[][] = [];
  /** Messages of probes. */
  readonly tried: string[] = [];
  /** Stands around every call. */
  around: (call: string, target: string, act: () => Promise<unknown>) => Promise<unknown> = (_call, _target, act) => act();
  remainingMs: () => number = () => 55_000;
  readonly targets: { readonly [name: string]: TargetWorld };
  private readonly names: Map<string, string>;
  private handler: KeeperHandler;

  constructor(
    readonly config: { readonly [name: string]: KeeperTargetConfig } = { billing: keeperTarget('billing') },
    private readonly recording: { readonly store?: StoreConfig; readonly table?: Pick<StoreTable, 'update'> } = {},
  ) {
    this.targets = Object.fromEntries(Object.keys(config).map((name) => [name, new TargetWorld()]));
    this.names = new Map(Object.entries(config).flatMap(([name, target]) => (
      [target.queueUrl, target.deadLetterQueueUrl, target.mappingId, target.functionName].map((key): [string, string] => [key, name]))));
    this.handler = this.newHandler();
  }

  get billing(): TargetWorld {
    return this.targets['billing'] as TargetWorld;
  }

  /** A new environment: nothing is remembered. */
  restart(): void {
    this.handler = this.newHandler();
  }

  async minute(): Promise<void> {
    await this.handler({}, { getRemainingTimeInMillis: () => this.remainingMs() });
  }

  /** Lets time pass and the schedule run. */
  async minutes(count: number): Promise<void> {
    for (let minute = 0; minute < count; minute++) {
      this.now += MINUTE_MS;
      await this.minute();
    }
  }

  /** The phases that were logged. */
  get phases(): string[] {
    return this.lines.flatMap((line) => line.event === 'breaker' ? [line.state] : []);
  }

  get warnings(): string[] {
    return this.lines.flatMap((line) => line.event === 'warning' ? [line.code] : []);
  }

  /** The last value of a metric, of a target or of the gateway. */
  metric(name: string, target?: string): number | undefined {
    const line = this.metrics.findLast((written) => written['Target'] === target && name in written);
    return (line?.[name] as number[] | undefined)?.at(-1);
  }

  private newHandler(): KeeperHandler {
    const { store, table } = this.recording;
    return createHandler({
      config: { gateway: 'Stack/Gateway', targets: { ...this.config }, ...(store && { store }) },
      ...(table && { table }),
      calls: this.recorded(this.answers()),
      now: () => this.now,
      log: (line) => { this.lines.push(line); },
      metrics: (line) => { this.metrics.push(line); },
    });
  }

  private answers(): KeeperCalls {
    const target = (key: string): TargetWorld => this.targets[this.names.get(key) as string] as TargetWorld;
    const held = (queueUrl: string, handle: string): Waiting | undefined => (
      target(queueUrl).messages.find(({ id, receives }) => handle === `${id} ${receives}`));
    return {
      queue: async (queueUrl) => {
        const visible = target(queueUrl).messages.filter(({ visibleAt }) => visibleAt <= this.now).length;
        return { arn: `arn:aws:sqs:eu-west-1:1:${this.names.get(queueUrl)}`, visible, inFlight: target(queueUrl).messages.length - visible, delayed: 0 };
      },
      tags: async (queueUrl) => ({ ...target(queueUrl).tags }),
      tag: async (queueUrl, key, value) => { target(queueUrl).tags[key] = value; },
      untag: async (queueUrl, key) => { delete target(queueUrl).tags[key]; },
      receive: async (queueUrl, most, visibilitySeconds) => (
        target(queueUrl).messages.filter(({ visibleAt }) => visibleAt <= this.now).slice(0, most).map((message): ReceivedMessage => {
          message.visibleAt = this.now + visibilitySeconds * 1_000;
          message.receives++;
          return {
            MessageId: message.id, ReceiptHandle: `${message.id} ${message.receives}`, Body: message.body, MD5OfBody: '',
            Attributes: { ...message.attributes, SentTimestamp: String(message.sentAt), ApproximateReceiveCount: String(message.receives) },
          };
        })),
      changeVisibility: async (queueUrl, handle, seconds) => {
        const message = held(queueUrl, handle);
        if (message) message.visibleAt = this.now + seconds * 1_000;
      },
      deleteMessage: async (queueUrl, handle) => {
        const gone = held(queueUrl, handle);
        target(queueUrl).messages = target(queueUrl).messages.filter((message) => message !== gone);
      },
      sendDeadLetter: async (queueUrl, body, attributes, order) => {
        const values = Object.fromEntries(Object.entries(attributes).map(([name, { StringValue }]) => [name, StringValue]));
        target(queueUrl).deadLetters.push({ body, attributes: values, ...(order && { order }) });
      },
      mappingState: async (mappingId) => target(mappingId).mapping,
      setMapping: async (mappingId, enabled) => { target(mappingId).mapping = enabled ? 'Enabled' : 'Disabled'; },
      probe: async (functionName, event) => {
        const { answer } = target(functionName);
        if (typeof answer === 'function') return answer(event);
        const ids = event.Records.map(({ messageId }) => messageId);
        this.tried.push(...ids);
        const done = answer.outcome === 'delivered' || answer.status === 410;
        return {
          batchItemFailures: done ? [] : ids.map((itemIdentifier) => ({ itemIdentifier })),
          attempts: ids.map((messageId) => ({ messageId, outcome: answer.outcome, status: answer.status, ...(answer.gone && { gone: true }) })),
        };
      },
      metricData: async (queries, from, to) => {
        this.queries.push(queries.map(({ dimensions, name, stat }) => `${dimensions['Target']} ${name} ${stat}`));
        return Object.fromEntries(queries.map(({ id, dimensions }) => {
          const points = this.targets[dimensions['Target'] as string]?.points[id.replace(/\d+$/, '')] ?? [];
          return [id, points.filter(({ at }) => at >= from && at < to)];
        }));
      },
    };
  }

  /** The same calls, noted, and failing where they are told to. */
  private recorded(calls: KeeperCalls): KeeperCalls {
    return Object.fromEntries(Object.entries(calls).map(([name, call]) => [name, async (first: unknown, ...others: unknown[]) => {
      const target = this.names.get(first as string) ?? '';
      const named = `${name} ${target}`.trim();
      if (!READS.has(name)) this.calls.push(named);
      const error = this.failing[name] ?? this.failing[named];
      if (error) throw error;
      return this.around(name, target, () => (call as (...all: unknown[]) => Promise<unknown>)(first, ...others));
    }])) as unknown as KeeperCalls;
  }
}

const READS = new Set(['queue', 'tags', 'mappingState', 'metricData', 'receive']);

export { answers, DAY, envelope, NOW };
