import { SendMessageCommand } from '@aws-sdk/client-sqs';
import type { Lab } from './lab';
import { peak } from './peak';
import type { Area, Probe } from './probe';
import type { SqsRecord } from './recorder';

const GUIDE = 'https://docs.aws.amazon.com/lambda/latest/dg';
const ERRORS = `${GUIDE}/services-sqs-errorhandling.html`;
const PARAMETERS = `${GUIDE}/services-sqs-parameters.html`;
const SCALING = `${GUIDE}/services-sqs-scaling.html`;
const EVENT = `${GUIDE}/with-sqs.html`;

export const MAPPINGS: Area = {
  name: 'Event source mappings of queues',
  probes: [
    {
      what: 'a partial batch response',
      aws: 'brings back the messages it names after their visibility timeout, and no other',
      page: ERRORS,
      look: async (lab) => {
        for (const body of ['fail', 'succeed']) await lab.send('Partial', body);
        if (!await comesAgain(lab, 'Partial', 'fail')) return 'deletes all';
        return lab.receives('Partial', 'succeed') === 1 || 'brings back all';
      },
    },
    ...['empty identifier', 'unknown identifier'].map((body): Probe => ({
      what: `a partial batch response with an ${body}`,
      aws: 'brings back the whole batch',
      page: ERRORS,
      look: async (lab) => {
        const queue = body === 'empty identifier' ? 'EmptyIdentifier' : 'UnknownIdentifier';
        await lab.send(queue, body);
        return await comesAgain(lab, queue, body) || 'is taken for a success: the batch is deleted';
      },
    })),
    {
      what: 'a function that throws',
      aws: 'brings back the whole batch',
      page: ERRORS,
      look: async (lab) => {
        await lab.send('Throwing', 'throw');
        return await comesAgain(lab, 'Throwing', 'throw') || 'deletes it';
      },
    },
    {
      what: 'filter criteria',
      aws: 'keep messages that do not match from the function, and delete them',
      page: `${GUIDE}/invocation-eventfiltering.html`,
      look: async (lab) => {
        for (const keep of [false, true]) await lab.send('Filtered', JSON.stringify({ keep }));
        if (!await lab.until(() => lab.receives('Filtered', '{"keep":true}') > 0 || undefined)) return 'keep all from it';
        if (lab.receives('Filtered', '{"keep":false}') > 0) return 'are not applied';
        return await lab.until(async () => await lab.isEmpty('Filtered') || undefined) ?? 'keep them from it, and leave them in the queue';
      },
    },
    {
      what: '`MaximumBatchingWindowInSeconds`',
      aws: 'gathers what comes within it',
      page: PARAMETERS,
      look: async (lab) => {
        await lab.send('Window', 'first');
        await new Promise((resolve) => setTimeout(resolve, 1_500));
        await lab.send('Window', 'second');
        await lab.until(() => lab.batches('Window').flat().length >= 2 || undefined);
        return lab.batches('Window').length === 1 || 'is not applied';
      },
    },
    {
      what: 'a `BatchSize` of 100, with a window',
      aws: 'makes batches of more than 10',
      page: PARAMETERS,
      look: async (lab) => {
        await lab.sendMany('BigBatch', 'one of many', 40);
        await lab.until(() => lab.batches('BigBatch').flat().length >= 40 || undefined);
        return Math.max(...lab.batches('BigBatch').map(({ length }) => length)) > 10 || 'makes batches of 10 at most';
      },
    },
    {
      what: 'batches of one queue',
      aws: 'are worked on at the same time',
      page: SCALING,
      look: async (lab) => await peak(lab, 'Parallel') > 1 || 'come one after the other',
    },
    {
      what: '`MaximumConcurrency`',
      aws: 'is kept',
      page: `${SCALING}#events-sqs-max-concurrency`,
      look: async (lab) => await peak(lab, 'Limited') <= 2 || 'is not kept',
    },
    {
      what: 'the message attributes of a record',
      aws: 'have `stringListValues` and `binaryListValues`',
      page: EVENT,
      look: async (lab) => {
        const { messageAttributes } = await record(lab);
        const { stringValue, stringListValues, binaryListValues, dataType } = messageAttributes['Reason'] ?? {};
        if (stringValue !== 'gone' || dataType !== 'String') return 'are missing';
        return (Array.isArray(stringListValues) && Array.isArray(binaryListValues)) || 'have neither';
      },
    },
    {
      what: 'the record of a message that was sent to a standard queue with a `MessageGroupId`',
      aws: 'has it',
      page: 'https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-fair-queues.html',
      look: async (lab) => (await record(lab)).attributes['MessageGroupId'] === 'tenant' || 'does not have it',
    },
    {
      what: 'a queue whose visibility timeout is shorter than the timeout of the function',
      aws: 'is refused a mapping',
      look: async (lab) => (lab.physicalId('ImpatientMapping') ? 'is given one' : true),
    },
  ],
};

/** Whether a message is given to the function a second time. Otherwise its queue is empty in the end. */
async function comesAgain(lab: Lab, queue: string, body: string): Promise<boolean> {
  await lab.until(() => lab.receives(queue, body) > 0 || undefined);
  return await lab.until(async () => lab.receives(queue, body) > 1 || (await lab.isEmpty(queue) ? false : undefined)) ?? false;
}

const records = new WeakMap<Lab, Promise<SqsRecord>>();

/** The record of one message with all that a message may have. */
function record(lab: Lab): Promise<SqsRecord> {
  const known = records.get(lab) ?? sendRecord(lab);
  records.set(lab, known);
  return known;
}

async function sendRecord(lab: Lab): Promise<SqsRecord> {
  await lab.sqs.send(new SendMessageCommand({
    QueueUrl: lab.physicalId('Record'), MessageBody: 'with attributes', MessageGroupId: 'tenant',
    MessageAttributes: { Reason: { DataType: 'String', StringValue: 'gone' } },
  }));
  const found = await lab.until(() => lab.batches('Record')[0]?.[0]);
  if (!found) throw new Error('the mapping of the queue "Record" brought nothing');
  return found;
}
