import { Duration, RemovalPolicy, Validations } from 'aws-cdk-lib';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { IRole, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Function } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { KeeperFile } from '../contract/config';
import { allow } from '../private/allow';
import { bundleDirectory } from '../private/assets';
import { ConfiguredCode } from '../private/configured-code';
import { FunctionRole, webhookFunction } from '../private/webhook-function';
import type { DeliveryQueue } from '../target/delivery-queue';

const INTERVAL = Duration.minutes(1);

/** One run is over before the next begins, so that no two decide at once. */
const TIMEOUT = Duration.seconds(55);

const NEXT_MINUTE = 'What one run leaves undone, the next one does a minute later from what the queues say then: a call that is kept would come too late.';

export interface KeeperFunctionProps {
  readonly config: () => KeeperFile;
  readonly removalPolicy: RemovalPolicy;
}

/**
 * The function that once a minute looks after all targets: it pauses those that are down and resumes them, moves what is too old to
 * the dead-letter queue, and measures what waits.
 */
export class KeeperFunction extends Construct {
  public readonly function: Function;
  public readonly role: IRole;

  constructor(scope: Construct, id: string, props: KeeperFunctionProps) {
    super(scope, id);
    const { role, logGroup } = new FunctionRole(this, props.removalPolicy);
    this.role = role;
    role.addToPrincipalPolicy(new PolicyStatement({ actions: ['cloudwatch:GetMetricData'], resources: ['*'] }));
    const folders = [bundleDirectory('keeper')];
    this.function = webhookFunction(this, {
      role,
      logGroup,
      code: new ConfiguredCode(() => folders, props.config),
      timeout: TIMEOUT,
      // Lambda would try a throttled call for six hours.
      asynchronous: { retryAttempts: 0, maxEventAge: INTERVAL, lost: NEXT_MINUTE },
    });
    Validations.of(this.function).acknowledge({ id: 'Serverless-LambdaAsyncFailureDestination', reason: NEXT_MINUTE });
    const rule = new Rule(this, 'Schedule', {
      schedule: Schedule.rate(INTERVAL),
      targets: [new LambdaFunction(this.function, { retryAttempts: 0, maxEventAge: INTERVAL })],
    });
    Validations.of(rule).acknowledge({ id: 'Serverless-EventBusDLQ', reason: NEXT_MINUTE });
  }

  /** Statement by statement, because the same actions on all targets share one. */
  public grantKeep({ queue, deadLetterQueue, deliveryFunction, mapping }: DeliveryQueue): void {
    allow(this.role, [
      'sqs:GetQueueUrl', 'sqs:GetQueueAttributes', 'sqs:ListQueueTags', 'sqs:TagQueue', 'sqs:UntagQueue',
      'sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:ChangeMessageVisibility',
    ], queue.queueArn);
    allow(this.role, ['sqs:GetQueueUrl', 'sqs:SendMessage'], deadLetterQueue.queueArn);
    allow(this.role, 'lambda:InvokeFunction', deliveryFunction.functionArn);
    allow(this.role, ['lambda:GetEventSourceMapping', 'lambda:UpdateEventSourceMapping'], mapping.eventSourceMappingArn);
  }
}
