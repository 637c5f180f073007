import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { ListQueueTagsCommand } from '@aws-sdk/client-sqs';
import { peak } from './peak';
import type { Area } from './probe';

const PAGES = 'https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference';
const QUEUE = `${PAGES}/aws-resource-sqs-queue.html`;

export const CLOUDFORMATION: Area = {
  name: 'CloudFormation',
  probes: [
    {
      what: "a queue's `RedrivePolicy`",
      aws: 'is what the template says',
      page: QUEUE,
      look: async (lab) => {
        const { RedrivePolicy } = await lab.attributes('Alive');
        return RedrivePolicy === undefined ? 'is dropped' : Number(JSON.parse(RedrivePolicy).maxReceiveCount) === 7 || 'is another';
      },
    },
    {
      what: "a queue's `RedriveAllowPolicy`",
      aws: 'is what the template says',
      page: QUEUE,
      look: async (lab) => /denyAll/.test((await lab.attributes('Decorated')).RedriveAllowPolicy ?? '') || 'is dropped',
    },
    {
      what: "a queue's `KmsMasterKeyId`",
      aws: 'is what the template says',
      page: QUEUE,
      look: async (lab) => (await lab.attributes('Decorated')).KmsMasterKeyId === 'alias/aws/sqs' || 'is dropped',
    },
    {
      what: "a queue's tags",
      aws: 'are what the template says',
      page: QUEUE,
      look: async (lab) => {
        const { Tags } = await lab.sqs.send(new ListQueueTagsCommand({ QueueUrl: lab.physicalId('Decorated') }));
        return Tags?.team === 'probes' || 'are dropped';
      },
    },
    {
      what: 'a FIFO queue without a name',
      aws: 'is given one that ends with `.fifo`',
      page: QUEUE,
      look: async (lab) => {
        const { FifoQueue } = await lab.attributes('Fifo');
        if (!lab.queueName('Fifo').endsWith('.fifo')) return 'is given one that does not';
        return FifoQueue === 'true' || 'is a standard queue';
      },
    },
    {
      what: 'a secret generated with `ExcludePunctuation`',
      aws: 'has letters and digits only',
      page: `${PAGES}/aws-properties-secretsmanager-secret-generatesecretstring.html`,
      look: async (lab) => {
        const { SecretString = '' } = await new SecretsManagerClient(lab.account).send(new GetSecretValueCommand({ SecretId: lab.physicalId('Secret') }));
        return /^[A-Za-z0-9]{64}$/.test(SecretString) || 'has punctuation';
      },
    },
    {
      what: '`Ref` of a secret',
      aws: 'is its ARN, so that a policy may name it',
      page: `${PAGES}/aws-resource-secretsmanager-secret.html`,
      look: async (lab) => lab.output('SecretRef') === lab.output('SecretArn') || 'is its name: a policy with it allows nothing',
    },
    {
      what: "a function's `ReservedConcurrentExecutions`",
      aws: 'is what the template says',
      page: `${PAGES}/aws-resource-lambda-function.html`,
      look: async (lab) => await peak(lab, 'Reserved') === 1 || 'is dropped',
    },
  ],
};
