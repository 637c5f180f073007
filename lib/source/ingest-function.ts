import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { IRole } from 'aws-cdk-lib/aws-iam';
import { Function } from 'aws-cdk-lib/aws-lambda';
import { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { IngestConfig } from '../contract/config';
import { allow } from '../private/allow';
import { bundleDirectory } from '../private/assets';
import { ConfiguredCode } from '../private/configured-code';
import { FunctionRole, webhookFunction } from '../private/webhook-function';

/** The function that all sources of a gateway share: it stays warm, and stacks stay small. */
export class IngestFunction extends Construct {
  public readonly function: Function;
  public readonly role: IRole;

  constructor(scope: Construct, id: string, props: { readonly config: () => IngestConfig; readonly removalPolicy: RemovalPolicy }) {
    super(scope, id);
    const { role, logGroup } = new FunctionRole(this, props.removalPolicy);
    this.role = role;
    this.function = webhookFunction(this, {
      role,
      logGroup,
      code: new ConfiguredCode([bundleDirectory('ingest')], props.config),
      timeout: Duration.seconds(10),
    });
  }

  /** `IQueue.grants.sendMessages` also allows GetQueueAttributes and GetQueueUrl, which the function never calls. */
  public grantSend(queue: IQueue): void {
    allow(this.role, 'sqs:SendMessage', queue.queueArn);
  }
}
