import { RemovalPolicy } from 'aws-cdk-lib';
import { ISecurityGroup, IVpc, SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import { IEventBus } from 'aws-cdk-lib/aws-events';
import { IRole } from 'aws-cdk-lib/aws-iam';
import { IStream } from 'aws-cdk-lib/aws-kinesis';
import { IDeliveryStream } from 'aws-cdk-lib/aws-kinesisfirehose';
import { IFunction } from 'aws-cdk-lib/aws-lambda';
import { IBucket } from 'aws-cdk-lib/aws-s3';
import { ITopic } from 'aws-cdk-lib/aws-sns';
import { IQueue } from 'aws-cdk-lib/aws-sqs';
import { IStateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { WebhookSecret } from '../webhook-secret';
import { BucketTarget, BucketTargetOptions } from './bucket-target';
import { DeliveryStreamTarget, DeliveryStreamTargetOptions } from './delivery-stream-target';
import { EventBusTarget, EventBusTargetOptions } from './event-bus-target';
import { FunctionTarget, FunctionTargetOptions } from './function-target';
import { HttpTarget } from './http-target';
import { HttpTargetOptions } from './http-target-options';
import { QueueTarget, QueueTargetOptions } from './queue-target';
import { StateMachineTarget, StateMachineTargetOptions } from './state-machine-target';
import { StreamTarget, StreamTargetOptions } from './stream-target';
import { WebhookTargetOptions } from './target-options';
import { TopicTarget, TopicTargetOptions } from './topic-target';

/**
 * The way to a place that takes events. Implement it for a kind of target that `WebhookTarget` does not have.
 */
export interface IWebhookTarget {
  /**
   * Called once for each target of a gateway, before the queue and the function exist. Give the role what the sender needs, then
   * say how to send.
   *
   * @param scope a scope of the target's own, for what it makes
   */
  bind(scope: Construct, options: WebhookTargetBindOptions): WebhookTargetConfig;
}

/**
 * What a target is told when it is bound to a gateway.
 */
export interface WebhookTargetBindOptions {
  /**
   * The target's name in the gateway.
   */
  readonly targetName: string;

  /**
   * The role of the function that will deliver.
   */
  readonly role: IRole;

  /**
   * Whether the template is for `cdk-webhooks dev`, so that this machine may be a target.
   */
  readonly localRun: boolean;

  /**
   * What happens to the gateway's queues and secrets when they leave the stack; for what the target makes as well.
   */
  readonly removalPolicy: RemovalPolicy;
}

/**
 * How events get to a target.
 */
export interface WebhookTargetConfig extends WebhookTargetOptions {
  /**
   * A folder with the module `sender.mjs`, which exports `createSender`. Its files are put beside the delivery function's own. The type
   * `WebhookSenderModule` of this package says what the module is.
   */
  readonly senderDirectory: string;

  /**
   * What the sender is given. Tokens are replaced by their values before it sees them.
   *
   * @default - nothing
   */
  readonly settings?: { [key: string]: any };

  /**
   * Whether the sender is to tell what was answered, for the event store.
   *
   * @default false
   */
  readonly recordResponses?: boolean;

  /**
   * Variables of the delivery function's environment. No place for secrets.
   *
   * @default - none
   */
  readonly environment?: { [name: string]: string };

  /**
   * A word for the kind of target, for the command line.
   *
   * @default 'custom'
   */
  readonly kind?: string;

  /**
   * Where events go, for the command line. It is in the template's metadata.
   *
   * @default - not shown
   */
  readonly url?: string;

  /**
   * Statuses, 400 to 599, of which no retry will make another: after an hour of them an event goes to the dead-letter queue.
   *
   * @default [400, 405, 406, 411, 413, 414, 415, 422, 431, 501]
   */
  readonly permanentStatusCodes?: number[];

  /**
   * A VPC for the delivery function.
   *
   * @default - none
   */
  readonly vpc?: IVpc;

  /**
   * Subnets of the VPC.
   *
   * @default - the private subnets
   */
  readonly vpcSubnets?: SubnetSelection;

  /**
   * Security groups of the delivery function.
   *
   * @default - a new one that lets everything out
   */
  readonly securityGroups?: ISecurityGroup[];

  /**
   * The secret that the sender signs with, for outputs and the command line.
   *
   * @default - the sender does not sign
   */
  readonly signingSecret?: WebhookSecret;
}

/**
 * One configured way out.
 *
 * What each kind of target is sent, what counts as success and which failures are final is in docs/targets.md.
 */
export class WebhookTarget {
  /**
   * An HTTPS endpoint. Each event is posted with the very bytes that the sender posted, signed as Standard Webhooks says, until it
   * is answered 2xx or is too old. Redirects are failures and are not followed.
   *
   * @param url absolute, with https and a public host; the path and query are kept
   */
  public static http(url: string, options: HttpTargetOptions = {}): IWebhookTarget {
    return new HttpTarget(url, options);
  }

  /**
   * An SQS queue. The message's body is the very text that the sender posted, or base64 of what no message can hold; id, source, type
   * and time are message attributes. Up to 1 MiB with them.
   *
   * In a FIFO queue the message's group is the value of `orderingKey`, or the source where there is none, and its deduplication id is the event's.
   */
  public static queue(queue: IQueue, options: QueueTargetOptions = {}): IWebhookTarget {
    return new QueueTarget(queue, options);
  }

  /**
   * An SNS topic. Body and attributes are those of a queue's message, and subscriptions can filter by the attributes. Up to 256 KiB with them,
   * or what the topic allows.
   */
  public static topic(topic: ITopic, options: TopicTargetOptions = {}): IWebhookTarget {
    return new TopicTarget(topic, options);
  }

  /**
   * An EventBridge bus. A JSON body is `detail.data`, so that rules can match what is in it. Up to 1 MiB.
   */
  public static eventBus(eventBus: IEventBus, options: EventBusTargetOptions = {}): IWebhookTarget {
    return new EventBusTarget(eventBus, options);
  }

  /**
   * A Lambda function, by the very version or alias that is given. It is invoked with a JSON document of the event, and the event is
   * delivered once it has ended without an error. Up to 6 MiB.
   */
  public static function(fn: IFunction, options: FunctionTargetOptions = {}): IWebhookTarget {
    return new FunctionTarget(fn, options);
  }

  /**
   * A Step Functions state machine of the gateway's own account. An execution is started with a JSON document of the event as its input and the
   * event's id as its name; a standard state machine starts one however often it is tried, an express one may start several. The
   * event is delivered once its execution has begun. Up to 256 KiB.
   */
  public static stateMachine(stateMachine: IStateMachine, options: StateMachineTargetOptions = {}): IWebhookTarget {
    return new StateMachineTarget(stateMachine, options);
  }

  /**
   * A Kinesis data stream. Each record is a JSON document of an event. Up to 1 MiB, or what the stream allows.
   */
  public static stream(stream: IStream, options: StreamTargetOptions = {}): IWebhookTarget {
    return new StreamTarget(stream, options);
  }

  /**
   * A Firehose stream of the gateway's own account and Region that takes records directly. Each record is a JSON document of an event and a line
   * break. Up to 1,000 KiB.
   */
  public static deliveryStream(deliveryStream: IDeliveryStream, options: DeliveryStreamTargetOptions = {}): IWebhookTarget {
    return new DeliveryStreamTarget(deliveryStream, options);
  }

  /**
   * An S3 bucket in the gateway's Region. Each event is an object of the very bytes that the sender posted, with its id, source, type and
   * time as metadata, under the key `<keyPrefix><source>/<year>/<month>/<day>/<id>`.
   */
  public static bucket(bucket: IBucket, options: BucketTargetOptions = {}): IWebhookTarget {
    return new BucketTarget(bucket, options);
  }

  private constructor() {}
}
