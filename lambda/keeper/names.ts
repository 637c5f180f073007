import type { KeeperTargetConfig, KeeperTargetFile } from '../../lib/contract/config';
import type { AwsClient } from '../shared/aws';
import { CALL, getMapping } from './aws-calls';
import type { Memory } from './turn';

/** What a mapping tells of its target. */
export type KeeperNames = Pick<KeeperTargetConfig, 'queueUrl' | 'deadLetterQueueUrl' | 'functionName'>;

export type ReadNames = (mappingId: string) => Promise<KeeperNames>;

/** A target with all its names, which a file with many targets leaves out. They are read once in an environment. */
export async function withNames(target: KeeperTargetFile, memory: Memory, readNames: ReadNames | undefined): Promise<KeeperTargetConfig> {
  const { queueUrl, deadLetterQueueUrl, functionName } = target;
  if (queueUrl !== undefined && deadLetterQueueUrl !== undefined && functionName !== undefined) {
    return { ...target, queueUrl, deadLetterQueueUrl, functionName };
  }
  if (!memory.names && !readNames) throw new Error(`the configuration has no names for mapping ${target.mappingId}`);
  memory.names ??= await readNames?.(target.mappingId);
  return { ...target, ...memory.names as KeeperNames };
}

/** From the mapping to the queue and the function, from the queue to the dead-letter queue. */
export function namesReader(client: Pick<AwsClient, 'call' | 'rest'>): ReadNames {
  return async (mappingId) => {
    const { EventSourceArn: queueArn, FunctionArn: functionName } = await getMapping(client, mappingId);
    const queueUrl = await queueUrlOf(client, queueArn);
    const { Attributes: found } = await client.call<{ Attributes?: { RedrivePolicy?: string } }>('sqs', 'GetQueueAttributes', {
      QueueUrl: queueUrl, AttributeNames: ['RedrivePolicy'],
    }, CALL);
    const { deadLetterTargetArn } = JSON.parse(found?.RedrivePolicy ?? '{}') as { deadLetterTargetArn?: string };
    if (deadLetterTargetArn === undefined) throw new Error(`the queue ${queueArn} has no dead-letter queue: deploy the stack again`);
    return { queueUrl, deadLetterQueueUrl: await queueUrlOf(client, deadLetterTargetArn), functionName };
  };
}

/** The URL is not made of the ARN: where it leads is for SQS, and for what stands in for it, to say. */
async function queueUrlOf(client: Pick<AwsClient, 'call'>, arn: string): Promise<string> {
  const [account, name] = arn.split(':').slice(4);
  const input = { QueueName: name, QueueOwnerAWSAccountId: account };
  return (await client.call<{ QueueUrl: string }>('sqs', 'GetQueueUrl', input, CALL)).QueueUrl;
}
