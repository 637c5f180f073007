import { AddPermissionCommand, CreateQueueCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import { errorOf } from './support';
import { batchCases } from './endpoint/batches';
import { deadLetterCases } from './endpoint/dead-letters';
import { createQueue, fails } from './endpoint/endpoint';
import { fifoCases } from './endpoint/fifo';
import { type Loopback, startLoopback } from './endpoint/loopback';
import { messageCases } from './endpoint/messages';
import { queueCases } from './endpoint/queues';

let endpoint: Loopback;

beforeAll(async () => {
  endpoint = await startLoopback();
});

afterAll(() => endpoint.close());

describe.each([
  ['queues', queueCases], ['messages', messageCases], ['batches', batchCases], ['FIFO queues', fifoCases], ['dead letters', deadLetterCases],
])('%s', (_name, cases) => {
  test.each(cases.map(({ title, run }) => [title, run] as const))('%s', (_title, run) => run(endpoint));
});

describe('the protocol', () => {
  const call = (action: string, input: { [name: string]: unknown }) => endpoint.engine.call(action, input, new AbortController().signal);
  const refusal = (action: string, input: { [name: string]: unknown }) => call(action, input).then(() => undefined, (error: unknown) => error);

  test('is that of the SDK', async () => {
    const QueueUrl = await createQueue(endpoint);
    await endpoint.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'a' }));
    expect(Object.keys(JSON.parse(endpoint.wire.answer) as object).sort()).toEqual(['MD5OfMessageBody', 'MessageId']);
    expect([endpoint.engine.prefix, endpoint.engine.contentType]).toEqual(['AmazonSQS', 'application/x-amz-json-1.0']);
  });

  test('names errors by shape and by the code of the query protocol', async () => {
    expect(await refusal('SendMessage', { QueueUrl: 'http://x/123456789012/nobody', MessageBody: 'a' })).toMatchObject({
      type: 'com.amazonaws.sqs#QueueDoesNotExist', status: 400, queryError: 'AWS.SimpleQueueService.NonExistentQueue;Sender',
    });
    expect(await refusal('CreateQueue', { QueueName: 'a b' })).toMatchObject({
      type: 'com.amazon.coral.service#InvalidParameterValueException', status: 400, queryError: 'InvalidParameterValue;Sender',
    });
  });

  test.each([
    ['CreateQueue', { QueueName: 5 }],
    ['CreateQueue', { QueueName: 'q', Attributes: { DelaySeconds: 5 } }],
    ['CreateQueue', { QueueName: 'q', Attributes: [] }],
    ['SendMessage', { MessageAttributes: { A: 'v' } }],
    ['SendMessage', { DelaySeconds: '5' }],
    ['SendMessage', { DelaySeconds: 1.5 }],
    ['SendMessageBatch', { Entries: {} }],
    ['SendMessageBatch', { Entries: ['a'] }],
    ['SendMessageBatch', { Entries: [{ Id: 'a', MessageBody: 5 }] }],
    ['ReceiveMessage', { MaxNumberOfMessages: '10' }],
    ['ReceiveMessage', { MessageAttributeNames: 'All' }],
  ])('%s refuses %j as malformed', async (action, input) => {
    const QueueUrl = await createQueue(endpoint);
    expect(await refusal(action, { QueueUrl, MessageBody: 'a', ...input })).toMatchObject({
      type: 'com.amazon.coral.service#SerializationException', status: 400, queryError: 'MalformedInput;Sender',
    });
  });

  test('null stands for an absent parameter', async () => {
    const QueueUrl = await createQueue(endpoint);
    expect(await call('SendMessage', { QueueUrl, MessageBody: 'a', DelaySeconds: null, MessageAttributes: null })).toHaveProperty('MessageId');
  });

  test.each(['Nonsense', 'toString', '__proto__', ''])('has no action %j', async (action) => {
    expect(await refusal(action, {})).toMatchObject({
      type: 'com.amazon.coral.service#UnknownOperationException', queryError: 'InvalidAction;Sender',
    });
  });

  test('has no permissions', async () => {
    const QueueUrl = await createQueue(endpoint);
    await fails(endpoint.sqs.send(new AddPermissionCommand({ QueueUrl, Label: 'a', AWSAccountIds: ['123456789012'], Actions: ['*'] })),
      { name: 'UnsupportedOperation', code: 'AWS.SimpleQueueService.UnsupportedOperation', status: 400 });
  });

  test('a missing QueueUrl is a queue that does not exist', async () => {
    expect(await refusal('SendMessage', { MessageBody: 'a' })).toMatchObject({ name: 'QueueDoesNotExist' });
  });

  test('an attribute named __proto__ comes back', async () => {
    const QueueUrl = await createQueue(endpoint);
    const input = JSON.parse('{"MessageAttributes":{"__proto__":{"DataType":"String","StringValue":"v"}}}') as object;
    await call('SendMessage', { QueueUrl, MessageBody: 'a', ...input });
    const answer = JSON.stringify(await call('ReceiveMessage', { QueueUrl, MessageAttributeNames: ['All'] }));
    expect(answer).toContain('"MessageAttributes":{"__proto__":{"DataType":"String","StringValue":"v"}}');
  });

  test('at the in-flight ceiling a short poll is an error and a long poll gives nothing', async () => {
    // "If you reach this quota while using short polling, Amazon SQS returns the OverLimit error message. If you use long polling,
    // Amazon SQS returns no error messages."
    const QueueUrl = await createQueue(endpoint);
    const queue = endpoint.engine.queue(QueueUrl);
    jest.spyOn(queue, 'counts').mockReturnValue({ available: 1, delayed: 0, inFlight: 120_000 });
    expect(await refusal('ReceiveMessage', { QueueUrl })).toMatchObject({ name: 'OverLimit', status: 403, queryError: 'OverLimit;Sender' });
    expect(await call('ReceiveMessage', { QueueUrl, WaitTimeSeconds: 1 })).toEqual({});
    const { QueueUrl: fifo } = await endpoint.sqs.send(new CreateQueueCommand({ QueueName: 'ceiling.fifo', Attributes: { FifoQueue: 'true' } }));
    jest.spyOn(endpoint.engine.queue(fifo as string), 'counts').mockReturnValue({ available: 1, delayed: 0, inFlight: 120_000 });
    expect(await call('ReceiveMessage', { QueueUrl: fifo })).toEqual({});
  });
});

test('the in-process door names errors as the network one does', () => {
  expect(errorOf(() => endpoint.engine.queue('nobody'))).toEqual({ name: 'QueueDoesNotExist', message: 'The specified queue does not exist.' });
});
