import { existsSync } from 'fs';
import * as path from 'path';
import { Duration, RemovalPolicy, Validations } from 'aws-cdk-lib';
import { PolicyStatement, Role } from 'aws-cdk-lib/aws-iam';
import { EventSourceMapping, Function, IFunction } from 'aws-cdk-lib/aws-lambda';
import { IQueue, Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct, IConstruct } from 'constructs';
import { DeliverConfig, RouteConfig } from '../contract/config';
import { TargetPart } from '../contract/parts';
import { VISIBILITY_PER_FUNCTION_TIMEOUT } from '../contract/retry';
import { allow } from '../private/allow';
import { bundleDirectory } from '../private/assets';
import { BoundSecret } from '../private/bound-secret';
import { seconds } from '../private/checks';
import { ConfiguredCode } from '../private/configured-code';
import { logicalId } from '../private/logical-id';
import { FunctionRole, webhookFunction } from '../private/webhook-function';
import { RetryPolicy } from './retry-policy';
import { checkRetryWindow } from './retry-window';
import { IWebhookTarget, WebhookTargetConfig } from './webhook-target';

const DEFAULT_TIMEOUT = Duration.seconds(15);
const TIMEOUT_BOUNDS = { min: Duration.seconds(1), max: Duration.seconds(30) };

/** What a function needs around its attempts: ten at once, then moving failures to where they belong. */
const FUNCTION_OVERHEAD_SECONDS = 15;

/** The longest that SQS keeps a message. */
const RETENTION = Duration.days(14);

/** Only the net under a crashing function: a failure that is understood is moved with its reason long before. */
const MAX_RECEIVES = 1000;

/**
 * One target of a gateway: the queue its events wait in, and the function that takes them out.
 */
export interface IDeliveryQueue extends IConstruct {
  /**
   * The target's name.
   */
  readonly targetName: string;

  /**
   * The queue of events that wait for delivery or for the next attempt.
   */
  readonly queue: IQueue;

  /**
   * The queue of events that were given up, each with the reason.
   */
  readonly deadLetterQueue: IQueue;

  /**
   * The function that delivers.
   */
  readonly deliveryFunction: IFunction;
}

export interface DeliveryQueueProps {
  readonly target: IWebhookTarget;
  /** The gateway's construct path. */
  readonly gateway: string;
  readonly localRun: boolean;
  readonly removalPolicy: RemovalPolicy;
}

export class DeliveryQueue extends Construct implements IDeliveryQueue {
  public readonly targetName: string;
  public readonly queue: IQueue;
  public readonly deadLetterQueue: IQueue;
  public readonly deliveryFunction: IFunction;
  public readonly signingSecret?: BoundSecret;
  private readonly target: WebhookTargetConfig;
  private readonly mapping: EventSourceMapping;

  constructor(scope: Construct, name: string, props: DeliveryQueueProps) {
    super(scope, name);
    this.targetName = name;
    const functionRole = new FunctionRole(this, props.removalPolicy);
    this.target = this.bindTarget(props, functionRole.role);
    this.signingSecret = this.target.signingSecret?._bound;

    const timeoutSeconds = seconds(this.target.timeout ?? DEFAULT_TIMEOUT, `timeout of target ${JSON.stringify(name)}`, TIMEOUT_BOUNDS);
    const functionTimeout = Duration.seconds(timeoutSeconds + FUNCTION_OVERHEAD_SECONDS);
    const visibilityTimeout = Duration.seconds(functionTimeout.toSeconds() * VISIBILITY_PER_FUNCTION_TIMEOUT);
    const retry = (this.target.retryPolicy ?? RetryPolicy.standard())._schedule;
    checkRetryWindow(name, retry, visibilityTimeout);

    this.deadLetterQueue = this.createDeadLetterQueue(props.removalPolicy);
    this.queue = this.createQueue(this.deadLetterQueue, visibilityTimeout, props.removalPolicy);
    this.grantDelivery(functionRole.role);
    const folders = [bundleDirectory('deliver'), this.senderDirectory()];
    const code = new ConfiguredCode(() => folders, (): DeliverConfig => ({
      gateway: props.gateway,
      target: name,
      queueUrl: this.queue.queueUrl,
      deadLetterQueueUrl: this.deadLetterQueue.queueUrl,
      retry,
      timeoutSeconds,
      settings: this.target.settings ?? {},
    }));
    const deliver = webhookFunction(this, { ...functionRole, code, timeout: functionTimeout, environment: this.target.environment });
    this.deliveryFunction = deliver;
    this.mapping = this.createMapping(deliver);
  }

  public route(): RouteConfig {
    return { queueUrl: this.queue.queueUrl, ...(this.target.sources && { sources: this.target.sources }) };
  }

  /** Names of the sources whose events the target takes. Undefined: all. */
  public get sources(): string[] | undefined {
    return this.target.sources;
  }

  public part(): TargetPart {
    return {
      kind: this.target.kind ?? 'custom',
      queue: logicalId(this.queue),
      deadLetterQueue: logicalId(this.deadLetterQueue),
      function: logicalId(this.deliveryFunction),
      mapping: logicalId(this.mapping),
      ...(this.target.url !== undefined && { url: this.target.url }),
      ...(this.signingSecret && { signingSecret: this.signingSecret.part('whsec') }),
    };
  }

  /** The target's scope is its own, so that its ids cannot meet ours. */
  private bindTarget(props: DeliveryQueueProps, role: Role): WebhookTargetConfig {
    const { localRun, removalPolicy } = props;
    return props.target.bind(new Construct(this, 'Sender'), { targetName: this.targetName, role, localRun, removalPolicy });
  }

  private senderDirectory(): string {
    const { senderDirectory } = this.target;
    if (!existsSync(path.join(senderDirectory, 'sender.mjs'))) {
      throw new Error(`target ${JSON.stringify(this.targetName)}: the senderDirectory ${JSON.stringify(senderDirectory)} has no "sender.mjs": `
        + 'bundle the sender into a module of that name that exports createSender');
    }
    return senderDirectory;
  }

  private createDeadLetterQueue(removalPolicy: RemovalPolicy): Queue {
    const queue = new Queue(this, 'DeadLetterQueue', {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: RETENTION,
      removalPolicy,
    });
    for (const id of ['AwsSolutions-SQS3', 'Serverless-SQSRedrivePolicy']) {
      Validations.of(queue).acknowledge({ id, reason: 'This is the dead-letter queue.' });
    }
    return queue;
  }

  private createQueue(deadLetterQueue: IQueue, visibilityTimeout: Duration, removalPolicy: RemovalPolicy): Queue {
    return new Queue(this, 'Queue', {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: RETENTION,
      visibilityTimeout,
      removalPolicy,
      deadLetterQueue: { queue: deadLetterQueue, maxReceiveCount: MAX_RECEIVES },
    });
  }

  private grantDelivery(role: Role): void {
    role.addToPrincipalPolicy(new PolicyStatement({
      actions: ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:ChangeMessageVisibility', 'sqs:GetQueueAttributes'],
      resources: [this.queue.queueArn],
    }));
    allow(role, 'sqs:SendMessage', this.deadLetterQueue.queueArn);
  }

  /** Never renders `Enabled`: a deployment would resume a mapping that was paused on purpose. */
  private createMapping(target: Function): EventSourceMapping {
    const mapping = new EventSourceMapping(this, 'Mapping', {
      target,
      eventSourceArn: this.queue.queueArn,
      batchSize: 10,
      reportBatchItemFailures: true,
    });
    Validations.of(mapping).acknowledge({
      id: 'Serverless-LambdaEventSourceMappingDestination',
      reason: 'For a queue the destination of what fails is the dead-letter queue; a mapping takes one for streams only.',
    });
    return mapping;
  }
}

