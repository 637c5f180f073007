import type { FieldLocation } from './scheme';

/**
 * `settings` of the senders to AWS services, each under the name of its file in `lambda/deliver/senders/`. Where there is an ARN
 * or a queue's URL, its region is the one that is called; else the function's own.
 */
export interface QueueSettings {
  readonly queueUrl: string;
  readonly fifo: boolean;
}

export interface TopicSettings {
  readonly topicArn: string;
  readonly fifo: boolean;
}

export interface EventBusSettings {
  /** The bus's ARN, or its name where it is in the function's own account and region. */
  readonly eventBusName: string;
  /** Absent: `webhooks.` and the event's source. */
  readonly eventSource?: string;
  /** Absent: the event's type, or `webhook` where it has none. */
  readonly detailType?: string;
}

export interface FunctionSettings {
  /** Name or ARN. */
  readonly functionName: string;
}

export interface StateMachineSettings {
  readonly stateMachineArn: string;
}

export interface StreamSettings {
  /** One of the two. */
  readonly streamArn?: string;
  readonly streamName?: string;
  /** Where the key is in what is sent. Absent, or without a value there: what orders the event, or else its id. */
  readonly partitionKey?: Extract<FieldLocation, { readonly header: string } | { readonly json: string }>;
}

export interface DeliveryStreamSettings {
  readonly deliveryStreamName: string;
}

export interface BucketSettings {
  readonly bucketName: string;
  /** What keys begin with, e.g. `webhooks/`. Empty: nothing. */
  readonly keyPrefix: string;
}
