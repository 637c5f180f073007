import { IStream } from 'aws-cdk-lib/aws-kinesis';
import { Construct } from 'constructs';
import { StreamSettings } from '../contract/aws-settings';
import { allow, allowKey } from '../private/allow';
import { OrderingKey } from './ordering-key';
import { checkPlace, serviceConfig } from './service-target';
import { WebhookTargetOptions } from './target-options';
import type { IWebhookTarget, WebhookTargetBindOptions, WebhookTargetConfig } from './webhook-target';

/**
 * Options of `WebhookTarget.stream()`.
 */
export interface StreamTargetOptions extends WebhookTargetOptions {
  /**
   * What decides the shard of a record: a field or a header of what is sent. Records with the same value go to the same shard, one
   * after the other; whether they come there in the order in which they came in is up to the target's `orderingKey`.
   *
   * `OrderingKey.source()` is not for here: it is the `orderingKey`, which the shard follows.
   *
   * @default - the value of the target's `orderingKey`, or the event's id, which spreads events evenly
   */
  readonly partitionKey?: OrderingKey;
}

export class StreamTarget implements IWebhookTarget {
  constructor(private readonly stream: IStream, private readonly options: StreamTargetOptions) {}

  public bind(scope: Construct, { targetName, role }: WebhookTargetBindOptions): WebhookTargetConfig {
    const { partitionKey, forwardHeaders = [], ...options } = this.options;
    const { streamArn, encryptionKey } = this.stream;
    checkPlace(scope, targetName, this.stream, { noun: 'stream', arn: streamArn, action: 'kinesis:PutRecords' });
    allow(role, 'kinesis:PutRecords', streamArn);
    // https://docs.aws.amazon.com/streams/latest/dev/permissions-user-key-KMS.html
    if (encryptionKey) allowKey(role, ['kms:GenerateDataKey'], encryptionKey, 'kinesis', this.stream);
    const field = partitionKey && fieldOf(partitionKey, targetName);
    const settings: StreamSettings = { streamArn, ...(field && { partitionKey: field }) };
    // A header is there only if it was kept with the event.
    const kept = field && 'header' in field ? [...forwardHeaders, field.header] : forwardHeaders;
    return { ...serviceConfig('stream', options, settings), forwardHeaders: kept };
  }
}

function fieldOf(partitionKey: OrderingKey, target: string): StreamSettings['partitionKey'] {
  const config = partitionKey._config;
  if ('field' in config && ('header' in config.field || 'json' in config.field)) return config.field;
  throw new Error(`partitionKey of target ${JSON.stringify(target)} must be a header or a JSON path: to keep the order of a source, `
    + 'set `orderingKey` to OrderingKey.source() instead, which the partition key follows');
}
