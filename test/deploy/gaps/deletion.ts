import { GetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import type { Lab } from './lab';
import type { Area } from './probe';

const GUIDE = 'https://docs.aws.amazon.com/AWSCloudFormation/latest';

/** Looked at last, one after the other. */
export const DELETION: Area = {
  name: 'Deletion of a stack',
  probes: [
    {
      what: '`DeleteStack` by ARN, as `cdk destroy` calls it',
      aws: 'deletes the stack',
      page: `${GUIDE}/APIReference/API_DeleteStack.html`,
      look: async (lab) => await lab.delete() || 'does nothing',
    },
    {
      what: 'a queue with the deletion policy `Retain`',
      aws: 'stays',
      page: `${GUIDE}/TemplateReference/aws-attribute-deletionpolicy.html`,
      look: async (lab) => await exists(lab, 'Retained') || 'is deleted',
    },
    {
      what: 'a queue without a deletion policy',
      aws: 'is deleted',
      page: `${GUIDE}/TemplateReference/aws-attribute-deletionpolicy.html`,
      look: async (lab) => !await exists(lab, 'Deleted') || 'stays',
    },
  ],
};

async function exists(lab: Lab, queue: string): Promise<boolean> {
  try {
    await lab.sqs.send(new GetQueueAttributesCommand({ QueueUrl: lab.physicalId(queue) }));
    return true;
  } catch (error) {
    if (/NonExistent|DoesNotExist/.test((error as Error).name)) return false;
    throw error;
  }
}
