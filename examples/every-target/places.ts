import * as path from 'path';
import { CfnElement, Duration, Stack, Validations } from 'aws-cdk-lib';
import { EventBus } from 'aws-cdk-lib/aws-events';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Stream, StreamEncryption, StreamMode } from 'aws-cdk-lib/aws-kinesis';
import { DeliveryStream, S3Bucket, StreamEncryption as DeliveryStreamEncryption } from 'aws-cdk-lib/aws-kinesisfirehose';
import { Architecture, Code, Function, Runtime, Tracing } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { BlockPublicAccess, Bucket, BucketEncryption } from 'aws-cdk-lib/aws-s3';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { DefinitionBody, LogLevel, Pass, StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';

const QUEUE = { encryption: QueueEncryption.SQS_MANAGED, enforceSSL: true, retentionPeriod: Duration.days(14) };

/** One of each of the AWS services that can be a target, small and with encryption. */
export class Places extends Construct {
  public readonly queue = new Queue(this, 'Queue', {
    ...QUEUE, deadLetterQueue: { queue: new Queue(this, 'DeadLetterQueue', QUEUE), maxReceiveCount: 5 },
  });
  public readonly topic = new Topic(this, 'Topic', { enforceSSL: true });
  public readonly eventBus = new EventBus(this, 'Bus');
  public readonly stream = new Stream(this, 'Stream', { streamMode: StreamMode.ON_DEMAND, encryption: StreamEncryption.MANAGED });
  public readonly bucket = new Bucket(this, 'Bucket', {
    encryption: BucketEncryption.S3_MANAGED, enforceSSL: true, blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
  });
  public readonly fn: Function;
  public readonly stateMachine: StateMachine;
  public readonly deliveryStream: DeliveryStream;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.fn = this.createFunction();
    this.stateMachine = new StateMachine(this, 'StateMachine', {
      definitionBody: DefinitionBody.fromChainable(new Pass(this, 'Done')),
      logs: { destination: this.logGroup('StateMachineLogs'), level: LogLevel.ALL },
      tracingEnabled: true,
    });
    this.deliveryStream = new DeliveryStream(this, 'DeliveryStream', {
      destination: new S3Bucket(this.bucket, { dataOutputPrefix: 'firehose/' }),
      encryption: DeliveryStreamEncryption.awsOwnedKey(),
    });
    this.acknowledge();
  }

  private createFunction(): Function {
    const logGroup = this.logGroup('FunctionLogs');
    const role = new Role(this, 'FunctionRole', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    logGroup.grantWrite(role);
    return new Function(this, 'Function', {
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      handler: 'index.handler',
      code: Code.fromAsset(path.join(__dirname, 'function')),
      timeout: Duration.seconds(10),
      memorySize: 256,
      tracing: Tracing.ACTIVE,
      role,
      logGroup,
    });
  }

  private logGroup(id: string): LogGroup {
    return new LogGroup(this, id, { retention: RetentionDays.ONE_MONTH });
  }

  private acknowledge(): void {
    const reasons: { readonly [id: string]: string } = {
      'AwsSolutions-SQS3': 'What is here is a dead-letter queue, or has one.',
      'Serverless-SQSRedrivePolicy': 'What is here is a dead-letter queue, or has one.',
      'AwsSolutions-S1': 'This is an example: access logs would need a second bucket.',
      'Serverless-LambdaDLQ': 'The function is called by one that waits for its answer and keeps what fails.',
      'AwsSolutions-IAM5[Resource::*]': 'The actions of X-Ray, and those by which Step Functions delivers logs, take no resource.',
    };
    for (const [id, reason] of Object.entries(reasons)) Validations.of(this).acknowledge({ id, reason });
    const firehose = ['Action::s3:GetObject*', 'Action::s3:GetBucket*', 'Action::s3:List*', 'Action::s3:DeleteObject*', 'Action::s3:Abort*'];
    for (const finding of [...firehose, `Resource::<${this.logicalId(this.bucket)}.Arn>/*`]) {
      Validations.of(this.deliveryStream).acknowledge({ id: `AwsSolutions-IAM5[${finding}]`, reason: 'These are the grants that the construct gives to Firehose.' });
    }
  }

  private logicalId(bucket: Bucket): string {
    return Stack.of(this).getLogicalId(bucket.node.defaultChild as CfnElement);
  }
}
