import type { SQSRecord } from 'aws-lambda';
import type { ProbeMark } from '../../lib/contract/breaker';
import type { MessageOrder, StringAttributes } from '../shared/dead-letter';

/** What the keeper asks of AWS. Each call rejects when it did not succeed. Times are milliseconds since 1970. */
export interface KeeperCalls {
  queue(queueUrl: string): Promise<QueueFacts>;
  tags(queueUrl: string): Promise<{ readonly [key: string]: string | undefined }>;
  tag(queueUrl: string, key: string, value: string): Promise<unknown>;
  untag(queueUrl: string, key: string): Promise<unknown>;
  /** At most `most` messages, 1 to 10, without waiting for any. */
  receive(queueUrl: string, most: number, visibilitySeconds: number): Promise<ReceivedMessage[]>;
  changeVisibility(queueUrl: string, receiptHandle: string, seconds: number): Promise<unknown>;
  deleteMessage(queueUrl: string, receiptHandle: string): Promise<unknown>;
  sendDeadLetter(queueUrl: string, body: string, attributes: StringAttributes, order?: MessageOrder): Promise<unknown>;
  mappingState(mappingId: string): Promise<MappingState>;
  /** Rejects where another change of the mapping is under way. Resolves when the change is taken, which is before it is done. */
  setMapping(mappingId: string, enabled: boolean): Promise<unknown>;
  /** Calls a delivery function and resolves to its answer. Rejects where it failed or was not done in time. */
  probe(functionName: string, event: ProbeEvent, timeoutMs: number): Promise<unknown>;
  /** The points of all queries between two times, by the queries' ids. */
  metricData(queries: MetricQuery[], from: number, to: number): Promise<{ readonly [id: string]: MetricPoint[] | undefined }>;
}

export interface QueueFacts {
  readonly arn: string;
  readonly visible: number;
  readonly inFlight: number;
  readonly delayed: number;
}

/** As ReceiveMessage gives it, and never without its attributes. */
export interface ReceivedMessage {
  readonly MessageId: string;
  readonly ReceiptHandle: string;
  readonly Body: string;
  readonly MD5OfBody?: string;
  readonly Attributes: { readonly [name: string]: string | undefined };
  readonly MessageAttributes?: {
    readonly [name: string]: { readonly DataType: string; readonly StringValue?: string; readonly BinaryValue?: string };
  };
}

/** `Creating`, `Enabling`, `Enabled`, `Disabling`, `Disabled`, `Updating` or `Deleting`. */
export type MappingState = string;

export interface ProbeEvent extends ProbeMark {
  readonly Records: SQSRecord[];
}

export interface MetricQuery {
  /** Begins with a lower-case letter; letters and digits. */
  readonly id: string;
  readonly name: string;
  readonly dimensions: { readonly [name: string]: string };
  readonly stat: 'SampleCount' | 'Sum' | 'Maximum';
}

/** A value of one minute. */
export interface MetricPoint {
  /** When the minute began. */
  readonly at: number;
  readonly value: number;
}
