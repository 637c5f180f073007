import { deepEqual, equal, ok } from 'node:assert/strict';
import { CreateQueueCommand, DeleteQueueCommand, GetQueueUrlCommand, ListQueuesCommand } from '@aws-sdk/client-sqs';
import type { ConformanceCase } from '../case';
import type { Endpoint } from '../endpoint';
import { fails, refuses, type SdkError } from '../refusals';
import { createQueue, nameOf, until } from '../steps';

const urlOf = ({ sqs }: Endpoint, QueueName: string) => sqs.send(new GetQueueUrlCommand({ QueueName }));

async function createThree({ sqs, newName }: Endpoint) {
  const prefix = newName('-list-');
  const urls: string[] = [];
  for (const end of ['c', 'a', 'b']) urls.push((await sqs.send(new CreateQueueCommand({ QueueName: `${prefix}${end}` }))).QueueUrl as string);
  return { prefix, urls: urls.sort() };
}

export const queueCases: ConformanceCase[] = [
  {
    id: 'queues/same-attributes',
    title: 'CreateQueue gives the URL of an existing queue with the same attributes',
    page: 'API_CreateQueue',
    says: 'If you specify the name of an existing queue and provide the exact same names and values for all its attributes, '
      + 'the CreateQueue action will return the URL of the existing queue instead of creating a new one.',
    async run({ sqs, newName }) {
      const input = { QueueName: newName(), Attributes: { DelaySeconds: '1', VisibilityTimeout: '7' } };
      const { QueueUrl } = await sqs.send(new CreateQueueCommand(input));
      equal((await sqs.send(new CreateQueueCommand(input))).QueueUrl, QueueUrl);
    },
  },
  {
    id: 'queues/other-attributes',
    title: 'CreateQueue refuses the name of an existing queue with other attributes',
    page: 'API_CreateQueue',
    says: 'A queue with this name already exists. Amazon SQS returns this error only if the request includes attributes '
      + 'whose values differ from those of the existing queue.',
    async run({ sqs, newName }) {
      const QueueName = newName();
      await sqs.send(new CreateQueueCommand({ QueueName, Attributes: { DelaySeconds: '1' } }));
      await fails(sqs.send(new CreateQueueCommand({ QueueName, Attributes: { DelaySeconds: '2' } })), 'QueueNameExists');
    },
  },
  {
    id: 'queues/name-length',
    title: 'a queue name has up to 80 characters',
    page: 'API_CreateQueue',
    says: 'A queue name can have up to 80 characters.',
    async run({ sqs, newName }) {
      const name = (length: number) => newName('-').padEnd(length, 'x');
      await sqs.send(new CreateQueueCommand({ QueueName: name(80) }));
      await refuses(sqs.send(new CreateQueueCommand({ QueueName: name(81) })), 'a name of 81 characters');
    },
  },
  {
    id: 'queues/name-characters',
    title: 'a queue name has letters, digits, hyphens and underscores',
    page: 'API_CreateQueue',
    says: 'Valid values: alphanumeric characters, hyphens (-), and underscores (_).',
    async run({ sqs, newName }) {
      await sqs.send(new CreateQueueCommand({ QueueName: newName('-Aa_0') }));
      for (const character of [' ', '.', '/', 'é']) {
        await refuses(sqs.send(new CreateQueueCommand({ QueueName: newName(`${character}x`) })), `a name with ${JSON.stringify(character)}`);
      }
    },
  },
  {
    id: 'queues/fifo-suffix',
    title: 'the name of a FIFO queue, and of no other, ends with .fifo',
    page: 'API_CreateQueue',
    says: 'A FIFO queue name must end with the .fifo suffix.',
    async run({ sqs, newName }) {
      await sqs.send(new CreateQueueCommand({ QueueName: newName('.fifo'), Attributes: { FifoQueue: 'true' } }));
      await refuses(sqs.send(new CreateQueueCommand({ QueueName: newName(), Attributes: { FifoQueue: 'true' } })), 'a FIFO queue without the suffix');
      await refuses(sqs.send(new CreateQueueCommand({ QueueName: newName('.fifo') })), 'a standard queue with the suffix');
    },
  },
  {
    id: 'queues/case-sensitive',
    title: 'names that differ in case are two queues',
    page: 'API_GetQueueUrl',
    says: 'Queue URLs and names are case-sensitive.',
    async run(endpoint) {
      const lower = nameOf(await createQueue(endpoint)).concat('-a');
      await endpoint.sqs.send(new CreateQueueCommand({ QueueName: lower }));
      await fails(urlOf(endpoint, lower.replace(/-a$/, '-A')), 'QueueDoesNotExist');
    },
  },
  {
    id: 'queues/get-url',
    title: 'GetQueueUrl finds a queue by its name',
    page: 'API_GetQueueUrl',
    says: 'The GetQueueUrl API returns the URL of an existing Amazon SQS queue.',
    async run(endpoint) {
      const QueueUrl = await createQueue(endpoint);
      equal((await urlOf(endpoint, nameOf(QueueUrl))).QueueUrl, QueueUrl);
      await fails(urlOf(endpoint, endpoint.newName()), 'QueueDoesNotExist');
    },
  },
  {
    id: 'queues/deleted',
    title: 'a deleted queue is gone',
    page: 'API_DeleteQueue',
    says: 'Deletes the queue specified by the QueueUrl, regardless of the queue\'s contents.',
    async run(endpoint) {
      const QueueUrl = await createQueue(endpoint);
      await endpoint.sqs.send(new DeleteQueueCommand({ QueueUrl }));
      await until('the queue is gone',
        () => urlOf(endpoint, nameOf(QueueUrl)).then(() => false, (error: SdkError) => error.name === 'QueueDoesNotExist'));
    },
  },
  {
    id: 'queues/deleted-recently',
    title: 'the name of a deleted queue is not free at once',
    page: 'API_CreateQueue',
    says: 'You must wait 60 seconds after deleting a queue before you can create another queue with the same name.',
    async run(endpoint) {
      const QueueUrl = await createQueue(endpoint);
      await endpoint.sqs.send(new DeleteQueueCommand({ QueueUrl }));
      await fails(endpoint.sqs.send(new CreateQueueCommand({ QueueName: nameOf(QueueUrl) })), 'QueueDeletedRecently');
    },
  },
  {
    id: 'queues/name-free-again',
    title: 'the name of a deleted queue is free after 60 seconds',
    page: 'API_DeleteQueue',
    says: 'When you delete a queue, you must wait at least 60 seconds before creating a queue with the same name.',
    needs: 'clock',
    async run(endpoint) {
      const QueueName = nameOf(await createQueue(endpoint));
      const { QueueUrl } = await urlOf(endpoint, QueueName);
      await endpoint.sqs.send(new DeleteQueueCommand({ QueueUrl }));
      await endpoint.clock.elapse(59);
      await fails(endpoint.sqs.send(new CreateQueueCommand({ QueueName })), 'QueueDeletedRecently');
      await endpoint.clock.elapse(1);
      equal((await endpoint.sqs.send(new CreateQueueCommand({ QueueName }))).QueueUrl, QueueUrl);
    },
  },
  {
    id: 'queues/list-prefix',
    title: 'ListQueues lists by the beginning of the name',
    page: 'API_ListQueues',
    says: 'If you specify a value for the optional QueueNamePrefix parameter, only queues with a name that begins with the specified value are returned.',
    async run(endpoint) {
      const { prefix, urls } = await createThree(endpoint);
      const { QueueUrls, NextToken } = await endpoint.sqs.send(new ListQueuesCommand({ QueueNamePrefix: prefix }));
      deepEqual(QueueUrls?.slice().sort(), urls);
      ok(!NextToken, 'a token only comes with MaxResults');
    },
  },
  {
    id: 'queues/list-pages',
    title: 'ListQueues lists in pages',
    page: 'API_ListQueues',
    says: 'If you set MaxResults and there are additional results to display, the response includes a value for NextToken.',
    async run(endpoint) {
      const { prefix, urls } = await createThree(endpoint);
      const list = (MaxResults: number, NextToken?: string) =>
        endpoint.sqs.send(new ListQueuesCommand({ QueueNamePrefix: prefix, MaxResults, NextToken }));
      const first = await list(2);
      equal(first.QueueUrls?.length, 2);
      ok(first.NextToken, 'there is another page');
      const second = await list(2, first.NextToken);
      deepEqual([...first.QueueUrls, ...second.QueueUrls ?? []].sort(), urls);
      ok(!second.NextToken, 'there is no third page');
      ok(!(await list(3)).NextToken, 'one page takes all three');
    },
  },
  {
    id: 'queues/list-limit',
    title: 'a page of ListQueues has 1 to 1,000 queues',
    page: 'API_ListQueues',
    says: 'Maximum number of results to include in the response. Value range is 1 to 1000.',
    async run({ sqs, newName }) {
      const list = (MaxResults: number) => sqs.send(new ListQueuesCommand({ QueueNamePrefix: newName(), MaxResults }));
      await list(1000);
      await refuses(list(1001), 'MaxResults 1001');
      await refuses(list(0), 'MaxResults 0');
    },
  },
];
