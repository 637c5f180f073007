import { CloudFormationClient, DescribeStacksCommand, GetTemplateCommand, paginateListStackResources } from '@aws-sdk/client-cloudformation';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SQSClient } from '@aws-sdk/client-sqs';
import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { PARTS_METADATA_PREFIX, type GatewayParts, type SecretPart, type TargetPart } from '../../lib/contract/parts';
import type { Account } from './account';
import { post, type Reply } from './post';
import type { Arrival, Receiver } from './receiver';
import { SENDERS, type Headers } from './senders';

export interface DeploymentOptions extends Account {
  readonly stack: string;
  readonly receiver: Receiver;
  /** Milliseconds since 1970, as the functions see it. */
  readonly now: () => number;
  /** Lets time pass. */
  readonly pass: (seconds: number) => Promise<unknown>;
}

/** What may be another than what the sender would post. */
export interface Change {
  readonly secret?: string;
  /** The body that is signed. */
  readonly signed?: Buffer;
  /** In place of the sender's of the same names. */
  readonly headers?: Headers;
}

/** How often it is looked whether something has happened. */
const STEP_SECONDS = 0.1;

/** A gateway that runs somewhere, as its user sees it: the stack's outputs, its template, AWS's API, what comes in and what goes out. */
export class Deployment {
  readonly sqs: SQSClient;
  readonly secretsManager: SecretsManagerClient;
  readonly ssm: SSMClient;
  readonly cloudFormation: CloudFormationClient;

  private constructor(
    readonly options: DeploymentOptions,
    /** Values of the stack's outputs. */
    readonly outputs: ReadonlyMap<string, string>,
    readonly template: { readonly Metadata: { readonly [key: string]: GatewayParts }; readonly Resources: Resources },
    /** Physical ids by logical id. */
    readonly resources: ReadonlyMap<string, string>,
    clients: Pick<Deployment, 'sqs' | 'secretsManager' | 'ssm' | 'cloudFormation'>,
  ) {
    ({ sqs: this.sqs, secretsManager: this.secretsManager, ssm: this.ssm, cloudFormation: this.cloudFormation } = clients);
  }

  static async find(options: DeploymentOptions): Promise<Deployment> {
    const { stack: StackName, endpoint, region, credentials } = options;
    const client = { endpoint, region, credentials };
    const cloudFormation = new CloudFormationClient(client);
    const { Stacks: [stack] = [] } = await cloudFormation.send(new DescribeStacksCommand({ StackName }));
    const { TemplateBody = '' } = await cloudFormation.send(new GetTemplateCommand({ StackName, TemplateStage: 'Original' }));
    const resources = new Map<string, string>();
    for await (const { StackResourceSummaries: page = [] } of paginateListStackResources({ client: cloudFormation }, { StackName })) {
      for (const { LogicalResourceId, PhysicalResourceId } of page) resources.set(LogicalResourceId as string, PhysicalResourceId as string);
    }
    const outputs = new Map((stack?.Outputs ?? []).map(({ OutputKey, OutputValue }) => [OutputKey as string, OutputValue as string]));
    // The client would follow a queue's URL to its host, whatever the endpoint is.
    const sqs = new SQSClient({ ...client, useQueueUrlAsEndpoint: false });
    const secretsManager = new SecretsManagerClient(client);
    return new Deployment(options, outputs, JSON.parse(TemplateBody), resources, { sqs, secretsManager, ssm: new SSMClient(client), cloudFormation });
  }

  get receiver(): Receiver {
    return this.options.receiver;
  }

  now(): number {
    return this.options.now();
  }

  get parts(): GatewayParts {
    const [, parts] = Object.entries(this.template.Metadata).find(([key]) => key.startsWith(PARTS_METADATA_PREFIX)) ?? [];
    return present(parts, 'the gateway in the metadata of the template');
  }

  target(name: string): TargetPart {
    return present(this.parts.targets[name], `target ${name}`);
  }

  /** Where a source's sender is told to post. */
  url(source: string): URL {
    return new URL(this.output(`${capitalised(source)}Url`));
  }

  output(name: string): string {
    return present(this.outputs.get(name), `output ${name}`);
  }

  physicalId(logicalId: string): string {
    return present(this.resources.get(logicalId), `resource ${logicalId}`);
  }

  async secret(SecretId: string): Promise<string> {
    return (await this.secretsManager.send(new GetSecretValueCommand({ SecretId }))).SecretString as string;
  }

  async parameter(Name: string): Promise<string> {
    return (await this.ssm.send(new GetParameterCommand({ Name, WithDecryption: true }))).Parameter?.Value as string;
  }

  /** What the sender of a source signs with. The stack's output says where a generated secret is. */
  async sourceSecret(source: string): Promise<string> {
    const part: SecretPart = present(present(this.parts.sources[source], `source ${source}`).verifications[0]?.secret, `secret of ${source}`);
    if (part.service) return this.parameter(part.id as string);
    const text = await this.secret(part.id ?? this.output(`${capitalised(source)}SecretArn`));
    return part.field === undefined ? text : (JSON.parse(text) as { [field: string]: string })[part.field] as string;
  }

  /** What a target verifies with. */
  signingSecret(target: string): Promise<string> {
    return this.secret(this.target(target).signingSecret?.id ?? this.output(`${capitalised(target)}SigningSecretArn`));
  }

  /** Posts a body as the sender of a source does, or with one thing changed. */
  async send(source: string, body: Buffer, { secret, signed = body, headers }: Change = {}): Promise<Reply> {
    const sign = present(SENDERS[source], `sender of ${source}`);
    return post(this.url(source), { ...sign(signed, secret ?? await this.sourceSecret(source), this.now()), ...headers }, body);
  }

  /** Waits until something is there. */
  async until<T>(seconds: number, what: string, look: () => T | undefined | Promise<T | undefined>): Promise<T> {
    const end = this.now() + seconds * 1_000;
    for (;;) {
      const found = await look();
      if (found !== undefined) return found;
      if (this.now() >= end) throw new Error(`not within ${seconds} s: ${what}`);
      await this.options.pass(STEP_SECONDS);
    }
  }

  /** Waits until an event has arrived so often at a target. */
  arrivals(target: string, body: Buffer, count = 1, seconds = 20): Promise<Arrival[]> {
    return this.until(seconds, `arrival ${count} at ${target} of ${JSON.stringify(body.toString('utf8', 0, 200))}`, () => {
      const found = this.receiver.of(target, body);
      return found.length >= count ? found : undefined;
    });
  }

  close(): void {
    for (const client of [this.sqs, this.secretsManager, this.ssm, this.cloudFormation]) client.destroy();
  }
}

export interface Resources {
  readonly [logicalId: string]: { readonly Type: string; readonly Properties: { readonly [name: string]: unknown } };
}

/** Names here are one word. */
function capitalised(name: string): string {
  return `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
}

function present<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new Error(`there is no ${what}`);
  return value;
}
