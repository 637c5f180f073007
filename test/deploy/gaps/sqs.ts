import { ReceiveMessageCommand, SendMessageCommand, SetQueueAttributesCommand, StartMessageMoveTaskCommand, type Message } from '@aws-sdk/client-sqs';
import type { Lab } from './lab';
import type { Area } from './probe';

const GUIDE = 'https://docs.aws.amazon.com/AWSSimpleQueueService/latest';
const MIB = 1_048_576;

export const SQS: Area = {
  name: 'SQS',
  probes: [
    {
      what: '`StartMessageMoveTask`',
      aws: 'moves what is in a dead-letter queue',
      page: `${GUIDE}/APIReference/API_StartMessageMoveTask.html`,
      look: async (lab) => {
        await lab.send('Dead', 'to be moved');
        const { QueueArn: SourceArn } = await lab.attributes('Dead');
        const { QueueArn: DestinationArn } = await lab.attributes('Alive');
        try {
          await lab.sqs.send(new StartMessageMoveTaskCommand({ SourceArn, DestinationArn }));
        } catch (error) {
          return `fails: ${(error as Error).name}`;
        }
        return await receive(lab, 'Alive') ? true : 'moves nothing';
      },
    },
    {
      what: "a queue's `MaximumMessageSize` of 1 MiB",
      aws: 'may be set, and such a message is taken',
      page: `${GUIDE}/SQSDeveloperGuide/quotas-messages.html`,
      look: async (lab) => {
        const QueueUrl = lab.physicalId('Large');
        try {
          await lab.sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { MaximumMessageSize: String(MIB) } }));
          await lab.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'x'.repeat(MIB) }));
          return true;
        } catch (error) {
          return `is refused: ${(error as Error).name}`;
        }
      },
    },
    {
      what: 'a message that was received `maxReceiveCount` times',
      aws: 'goes to the dead-letter queue, with `DeadLetterQueueSourceArn`',
      page: `${GUIDE}/APIReference/API_ReceiveMessage.html`,
      look: async (lab) => {
        await lab.send('Poison', 'throw');
        const letter = await receive(lab, 'DeadLetters');
        if (!letter) return 'stays in its queue';
        const { QueueArn } = await lab.attributes('Poison');
        return letter.Attributes?.DeadLetterQueueSourceArn === QueueArn || 'goes to the dead-letter queue, without `DeadLetterQueueSourceArn`';
      },
    },
  ],
};

function receive(lab: Lab, queue: string): Promise<Message | undefined> {
  const command = new ReceiveMessageCommand({ QueueUrl: lab.physicalId(queue), MessageSystemAttributeNames: ['All'] });
  return lab.until(async () => (await lab.sqs.send(command)).Messages?.[0]);
}
