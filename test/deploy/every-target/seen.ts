import { DescribeExecutionCommand, ListExecutionsCommand, SFNClient } from '@aws-sdk/client-sfn';
import { GetRecordsCommand, GetShardIteratorCommand, KinesisClient, ListShardsCommand } from '@aws-sdk/client-kinesis';
import { GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { ReceiveMessageCommand, type Message } from '@aws-sdk/client-sqs';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import type { Deployment } from '../deployment';

const SECONDS = 20;

export interface StoredObject {
  readonly key: string;
  readonly bytes: Buffer;
  readonly contentType: string | undefined;
  readonly metadata: { readonly [name: string]: string };
}

/** What has arrived in the services of the example, as their own APIs tell it. Each look waits until something is there. */
export class Seen {
  private readonly s3: S3Client;
  private readonly stepFunctions: SFNClient;
  private readonly kinesis: KinesisClient;

  constructor(private readonly deployment: Deployment) {
    const { endpoint, region, credentials } = deployment.options;
    const client = { endpoint, region, credentials };
    this.s3 = new S3Client({ ...client, forcePathStyle: true });
    this.stepFunctions = new SFNClient(client);
    // Its own handler speaks HTTP/2, over which an emulator cuts long answers.
    this.kinesis = new KinesisClient({ ...client, requestHandler: new NodeHttpHandler() });
  }

  close(): void {
    for (const client of [this.s3, this.stepFunctions, this.kinesis]) client.destroy();
  }

  /** The message of the queue whose logical id begins so. It is invisible from then on, so that the next look sees the next one. */
  message(queue: string): Promise<Message> {
    const QueueUrl = this.physicalId('AWS::SQS::Queue', queue);
    const command = new ReceiveMessageCommand({ QueueUrl, MessageAttributeNames: ['All'], VisibilityTimeout: 600 });
    return this.until(`a message in ${queue}`, async () => (await this.deployment.sqs.send(command)).Messages?.[0]);
  }

  /** The object whose key begins so and that has this. */
  async object(Prefix: string, content: string): Promise<StoredObject> {
    const Bucket = this.physicalId('AWS::S3::Bucket', 'PlacesBucket');
    return this.until(`an object with ${content} below ${Prefix}`, async () => {
      const { Contents = [] } = await this.s3.send(new ListObjectsV2Command({ Bucket, Prefix }));
      const objects = await Promise.all(Contents.map(async ({ Key }) => {
        const { Body, ContentType, Metadata = {} } = await this.s3.send(new GetObjectCommand({ Bucket, Key }));
        return { key: Key as string, bytes: Buffer.from(await Body?.transformToByteArray() ?? []), contentType: ContentType, metadata: Metadata };
      }));
      return objects.find(({ key, bytes }) => key.includes(content) || bytes.includes(content));
    });
  }

  /** The input of the execution of that name. */
  async execution(name: string): Promise<string> {
    const stateMachineArn = this.physicalId('AWS::StepFunctions::StateMachine', 'Places');
    const executionArn = await this.until(`the execution ${name}`, async () => {
      const { executions = [] } = await this.stepFunctions.send(new ListExecutionsCommand({ stateMachineArn }));
      return executions.find((each) => each.name === name)?.executionArn;
    });
    return (await this.stepFunctions.send(new DescribeExecutionCommand({ executionArn }))).input as string;
  }

  /** The record of that partition key, in whatever shard. */
  record(partitionKey: string): Promise<string> {
    const StreamName = this.physicalId('AWS::Kinesis::Stream', 'Places');
    return this.until(`a record with the key ${partitionKey}`, async () => {
      const { Shards = [] } = await this.kinesis.send(new ListShardsCommand({ StreamName }));
      const shards = await Promise.all(Shards.map(async ({ ShardId }) => {
        const position = { StreamName, ShardId, ShardIteratorType: 'TRIM_HORIZON' } as const;
        const { ShardIterator } = await this.kinesis.send(new GetShardIteratorCommand(position));
        return (await this.kinesis.send(new GetRecordsCommand({ ShardIterator }))).Records ?? [];
      }));
      const found = shards.flat().find(({ PartitionKey }) => PartitionKey === partitionKey);
      return found && Buffer.from(found.Data as Uint8Array).toString();
    });
  }

  private physicalId(type: string, beginning: string): string {
    const resources = Object.entries(this.deployment.template.Resources);
    const found = resources.find(([logicalId, { Type }]) => Type === type && logicalId.startsWith(beginning));
    if (!found) throw new Error(`the stack has no ${type} whose logical id begins with ${beginning}`);
    return this.deployment.physicalId(found[0]);
  }

  private until<T>(what: string, look: () => Promise<T | undefined>): Promise<T> {
    return this.deployment.until(SECONDS, what, look);
  }
}
