import { deepEqual } from 'node:assert/strict';
import { CreateQueueCommand, ListQueueTagsCommand, TagQueueCommand, UntagQueueCommand } from '@aws-sdk/client-sqs';
import type { ConformanceCase } from '../case';
import type { Endpoint } from '../endpoint';
import { refuses } from '../refusals';
import { createQueue } from '../steps';

interface Tags {
  readonly [key: string]: string;
}

const tagsOf = async ({ sqs }: Endpoint, QueueUrl: string | undefined) => (await sqs.send(new ListQueueTagsCommand({ QueueUrl }))).Tags ?? {};
const tag = ({ sqs }: Endpoint, QueueUrl: string, Tags: Tags) => sqs.send(new TagQueueCommand({ QueueUrl, Tags }));

export const tagCases: ConformanceCase[] = [
  {
    id: 'tags/created',
    title: 'a queue may be created with tags',
    page: 'API_CreateQueue',
    says: 'Add cost allocation tags to the specified Amazon SQS queue.',
    async run(endpoint) {
      const { QueueUrl } = await endpoint.sqs.send(new CreateQueueCommand({ QueueName: endpoint.newName(), tags: { a: '1', b: '2' } }));
      deepEqual(await tagsOf(endpoint, QueueUrl), { a: '1', b: '2' });
    },
  },
  {
    id: 'tags/overwritten',
    title: 'a new tag overwrites one with the same key',
    page: 'API_TagQueue',
    says: 'A new tag with a key identical to that of an existing tag overwrites the existing tag.',
    async run(endpoint) {
      const QueueUrl = await createQueue(endpoint);
      await tag(endpoint, QueueUrl, { a: '1', b: '2' });
      await tag(endpoint, QueueUrl, { b: '3', c: '4' });
      deepEqual(await tagsOf(endpoint, QueueUrl), { a: '1', b: '3', c: '4' });
    },
  },
  {
    id: 'tags/removed',
    title: 'tags are taken away by key',
    page: 'API_UntagQueue',
    says: 'Remove cost allocation tags from the specified Amazon SQS queue.',
    async run(endpoint) {
      const QueueUrl = await createQueue(endpoint);
      await tag(endpoint, QueueUrl, { a: '1', b: '2' });
      await endpoint.sqs.send(new UntagQueueCommand({ QueueUrl, TagKeys: ['a', 'nobody'] }));
      deepEqual(await tagsOf(endpoint, QueueUrl), { b: '2' });
    },
  },
  {
    id: 'tags/case-sensitive',
    title: 'tags that differ in case are two tags',
    page: 'API_TagQueue',
    says: 'Tags are case-sensitive.',
    async run(endpoint) {
      const QueueUrl = await createQueue(endpoint);
      await tag(endpoint, QueueUrl, { key: 'a', Key: 'A' });
      deepEqual(await tagsOf(endpoint, QueueUrl), { key: 'a', Key: 'A' });
    },
  },
  {
    id: 'tags/empty-value',
    title: 'a tag needs no value',
    page: 'quotas-queues',
    says: 'The tag Value may be empty or null.',
    async run(endpoint) {
      const QueueUrl = await createQueue(endpoint);
      await tag(endpoint, QueueUrl, { a: '' });
      deepEqual(await tagsOf(endpoint, QueueUrl), { a: '' });
      await refuses(tag(endpoint, QueueUrl, { '': 'a' }), 'a tag without a key');
    },
  },
  {
    id: 'tags/key-length',
    title: 'the key of a tag has up to 128 characters',
    page: 'quotas-queues',
    says: 'The maximum tag Key length is 128 Unicode characters in UTF-8.',
    async run(endpoint) {
      const QueueUrl = await createQueue(endpoint);
      await tag(endpoint, QueueUrl, { ['é'.repeat(128)]: 'a' });
      await refuses(tag(endpoint, QueueUrl, { ['é'.repeat(129)]: 'a' }), 'a key of 129 characters');
    },
  },
  {
    id: 'tags/value-length',
    title: 'the value of a tag has up to 256 characters',
    page: 'quotas-queues',
    says: 'The maximum tag Value length is 256 Unicode characters in UTF-8.',
    async run(endpoint) {
      const QueueUrl = await createQueue(endpoint);
      await tag(endpoint, QueueUrl, { a: 'é'.repeat(256) });
      await refuses(tag(endpoint, QueueUrl, { a: 'é'.repeat(257) }), 'a value of 257 characters');
    },
  },
  {
    id: 'tags/reserved',
    title: 'tags do not begin with aws:',
    page: 'quotas-queues',
    says: 'The tag Key or Value must not include the reserved prefix aws:',
    async run(endpoint) {
      const QueueUrl = await createQueue(endpoint);
      await tag(endpoint, QueueUrl, { 'team:aws': 'a' });
      await refuses(tag(endpoint, QueueUrl, { 'aws:team': 'a' }), 'a key that begins with aws:');
    },
  },
];
