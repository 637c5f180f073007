import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { createSend } from '../../../lambda/ingest/send';
import { AwsClient } from '../../../lambda/shared/aws';
import { httpServer } from '../support/server';

const QUEUE = 'https://sqs.eu-west-1.amazonaws.com/123456789012/billing.fifo';

test.each([
  ['a queue without an order', undefined, {}],
  ['a FIFO queue', { groupId: 'group', deduplicationId: 'evt_a' }, { MessageDeduplicationId: 'evt_a', MessageGroupId: 'group' }],
])('a message for %s is what the SDK sends', async (_what, order, parameters) => {
  const { origin, received, close } = await httpServer();
  const send = createSend(new AwsClient({ AWS_ACCESS_KEY_ID: 'AKID', AWS_SECRET_ACCESS_KEY: 'SECRET', AWS_REGION: 'eu-west-1', AWS_ENDPOINT_URL: origin }));
  await send(QUEUE, '{"v":1}', order);
  const credentials = { accessKeyId: 'AKID', secretAccessKey: 'SECRET' };
  await new SQSClient({ endpoint: origin, region: 'eu-west-1', credentials, useQueueUrlAsEndpoint: false, md5: false })
    .send(new SendMessageCommand({ QueueUrl: QUEUE, MessageBody: '{"v":1}', ...parameters }));
  close();
  expect(received).toHaveLength(2);
  expect(received[0]!.body.toString()).toBe(received[1]!.body.toString());
  expect(received[0]!.headers['x-amz-target']).toBe(received[1]!.headers['x-amz-target']);
});
