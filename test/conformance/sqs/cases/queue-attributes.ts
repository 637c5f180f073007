import { deepEqual, equal, ok } from 'node:assert/strict';
import { GetQueueAttributesCommand, type QueueAttributeName } from '@aws-sdk/client-sqs';
import type { ConformanceCase } from '../case';
import { fails, refuses } from '../refusals';
import { attributesOf, createQueue, FIFO, receiveOne, send, setAttributes, until } from '../steps';

interface Range {
  readonly name: QueueAttributeName;
  readonly min: number;
  readonly max: number;
  readonly says: string;
}

const RANGES: Range[] = [
  { name: 'DelaySeconds', min: 0, max: 900, says: 'Valid values: An integer from 0 to 900 seconds (15 minutes).' },
  {
    name: 'MaximumMessageSize', min: 1024, max: 1_048_576,
    says: 'The limit of how many bytes a message can contain before Amazon SQS rejects it. '
      + 'Valid values: An integer from 1,024 bytes (1 KiB) to 1,048,576 bytes (1 MiB).',
  },
  { name: 'MessageRetentionPeriod', min: 60, max: 1_209_600, says: 'Valid values: An integer from 60 seconds (1 minute) to 1,209,600 seconds (14 days).' },
  { name: 'ReceiveMessageWaitTimeSeconds', min: 0, max: 20, says: 'Valid values: An integer from 0 to 20 (seconds).' },
  { name: 'VisibilityTimeout', min: 0, max: 43_200, says: 'Valid values: An integer from 0 to 43,200 (12 hours).' },
];

const rangeCases: ConformanceCase[] = RANGES.map(({ name, min, max, says }) => ({
  id: `attributes/${name}`,
  title: `${name} is from ${min.toLocaleString('en')} to ${max.toLocaleString('en')}`,
  page: 'API_CreateQueue',
  says,
  async run(endpoint) {
    const QueueUrl = await createQueue(endpoint, { [name]: String(min) });
    await setAttributes(endpoint, QueueUrl, { [name]: String(max) });
    for (const value of [String(min - 1), String(max + 1), 'x']) {
      await refuses(setAttributes(endpoint, QueueUrl, { [name]: value }), `${name} ${value}`);
      await refuses(createQueue(endpoint, { [name]: value }), `${name} ${value} of a new queue`);
    }
    deepEqual(await attributesOf(endpoint, QueueUrl, name), { [name]: String(max) });
  },
}));

export const attributeCases: ConformanceCase[] = [
  {
    id: 'attributes/defaults',
    title: 'a new queue has the default of every attribute',
    page: 'API_CreateQueue',
    says: 'If you don\'t provide a value for an attribute, the queue is created with the default value for the attribute.',
    async run(endpoint) {
      const { DelaySeconds, MessageRetentionPeriod, ReceiveMessageWaitTimeSeconds, VisibilityTimeout } =
        await attributesOf(endpoint, await createQueue(endpoint));
      deepEqual({ DelaySeconds, MessageRetentionPeriod, ReceiveMessageWaitTimeSeconds, VisibilityTimeout },
        { DelaySeconds: '0', MessageRetentionPeriod: '345600', ReceiveMessageWaitTimeSeconds: '0', VisibilityTimeout: '30' });
    },
  },
  {
    id: 'attributes/default-size',
    title: 'a new queue takes messages of 1 MiB',
    page: 'API_CreateQueue',
    says: 'Default: 1,048,576 bytes (1 MiB).',
    async run(endpoint) {
      deepEqual(await attributesOf(endpoint, await createQueue(endpoint), 'MaximumMessageSize'), { MaximumMessageSize: '1048576' });
    },
  },
  ...rangeCases,
  {
    id: 'attributes/asked',
    title: 'GetQueueAttributes gives what is asked for',
    page: 'API_GetQueueAttributes',
    says: 'A list of attributes for which to retrieve information.',
    async run(endpoint) {
      const QueueUrl = await createQueue(endpoint, { VisibilityTimeout: '7' });
      deepEqual(await attributesOf(endpoint, QueueUrl, 'VisibilityTimeout', 'DelaySeconds'), { VisibilityTimeout: '7', DelaySeconds: '0' });
    },
  },
  {
    id: 'attributes/none-asked',
    title: 'GetQueueAttributes gives nothing when nothing is asked for',
    page: 'API_GetQueueAttributes',
    says: 'The AttributeNames parameter is optional, but if you don\'t specify values for this parameter, the request returns empty results.',
    async run(endpoint) {
      const { Attributes = {} } = await endpoint.sqs.send(new GetQueueAttributesCommand({ QueueUrl: await createQueue(endpoint) }));
      deepEqual(Attributes, {});
    },
  },
  {
    id: 'attributes/unknown',
    title: 'an attribute that does not exist is InvalidAttributeName',
    page: 'API_GetQueueAttributes',
    says: 'The specified attribute doesn\'t exist.',
    async run(endpoint) {
      const QueueUrl = await createQueue(endpoint);
      await fails(attributesOf(endpoint, QueueUrl, 'Nonsense' as 'All'), 'InvalidAttributeName');
      await fails(setAttributes(endpoint, QueueUrl, { Nonsense: '1' } as object), 'InvalidAttributeName');
      await fails(createQueue(endpoint, { Nonsense: '1' } as object), 'InvalidAttributeName');
    },
  },
  {
    id: 'attributes/invalid',
    title: 'a value that is not allowed is InvalidAttributeValue',
    page: 'API_SetQueueAttributes',
    says: 'A queue attribute value is invalid.',
    async run(endpoint) {
      const QueueUrl = await createQueue(endpoint);
      await fails(setAttributes(endpoint, QueueUrl, { VisibilityTimeout: '43201' }), 'InvalidAttributeValue');
    },
  },
  {
    id: 'attributes/fifo-fixed',
    title: 'a queue stays FIFO or standard',
    page: 'API_CreateQueue',
    says: 'You can\'t change the queue type after you create it and you can\'t convert an existing standard queue into a FIFO queue.',
    async run(endpoint) {
      const standard = await createQueue(endpoint);
      const fifo = await createQueue(endpoint, FIFO);
      await refuses(setAttributes(endpoint, standard, { FifoQueue: 'true' }), 'FifoQueue for a standard queue');
      await refuses(setAttributes(endpoint, fifo, { FifoQueue: 'false' }), 'FifoQueue false for a FIFO queue');
      equal((await attributesOf(endpoint, fifo))['FifoQueue'], 'true');
      ok(!('FifoQueue' in await attributesOf(endpoint, standard)), 'a standard queue has the attribute FifoQueue');
    },
  },
  {
    id: 'attributes/high-throughput',
    title: 'a throughput limit per message group needs deduplication per message group',
    page: 'API_SetQueueAttributes',
    says: 'The perMessageGroupId value is allowed only when the value for DeduplicationScope is messageGroup.',
    async run(endpoint) {
      const QueueUrl = await createQueue(endpoint, FIFO);
      await refuses(setAttributes(endpoint, QueueUrl, { FifoThroughputLimit: 'perMessageGroupId' }), 'perMessageGroupId alone');
      const attributes = { DeduplicationScope: 'messageGroup', FifoThroughputLimit: 'perMessageGroupId' };
      await setAttributes(endpoint, QueueUrl, attributes);
      deepEqual(await attributesOf(endpoint, QueueUrl, 'DeduplicationScope', 'FifoThroughputLimit'), attributes);
    },
  },
  {
    id: 'attributes/timestamps',
    title: 'a queue knows in seconds when it was made and changed',
    page: 'API_GetQueueAttributes',
    says: 'LastModifiedTimestamp – Returns the time when the queue was last changed in seconds (epoch time).',
    async run(endpoint) {
      const QueueUrl = await createQueue(endpoint);
      const made = await attributesOf(endpoint, QueueUrl, 'CreatedTimestamp', 'LastModifiedTimestamp');
      ok(Math.abs(Number(made['CreatedTimestamp']) - await endpoint.clock.now() / 1000) < 60, `made at ${made['CreatedTimestamp']}`);
      await endpoint.clock.elapse(2);
      await setAttributes(endpoint, QueueUrl, { DelaySeconds: '1' });
      const changed = await attributesOf(endpoint, QueueUrl, 'CreatedTimestamp', 'LastModifiedTimestamp');
      equal(changed['CreatedTimestamp'], made['CreatedTimestamp']);
      ok(Number(changed['LastModifiedTimestamp']) > Number(made['LastModifiedTimestamp']), 'the change shows');
    },
  },
  {
    id: 'attributes/counts',
    title: 'a queue counts its messages that are available, in flight and delayed',
    page: 'API_GetQueueAttributes',
    says: 'Messages are considered to be in flight if they have been sent to a client but have not yet been deleted '
      + 'or have not yet reached the end of their visibility window.',
    async run(endpoint) {
      const QueueUrl = await createQueue(endpoint);
      await send(endpoint, QueueUrl, 'in flight');
      await receiveOne(endpoint, QueueUrl);
      await send(endpoint, QueueUrl, 'delayed', { DelaySeconds: 900 });
      for (const body of ['a', 'b']) await send(endpoint, QueueUrl, body);
      await until('there are 2 messages, 1 in flight and 1 delayed', async () => {
        const attributes = await attributesOf(endpoint, QueueUrl);
        return ['', 'NotVisible', 'Delayed'].map((state) => attributes[`ApproximateNumberOfMessages${state}`]).join() === '2,1,1';
      });
    },
  },
  {
    id: 'attributes/one-encryption',
    title: 'a queue has one kind of encryption at a time',
    page: 'API_SetQueueAttributes',
    says: 'Only one server-side encryption option is supported per queue (for example, SSE-KMS or SSE-SQS).',
    async run(endpoint) {
      const QueueUrl = await createQueue(endpoint);
      await setAttributes(endpoint, QueueUrl, { KmsMasterKeyId: 'alias/aws/sqs' });
      const { KmsMasterKeyId, SqsManagedSseEnabled } = await attributesOf(endpoint, QueueUrl);
      equal(KmsMasterKeyId, 'alias/aws/sqs');
      ok(SqsManagedSseEnabled !== 'true', 'the queue has both kinds');
    },
  },
  {
    id: 'attributes/policy',
    title: 'a queue keeps its policy',
    page: 'API_SetQueueAttributes',
    says: 'Policy – The queue\'s policy. A valid Amazon Web Services policy.',
    async run(endpoint) {
      const Policy = JSON.stringify({
        Version: '2012-10-17', Statement: [{ Sid: 'a', Effect: 'Deny', Principal: '*', Action: 'sqs:SendMessage', Resource: '*' }],
      });
      const QueueUrl = await createQueue(endpoint, { Policy });
      deepEqual(JSON.parse((await attributesOf(endpoint, QueueUrl, 'Policy'))['Policy'] ?? 'null'), JSON.parse(Policy));
      await refuses(setAttributes(endpoint, QueueUrl, { Policy: 'nonsense' }), 'a policy that is no JSON');
    },
  },
];
