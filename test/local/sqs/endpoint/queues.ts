import { deepEqual, equal, ok } from 'node:assert/strict';
import {
  CreateQueueCommand, DeleteQueueCommand, GetQueueAttributesCommand, GetQueueUrlCommand, ListDeadLetterSourceQueuesCommand, ListQueuesCommand,
  ListQueueTagsCommand, PurgeQueueCommand, SendMessageCommand, SetQueueAttributesCommand, TagQueueCommand, UntagQueueCommand,
} from '@aws-sdk/client-sqs';
import { arnOf, attributesOf, createQueue, type EndpointCase, fails, INVALID_VALUE, NO_QUEUE } from './endpoint';

const NO_ATTRIBUTE = { name: 'InvalidAttributeName', code: 'InvalidAttributeName', status: 400 };

export const queueCases: EndpointCase[] = [
  {
    title: 'GetQueueUrl finds a queue by its name',
    async run(endpoint) {
      const QueueUrl = await createQueue(endpoint);
      const QueueName = QueueUrl.slice(QueueUrl.lastIndexOf('/') + 1);
      equal((await endpoint.sqs.send(new GetQueueUrlCommand({ QueueName }))).QueueUrl, QueueUrl);
      await fails(endpoint.sqs.send(new GetQueueUrlCommand({ QueueName: `${QueueName}x` })), NO_QUEUE);
      await fails(endpoint.sqs.send(new GetQueueUrlCommand({ QueueName, QueueOwnerAWSAccountId: '999999999999' })), NO_QUEUE);
    },
  },
  {
    title: 'a new queue has every attribute of its type, and no other',
    async run(endpoint) {
      const standard = await attributesOf(endpoint, await createQueue(endpoint));
      const { CreatedTimestamp, LastModifiedTimestamp, QueueArn, ...rest } = standard;
      ok(Math.abs(Number(CreatedTimestamp) - Date.now() / 1000) < 60, 'CreatedTimestamp is in seconds');
      equal(LastModifiedTimestamp, CreatedTimestamp);
      ok(QueueArn?.startsWith('arn:aws:sqs:'), QueueArn);
      deepEqual(rest, {
        ApproximateNumberOfMessages: '0', ApproximateNumberOfMessagesNotVisible: '0', ApproximateNumberOfMessagesDelayed: '0',
        DelaySeconds: '0', MaximumMessageSize: '1048576', MessageRetentionPeriod: '345600', ReceiveMessageWaitTimeSeconds: '0',
        VisibilityTimeout: '30', SqsManagedSseEnabled: 'true',
      });
      const fifo = await attributesOf(endpoint, await createQueue(endpoint, { FifoQueue: 'true' }));
      deepEqual(Object.keys(fifo).filter((name) => !(name in standard)).sort(),
        ['ContentBasedDeduplication', 'DeduplicationScope', 'FifoQueue', 'FifoThroughputLimit']);
    },
  },
  {
    title: 'GetQueueAttributes gives what is asked for, and nothing when nothing is',
    async run(endpoint) {
      const QueueUrl = await createQueue(endpoint, { VisibilityTimeout: '7' });
      deepEqual(await attributesOf(endpoint, QueueUrl, 'VisibilityTimeout', 'RedrivePolicy'), { VisibilityTimeout: '7' });
      equal((await endpoint.sqs.send(new GetQueueAttributesCommand({ QueueUrl }))).Attributes, undefined);
      await fails(endpoint.sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['Nonsense' as 'All'] })),
        { ...NO_ATTRIBUTE, message: 'Unknown Attribute Nonsense.' });
    },
  },
  {
    title: 'SetQueueAttributes changes attributes and refuses values out of range',
    async run(endpoint) {
      const QueueUrl = await createQueue(endpoint);
      const set = (Attributes: { [name: string]: string }) => endpoint.sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes }));
      await set({ DelaySeconds: '9', ReceiveMessageWaitTimeSeconds: '3' });
      deepEqual(await attributesOf(endpoint, QueueUrl, 'DelaySeconds', 'ReceiveMessageWaitTimeSeconds'),
        { DelaySeconds: '9', ReceiveMessageWaitTimeSeconds: '3' });
      await fails(set({ VisibilityTimeout: '43201' }), { name: 'InvalidAttributeValue', code: 'InvalidAttributeValue', status: 400 });
      await fails(set({ FifoQueue: 'true' }), NO_ATTRIBUTE);
      await fails(set({ Nonsense: '1' }), NO_ATTRIBUTE);
    },
  },
  {
    title: 'CreateQueue gives an existing queue, unless an attribute differs',
    async run({ sqs, newName }) {
      const QueueName = newName();
      const create = (Attributes?: { [name: string]: string }) => sqs.send(new CreateQueueCommand({ QueueName, Attributes }));
      const { QueueUrl } = await create({ DelaySeconds: '1' });
      equal((await create({ DelaySeconds: '1' })).QueueUrl, QueueUrl);
      equal((await create()).QueueUrl, QueueUrl);
      await fails(create({ DelaySeconds: '2' }), {
        name: 'QueueNameExists', code: 'QueueAlreadyExists', status: 400,
        message: 'A queue already exists with the same name and a different value for attribute DelaySeconds',
      });
    },
  },
  {
    title: 'CreateQueue refuses names that are not allowed',
    async run({ sqs, newName }) {
      const create = (QueueName: string, Attributes: { [name: string]: string } = {}) => sqs.send(new CreateQueueCommand({ QueueName, Attributes }));
      await fails(create('with space'), INVALID_VALUE);
      await fails(create('x'.repeat(81)), INVALID_VALUE);
      await fails(create(newName('.fifo')), INVALID_VALUE);
      await fails(create(newName(), { FifoQueue: 'true' }), INVALID_VALUE);
    },
  },
  {
    title: 'a deleted queue is gone, and its name is not free for 60 seconds',
    async run(endpoint) {
      const QueueUrl = await createQueue(endpoint);
      const QueueName = QueueUrl.slice(QueueUrl.lastIndexOf('/') + 1);
      await endpoint.sqs.send(new DeleteQueueCommand({ QueueUrl }));
      await fails(endpoint.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'a' })), NO_QUEUE);
      await fails(endpoint.sqs.send(new CreateQueueCommand({ QueueName })),
        { name: 'QueueDeletedRecently', code: 'AWS.SimpleQueueService.QueueDeletedRecently', status: 400 });
    },
  },
  {
    title: 'what is no URL is no address',
    async run({ sqs }) {
      await fails(sqs.send(new SendMessageCommand({ QueueUrl: 'orders', MessageBody: 'a' })),
        { name: 'InvalidAddress', code: 'InvalidAddress', status: 404 });
    },
  },
  {
    title: 'ListQueues lists by prefix and in pages',
    async run({ sqs, newName }) {
      const prefix = newName('-list-');
      const created: (string | undefined)[] = [];
      for (const end of ['c', 'a', 'b']) created.push((await sqs.send(new CreateQueueCommand({ QueueName: `${prefix}${end}` }))).QueueUrl);
      const all = await sqs.send(new ListQueuesCommand({ QueueNamePrefix: prefix }));
      deepEqual(all.QueueUrls?.slice().sort(), created.slice().sort());
      equal(all.NextToken, undefined);
      const listed: string[] = [];
      let NextToken: string | undefined;
      do {
        const page = await sqs.send(new ListQueuesCommand({ QueueNamePrefix: prefix, MaxResults: 2, NextToken }));
        ok((page.QueueUrls?.length ?? 0) <= 2);
        listed.push(...page.QueueUrls ?? []);
        NextToken = page.NextToken;
      } while (NextToken);
      deepEqual(listed.sort(), created.slice().sort());
      equal((await sqs.send(new ListQueuesCommand({ QueueNamePrefix: newName('-none') }))).QueueUrls, undefined);
      await fails(sqs.send(new ListQueuesCommand({ MaxResults: 1001 })), INVALID_VALUE);
      await fails(sqs.send(new ListQueuesCommand({ MaxResults: 2, NextToken: 'nonsense!' })), INVALID_VALUE);
    },
  },
  {
    title: 'ListDeadLetterSourceQueues lists the queues that name this one',
    async run(endpoint) {
      const QueueUrl = await createQueue(endpoint);
      const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: await arnOf(endpoint, QueueUrl), maxReceiveCount: 3 });
      const sources = [await createQueue(endpoint, { RedrivePolicy }), await createQueue(endpoint, { RedrivePolicy })];
      await createQueue(endpoint);
      const list = (input: { MaxResults?: number; NextToken?: string } = {}) =>
        endpoint.sqs.send(new ListDeadLetterSourceQueuesCommand({ QueueUrl, ...input }));
      deepEqual((await list()).queueUrls?.slice().sort(), sources.slice().sort());
      const first = await list({ MaxResults: 1 });
      const second = await list({ MaxResults: 1, NextToken: first.NextToken });
      deepEqual([...first.queueUrls ?? [], ...second.queueUrls ?? []].sort(), sources.slice().sort());
      equal(second.NextToken, undefined);
    },
  },
  {
    title: 'tags are set, overwritten, listed and taken away',
    async run(endpoint) {
      const { sqs, newName } = endpoint;
      const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: newName(), tags: { a: '1', b: '2' } }));
      const tags = async () => (await sqs.send(new ListQueueTagsCommand({ QueueUrl }))).Tags;
      deepEqual(await tags(), { a: '1', b: '2' });
      await sqs.send(new TagQueueCommand({ QueueUrl, Tags: { b: '3', c: '' } }));
      deepEqual(await tags(), { a: '1', b: '3', c: '' });
      await sqs.send(new UntagQueueCommand({ QueueUrl, TagKeys: ['a', 'b', 'c', 'd'] }));
      equal(await tags(), undefined);
    },
  },
  {
    title: 'PurgeQueue deletes every message, once in 60 seconds',
    async run(endpoint) {
      const QueueUrl = await createQueue(endpoint);
      await endpoint.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'a' }));
      await endpoint.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'b', DelaySeconds: 900 }));
      await endpoint.sqs.send(new PurgeQueueCommand({ QueueUrl }));
      deepEqual(await attributesOf(endpoint, QueueUrl, 'ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesDelayed'),
        { ApproximateNumberOfMessages: '0', ApproximateNumberOfMessagesDelayed: '0' });
      await fails(endpoint.sqs.send(new PurgeQueueCommand({ QueueUrl })), {
        name: 'PurgeQueueInProgress', code: 'AWS.SimpleQueueService.PurgeQueueInProgress', status: 403,
        message: /^Only one PurgeQueue operation on .+ is allowed every 60 seconds\.$/,
      });
    },
  },
];
