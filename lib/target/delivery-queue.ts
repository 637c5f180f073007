import { existsSync } from 'fs';
import * as path from 'path';
import { Duration, RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import { Metric, MetricOptions } from 'aws-cdk-lib/aws-cloudwatch';
import { Role } from 'aws-cdk-lib/aws-iam';
import { EventSourceMapping, Function, IEventSourceMapping, IFunction } from 'aws-cdk-lib/aws-lambda';
import { ITopic } from 'aws-cdk-lib/aws-sns';
import { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { DeliverConfig, KeeperTargetFile, RouteConfig, TRANSFORM_FILE } from '../contract/config';
import { TARGET_METRICS } from '../contract/metrics';
import { TargetPart } from '../contract/parts';
import { RetrySchedule, VISIBILITY_PER_FUNCTION_TIMEOUT } from '../contract/retry';
import { FieldLocation } from '../contract/scheme';
import type { EventTable } from '../event-store/event-table';
import { PayloadBucket } from '../event-store/payload-bucket';
import { metric } from '../monitoring/metrics';
import { targetAlarms } from '../monitoring/target-alarms';
import { allow } from '../private/allow';
import { bundleDirectory } from '../private/assets';
import { BoundSecret } from '../private/bound-secret';
import { seconds } from '../private/checks';
import { ConfiguredCode } from '../private/configured-code';
import { logicalId } from '../private/logical-id';
import { outgoingHeader } from '../private/outgoing-headers';
import { FunctionRole, webhookFunction } from '../private/webhook-function';
import { IDeliveryQueue } from './delivery-queue-interface';
import { EventFormat } from './event-format';
import { Flow, flow } from './flow';
import { checkPermanentStatuses } from './permanent-statuses';
import { RetryPolicy } from './retry-policy';
import { checkRetryWindow } from './retry-window';
import { DEFAULT_ATTEMPT_TIMEOUT } from './target-options';
import { createQueues } from './target-queues';
import { checkRoute } from './webhook-filter';
import { IWebhookTarget, WebhookTargetConfig } from './webhook-target';

const TIMEOUT_BOUNDS = { min: Duration.seconds(1), max: Duration.seconds(30) };

/** What a function needs around its attempts: ten at once, then moving failures to where they belong. */
const FUNCTION_OVERHEAD_SECONDS = 15;

export interface DeliveryQueueProps {
  readonly target: IWebhookTarget;
  /** The gateway's construct path. */
  readonly gateway: string;
  readonly payloads: PayloadBucket;
  /** Undefined where nothing is recorded. */
  readonly store?: EventTable;
  readonly alarmTopic?: ITopic;
  readonly localRun: boolean;
  readonly removalPolicy: RemovalPolicy;
}

export class DeliveryQueue extends Construct implements IDeliveryQueue {
  public readonly targetName: string;
  public readonly queue: IQueue;
  public readonly deadLetterQueue: IQueue;
  public readonly deliveryFunction: IFunction;
  public readonly mapping: IEventSourceMapping;
  public readonly signingSecret?: BoundSecret;
  public readonly forwardHeaders: string[];
  public readonly wanted: Pick<RouteConfig, 'eventTypes' | 'filter'>;
  private readonly target: WebhookTargetConfig;
  private readonly retry: RetrySchedule;
  private readonly visibilityTimeout: Duration;

  constructor(scope: Construct, name: string, private readonly props: DeliveryQueueProps) {
    super(scope, name);
    this.targetName = name;
    const functionRole = new FunctionRole(this, props.removalPolicy);
    this.target = this.bindTarget(props, functionRole.role);
    this.signingSecret = this.target.signingSecret?._bound;

    const what = `target ${JSON.stringify(name)}`;
    const timeoutSeconds = seconds(this.target.timeout ?? DEFAULT_ATTEMPT_TIMEOUT, `timeout of ${what}`, TIMEOUT_BOUNDS);
    if (this.target.recordResponses && !props.store) {
      throw new Error(`${what} has recordResponses, but the gateway has no event store to record them in: leave it out, or use EventStore.dynamoDb()`);
    }
    this.wanted = checkRoute(name, this.target, Stack.of(this));
    const transform = this.target.transform?._bind(name, Stack.of(this));
    const transformSeconds = transform?.config.kind === 'module' ? transform.config.timeoutSeconds : 0;
    const functionTimeout = Duration.seconds(transformSeconds + timeoutSeconds + FUNCTION_OVERHEAD_SECONDS);
    this.visibilityTimeout = Duration.seconds(functionTimeout.toSeconds() * VISIBILITY_PER_FUNCTION_TIMEOUT);
    this.retry = (this.target.retryPolicy ?? RetryPolicy.standard())._schedule;
    checkRetryWindow(name, this.retry, this.visibilityTimeout);
    const { permanentStatusCodes, maxInFlight, maxRatePerSecond } = this.target;
    const permanent = permanentStatusCodes && checkPermanentStatuses(permanentStatusCodes, `permanentStatusCodes of ${what}`);
    this.forwardHeaders = (this.target.forwardHeaders ?? []).map((header) => outgoingHeader(header, `forwardHeaders of ${what}:`));
    const fifo = this.target.orderingKey !== undefined;
    const chosen = flow({ target: name, fifo, maxInFlight, maxRatePerSecond, overheadSeconds: FUNCTION_OVERHEAD_SECONDS });

    const { queue, deadLetterQueue } = createQueues(this, { fifo, visibilityTimeout: this.visibilityTimeout, removalPolicy: props.removalPolicy });
    this.queue = queue;
    this.deadLetterQueue = deadLetterQueue;
    this.grantDelivery(functionRole);
    const folders = [bundleDirectory('deliver'), this.senderDirectory()];
    const code = new ConfiguredCode(() => folders, (): DeliverConfig => ({
      gateway: props.gateway,
      target: name,
      queueUrl: queue.queueUrl,
      deadLetterQueueUrl: deadLetterQueue.queueUrl,
      retry: this.retry,
      ...(permanent && { permanentStatusCodes: permanent }),
      ...(chosen.ratePerSecond !== undefined && { ratePerSecond: chosen.ratePerSecond }),
      ...(transform && { transform: transform.config }),
      ...(this.target.format === EventFormat.CLOUD_EVENTS && { format: 'cloudevents' }),
      payloadBucket: props.payloads.bucket.bucketName,
      ...(props.store && { store: props.store.config }),
      ...(this.target.recordResponses && { recordResponses: true }),
      timeoutSeconds,
      settings: this.target.settings ?? {},
    }), (): { [name: string]: string } => (transform?.module === undefined ? {} : { [TRANSFORM_FILE]: transform.module }));
    const { vpc, vpcSubnets, securityGroups } = this.network(what);
    const deliver = webhookFunction(this, {
      ...functionRole, code, timeout: functionTimeout, environment: this.target.environment, network: { vpc, vpcSubnets, securityGroups },
    });
    this.deliveryFunction = deliver;
    this.mapping = this.createMapping(deliver, chosen);
    targetAlarms(this, { gateway: props.gateway, target: name, deadLetterQueue, maxAgeSeconds: this.retry.maxAgeSeconds, topic: props.alarmTopic });
  }

  public metricWaiting(options?: MetricOptions): Metric {
    return this.queue.metricApproximateNumberOfMessagesVisible(options);
  }

  public metricOldestAge(options?: MetricOptions): Metric {
    return metric(this.props.gateway, { Target: this.targetName }, TARGET_METRICS.oldestUndelivered, options);
  }

  public metricDeadLetters(options?: MetricOptions): Metric {
    return metric(this.props.gateway, { Target: this.targetName }, TARGET_METRICS.deadLetters, options);
  }

  /** What the ingest function is told. Undefined: the target takes no new events. */
  public route(): RouteConfig | undefined {
    const { sources, orderingKey, retired } = this.target;
    if (retired) return undefined;
    return {
      queueUrl: this.queue.queueUrl,
      ...(sources && { sources }),
      ...this.wanted,
      ...(this.forwardHeaders.length > 0 && { forwardHeaders: this.forwardHeaders }),
      ...(orderingKey && { orderingKey: orderingKey._config }),
    };
  }

  /** What the keeper is told. It can find out all names but that of the mapping. */
  public kept(withNames: boolean): KeeperTargetFile {
    return {
      ...(withNames && {
        queueUrl: this.queue.queueUrl,
        deadLetterQueueUrl: this.deadLetterQueue.queueUrl,
        functionName: this.deliveryFunction.functionName,
      }),
      mappingId: this.mapping.eventSourceMappingId,
      retry: this.retry,
      visibilityTimeoutSeconds: this.visibilityTimeout.toSeconds(),
      ...(this.target.enabled === false && { enabled: false }),
    };
  }

  /** Names of the sources whose events the target takes. Undefined: all. */
  public get sources(): string[] | undefined {
    return this.target.sources;
  }

  /** The header of the sender's request that events are put in order by. */
  public get orderingHeader(): string | undefined {
    const { field } = (this.target.orderingKey?._config ?? {}) as { field?: FieldLocation };
    return field && 'header' in field ? field.header : undefined;
  }

  /** Whether the target takes new events of a source. */
  public takes(source: string): boolean {
    return !this.retired && (this.sources?.includes(source) ?? true);
  }

  /** Whether the target takes no new events. */
  public get retired(): boolean {
    return this.target.retired ?? false;
  }

  public part(): TargetPart {
    const { sources, orderingKey, retired } = this.target;
    return {
      kind: this.target.kind ?? 'custom',
      queue: logicalId(this.queue),
      deadLetterQueue: logicalId(this.deadLetterQueue),
      function: logicalId(this.deliveryFunction),
      mapping: logicalId(this.mapping),
      ...(this.target.url !== undefined && { url: this.target.url }),
      ...(this.signingSecret && { signingSecret: this.signingSecret.part('whsec') }),
      ...(sources && { sources }),
      ...(retired && { retired }),
      ...(orderingKey && { orderingKey: orderingKey._config }),
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

  private network(what: string): Pick<WebhookTargetConfig, 'vpc' | 'vpcSubnets' | 'securityGroups'> {
    const { vpc, vpcSubnets, securityGroups } = this.target;
    if (!vpc && (vpcSubnets || securityGroups)) {
      throw new Error(`${what} has ${vpcSubnets ? 'vpcSubnets' : 'securityGroups'} but no vpc: set \`vpc\` too, or leave them out`);
    }
    return { vpc, vpcSubnets, securityGroups };
  }

  private grantDelivery(functionRole: FunctionRole): void {
    const { role } = functionRole;
    allow(role, ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:ChangeMessageVisibility', 'sqs:GetQueueAttributes'], this.queue.queueArn);
    // What the keeper knows of the target is in tags of its queue; that the target wants no more events is told there too.
    allow(role, ['sqs:ListQueueTags', 'sqs:TagQueue'], this.queue.queueArn);
    allow(role, 'sqs:SendMessage', this.deadLetterQueue.queueArn);
    this.props.payloads.grantRead(role);
    this.props.store?.grantRecord(role);
    if (this.target.vpc) functionRole.allowVpc();
  }

  /** Renders `Enabled` only where the user did: a deployment would resume a mapping that was paused on purpose. */
  private createMapping(target: Function, { batchSize, maxConcurrency }: Flow): EventSourceMapping {
    const mapping = new EventSourceMapping(this, 'Mapping', {
      target,
      eventSourceArn: this.queue.queueArn,
      batchSize,
      maxConcurrency,
      reportBatchItemFailures: true,
      enabled: this.target.enabled === false ? false : undefined,
    });
    Validations.of(mapping).acknowledge({
      id: 'Serverless-LambdaEventSourceMappingDestination',
      reason: 'For a queue the destination of what fails is the dead-letter queue; a mapping takes one for streams only.',
    });
    return mapping;
  }
}
