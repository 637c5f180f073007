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
import { SchemaFile } from './schema-file';

export interface IngestFunctionProps {
  readonly config: () => IngestConfig;
  /** Names of the modules that the sources' schemes need, each once: as few as there can be, because a bundle's size is paid at every cold start. */
  readonly modules: () => string[];
  readonly removalPolicy: RemovalPolicy;
}

/** The function that all sources of a gateway share: it stays warm, and stacks stay small. */
export class IngestFunction extends Construct {
  public readonly function: Function;
  public readonly role: IRole;
  public readonly schemas = new SchemaFile();

  constructor(scope: Construct, id: string, props: IngestFunctionProps) {
    super(scope, id);
    const { role, logGroup } = new FunctionRole(this, props.removalPolicy);
    this.role = role;
    this.function = webhookFunction(this, {
      role,
      logGroup,
      code: new ConfiguredCode(() => folders(props), props.config, () => this.schemas.texts),
      timeout: Duration.seconds(10),
    });
  }

  /** `IQueue.grants.sendMessages` also allows GetQueueAttributes and GetQueueUrl, which the function never calls. */
  public grantSend(queue: IQueue): void {
    allow(this.role, 'sqs:SendMessage', queue.queueArn);
  }
}

/** Beside the bundle is only what this gateway uses: what fetches keys for schemes that have code, and the filters' grammar. */
function folders({ modules, config }: IngestFunctionProps): string[] {
  const schemes = modules().map((module) => bundleDirectory('schemes', module));
  const filters = Object.values(config().targets).some(({ filter }) => filter);
  return [
    bundleDirectory('ingest'),
    ...schemes,
    ...(schemes.length > 0 ? [bundleDirectory('key-fetch')] : []),
    ...(filters ? [bundleDirectory('filter')] : []),
  ];
}
