import { equal, ok } from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Message } from '@aws-sdk/client-sqs';
import type { ConformanceCase } from '../case';
import type { Endpoint } from '../endpoint';
import { refuses } from '../refusals';
import { createQueue, receive, receiveOne, send } from '../steps';

/** Waits of clients outside are real, whatever clock the endpoint is on. */
async function timed(endpoint: Endpoint, QueueUrl: string, input: object): Promise<{ messages: Message[]; seconds: number }> {
  const begun = performance.now();
  const messages = await receive(endpoint, QueueUrl, { ...input });
  return { messages, seconds: (performance.now() - begun) / 1000 };
}

/** Holds a poll of 15 seconds to its end soon after what ends it. */
async function wakes(endpoint: Endpoint, QueueUrl: string, cause: () => Promise<unknown>): Promise<void> {
  const poll = timed(endpoint, QueueUrl, { WaitTimeSeconds: 15 });
  await sleep(300);
  await cause();
  const { messages, seconds } = await poll;
  equal(messages.length, 1, `${messages.length} messages after ${seconds.toFixed(1)} s`);
  ok(seconds < 8, `the poll ended after ${seconds.toFixed(1)} s only`);
}

export const longPollingCases: ConformanceCase[] = [
  {
    id: 'long-polling/wakes',
    title: 'a long poll ends when a message arrives',
    page: 'API_ReceiveMessage',
    says: 'If a message is available, the call returns sooner than WaitTimeSeconds.',
    async run(endpoint) {
      const QueueUrl = await createQueue(endpoint);
      await wakes(endpoint, QueueUrl, () => send(endpoint, QueueUrl, 'a'));
    },
  },
  {
    id: 'long-polling/wakes-after-delay',
    title: 'a long poll ends when a message\'s delay is over',
    page: 'sqs-short-and-long-polling',
    says: 'Return messages as soon as they become available.',
    async run(endpoint) {
      const QueueUrl = await createQueue(endpoint);
      await send(endpoint, QueueUrl, 'a', { DelaySeconds: 2 });
      await wakes(endpoint, QueueUrl, () => endpoint.clock.elapse(2));
    },
  },
  {
    id: 'long-polling/wakes-after-timeout',
    title: 'a long poll ends when a message\'s visibility timeout is over',
    page: 'sqs-short-and-long-polling',
    says: 'Amazon SQS sends a response after it collects at least one available message, up to the maximum number of messages specified in the request.',
    async run(endpoint) {
      const QueueUrl = await createQueue(endpoint);
      await send(endpoint, QueueUrl, 'a');
      await receiveOne(endpoint, QueueUrl, { VisibilityTimeout: 2 });
      await wakes(endpoint, QueueUrl, () => endpoint.clock.elapse(2));
    },
  },
  {
    id: 'long-polling/waits',
    title: 'a long poll that finds nothing lasts as long as it says',
    page: 'API_ReceiveMessage',
    says: 'The duration (in seconds) for which the call waits for a message to arrive in the queue before returning.',
    async run(endpoint) {
      const { messages, seconds } = await timed(endpoint, await createQueue(endpoint), { WaitTimeSeconds: 2 });
      equal(messages.length, 0);
      ok(seconds > 1.5 && seconds < 8, `it lasted ${seconds.toFixed(1)} s, not 2`);
    },
  },
  {
    id: 'long-polling/queue',
    title: 'a queue may say how long a receive waits',
    page: 'API_CreateQueue',
    says: 'ReceiveMessageWaitTimeSeconds – The length of time, in seconds, for which a ReceiveMessage action waits for a message to arrive.',
    async run(endpoint) {
      const { seconds } = await timed(endpoint, await createQueue(endpoint, { ReceiveMessageWaitTimeSeconds: '2' }), {});
      ok(seconds > 1.5 && seconds < 8, `it lasted ${seconds.toFixed(1)} s, not 2`);
    },
  },
  {
    id: 'long-polling/zero',
    title: 'a receive that says 0 does not wait',
    page: 'sqs-short-and-long-polling',
    says: 'The ReceiveMessage call sets WaitTimeSeconds to 0.',
    async run(endpoint) {
      const { seconds } = await timed(endpoint, await createQueue(endpoint, { ReceiveMessageWaitTimeSeconds: '20' }), { WaitTimeSeconds: 0 });
      ok(seconds < 8, `it lasted ${seconds.toFixed(1)} s`);
    },
  },
  {
    id: 'long-polling/priority',
    title: 'the wait of a receive has priority over that of its queue',
    page: 'sqs-short-and-long-polling',
    says: 'For the WaitTimeSeconds parameter of the ReceiveMessage action, a value set between 1 and 20 has priority over any value set '
      + 'for the queue attribute ReceiveMessageWaitTimeSeconds.',
    async run(endpoint) {
      const { seconds } = await timed(endpoint, await createQueue(endpoint, { ReceiveMessageWaitTimeSeconds: '20' }), { WaitTimeSeconds: 1 });
      ok(seconds > 0.5 && seconds < 8, `it lasted ${seconds.toFixed(1)} s, not 1`);
    },
  },
  {
    id: 'long-polling/20-seconds',
    title: 'a receive waits for 20 seconds at most',
    page: 'sqs-short-and-long-polling',
    says: 'The maximum long polling wait time is 20 seconds.',
    async run(endpoint) {
      const QueueUrl = await createQueue(endpoint);
      await send(endpoint, QueueUrl, 'a');
      equal((await receive(endpoint, QueueUrl, { WaitTimeSeconds: 20 })).length, 1);
      await refuses(receive(endpoint, QueueUrl, { WaitTimeSeconds: 21 }), 'WaitTimeSeconds 21');
    },
  },
];
