import { Duration, RemovalPolicy, Validations } from 'aws-cdk-lib';
import { ISecurityGroup, IVpc, SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Architecture, Function, Runtime, Tracing } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { VALUES_VARIABLE } from '../contract/config';
import { ConfiguredCode } from './configured-code';

/** A function's log group, and a role that may write to it and send traces: what comes before the function itself. */
export class FunctionRole {
  public readonly role: Role;
  public readonly logGroup: LogGroup;

  constructor(scope: Construct, removalPolicy: RemovalPolicy) {
    this.logGroup = new LogGroup(scope, 'LogGroup', { retention: RetentionDays.ONE_MONTH, removalPolicy });
    // AWSLambdaBasicExecutionRole may write to every log group of the account.
    this.role = new Role(scope, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    this.role.addToPrincipalPolicy(new PolicyStatement({
      actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
      resources: [this.logGroup.logGroupArn],
    }));
    Validations.of(this.role).acknowledge({
      id: 'AwsSolutions-IAM5[Resource::*]',
      reason: 'xray:PutTraceSegments and xray:PutTelemetryRecords take no resource, nor do cloudwatch:GetMetricData and what Lambda needs for a function in a VPC.',
    });
  }

  /** What AWSLambdaVPCAccessExecutionRole allows, without every log group of the account. Lambda asks for it without naming a resource. */
  public allowVpc(): void {
    this.role.addToPrincipalPolicy(new PolicyStatement({
      actions: [
        'ec2:CreateNetworkInterface', 'ec2:DescribeNetworkInterfaces', 'ec2:DescribeSubnets', 'ec2:DeleteNetworkInterface',
        'ec2:AssignPrivateIpAddresses', 'ec2:UnassignPrivateIpAddresses',
      ],
      resources: ['*'],
    }));
  }
}

/** Where a function runs that must reach a network of one's own. */
export interface FunctionNetwork {
  readonly vpc?: IVpc;
  readonly vpcSubnets?: SubnetSelection;
  readonly securityGroups?: ISecurityGroup[];
}

export interface WebhookFunctionProps extends Pick<FunctionRole, 'role' | 'logGroup'> {
  readonly code: ConfiguredCode;
  readonly timeout: Duration;
  readonly environment?: { [name: string]: string };
  readonly network?: FunctionNetwork;
  /** For a function that nobody waits for. */
  readonly asynchronous?: AsynchronousCalls;
}

export interface AsynchronousCalls {
  readonly retryAttempts: number;
  readonly maxEventAge: Duration;
  /** Why a call that fails is kept nowhere. */
  readonly lost: string;
}

/** One of the package's functions: the same runtime, size and tracing for all. */
export function webhookFunction(scope: Construct, props: WebhookFunctionProps): Function {
  const created = new Function(scope, 'Function', {
    runtime: Runtime.NODEJS_24_X,
    architecture: Architecture.ARM_64,
    handler: 'index.handler',
    memorySize: 256,
    tracing: Tracing.ACTIVE,
    code: props.code,
    role: props.role,
    logGroup: props.logGroup,
    timeout: props.timeout,
    environment: { ...props.environment, [VALUES_VARIABLE]: props.code.values },
    retryAttempts: props.asynchronous?.retryAttempts,
    maxEventAge: props.asynchronous?.maxEventAge,
    ...props.network,
  });
  Validations.of(created).acknowledge({
    id: 'Serverless-LambdaDLQ',
    reason: props.asynchronous?.lost
      ?? 'A dead-letter queue of the function is for asynchronous calls: API Gateway waits for the answer, and a queue keeps what fails.',
  });
  return created;
}
