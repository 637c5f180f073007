import {
  AddPermissionCommand, CreateQueueCommand, GetQueueAttributesCommand, ListQueuesCommand, ListQueueTagsCommand, ReceiveMessageCommand,
  SendMessageCommand, TagQueueCommand, UntagQueueCommand,
} from '@aws-sdk/client-sqs';
import { type OurEndpoint, startOurEndpoint } from '../../conformance/sqs/our-endpoint';
import { attributesOf, createQueue, deleteMessage, FIFO, receiveOne, send, sendToGroup } from '../../conformance/sqs/steps';
import { wire } from '../../conformance/sqs/wire';
import { errorOf } from './support';

let endpoint: OurEndpoint;

beforeAll(async () => {
  endpoint = await startOurEndpoint();
});

afterAll(() => endpoint.close());

const call = (action: string, input: { [name: string]: unknown }) => endpoint.engine.call(action, input, new AbortController().signal);
const refusal = (action: string, input: { [name: string]: unknown }) => call(action, input).then(() => undefined, (error: unknown) => error);

describe('the protocol', () => {
  test('is that of the SDK', async () => {
    const command = new SendMessageCommand({ QueueUrl: await createQueue(endpoint), MessageBody: 'a' });
    const { body } = await wire(command.middlewareStack, () => endpoint.sqs.send(command));
    expect(Object.keys(body).sort()).toEqual(['MD5OfMessageBody', 'MessageId']);
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
    await expect(endpoint.sqs.send(new AddPermissionCommand({ QueueUrl, Label: 'a', AWSAccountIds: ['123456789012'], Actions: ['*'] }))).rejects.toMatchObject(
      { name: 'UnsupportedOperation', Error: { Code: 'AWS.SimpleQueueService.UnsupportedOperation' }, $metadata: { httpStatusCode: 400 } });
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
    const fifo = await createQueue(endpoint, FIFO);
    jest.spyOn(endpoint.engine.queue(fifo), 'counts').mockReturnValue({ available: 1, delayed: 0, inFlight: 120_000 });
    expect(await call('ReceiveMessage', { QueueUrl: fifo })).toEqual({});
  });
});

describe('answers', () => {
  test('a new queue has every attribute of its type, and no other', async () => {
    const standard = await attributesOf(endpoint, await createQueue(endpoint));
    const { CreatedTimestamp, LastModifiedTimestamp, QueueArn, ...rest } = standard;
    expect(LastModifiedTimestamp).toBe(CreatedTimestamp);
    expect(QueueArn).toMatch(/^arn:aws:sqs:eu-west-1:123456789012:case-\d+$/);
    expect(rest).toEqual({
      ApproximateNumberOfMessages: '0', ApproximateNumberOfMessagesNotVisible: '0', ApproximateNumberOfMessagesDelayed: '0',
      DelaySeconds: '0', MaximumMessageSize: '1048576', MessageRetentionPeriod: '345600', ReceiveMessageWaitTimeSeconds: '0',
      VisibilityTimeout: '30', SqsManagedSseEnabled: 'true',
    });
    const fifo = await attributesOf(endpoint, await createQueue(endpoint, { FifoQueue: 'true' }));
    expect(Object.keys(fifo).filter((name) => !(name in standard)).sort())
      .toEqual(['ContentBasedDeduplication', 'DeduplicationScope', 'FifoQueue', 'FifoThroughputLimit']);
  });

  test('what is empty is left out', async () => {
    const QueueUrl = await createQueue(endpoint);
    await endpoint.sqs.send(new TagQueueCommand({ QueueUrl, Tags: { a: '1' } }));
    await endpoint.sqs.send(new UntagQueueCommand({ QueueUrl, TagKeys: ['a'] }));
    expect((await endpoint.sqs.send(new ListQueueTagsCommand({ QueueUrl }))).Tags).toBeUndefined();
    expect((await endpoint.sqs.send(new GetQueueAttributesCommand({ QueueUrl }))).Attributes).toBeUndefined();
    expect((await endpoint.sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['RedrivePolicy'] }))).Attributes).toBeUndefined();
    expect((await endpoint.sqs.send(new ListQueuesCommand({ QueueNamePrefix: 'nobody' }))).QueueUrls).toBeUndefined();
  });

  test('a message has these system attributes and no other', async () => {
    const QueueUrl = await createQueue(endpoint);
    await send(endpoint, QueueUrl, 'a');
    expect(Object.keys((await receiveOne(endpoint, QueueUrl)).Attributes ?? {}).sort())
      .toEqual(['ApproximateFirstReceiveTimestamp', 'ApproximateReceiveCount', 'SenderId', 'SentTimestamp']);
  });

  test('without attributes there is no digest of them', async () => {
    const QueueUrl = await createQueue(endpoint);
    await send(endpoint, QueueUrl, 'a', { MessageAttributes: { A: { DataType: 'String', StringValue: 'v' } } });
    const message = await receiveOne(endpoint, QueueUrl, { MessageAttributeNames: ['B'] });
    expect(message).not.toHaveProperty('MessageAttributes');
    expect(message).not.toHaveProperty('MD5OfMessageAttributes');
  });

  test('CreateQueue without attributes gives an existing queue, whatever its attributes', async () => {
    const QueueName = endpoint.newName();
    const { QueueUrl } = await endpoint.sqs.send(new CreateQueueCommand({ QueueName, Attributes: { DelaySeconds: '1' } }));
    expect((await endpoint.sqs.send(new CreateQueueCommand({ QueueName }))).QueueUrl).toBe(QueueUrl);
  });

  test('a repeated deduplication id gives the id of the first message', async () => {
    const QueueUrl = await createQueue(endpoint, FIFO);
    expect((await sendToGroup(endpoint, QueueUrl, 'a')).MessageId).toBe((await sendToGroup(endpoint, QueueUrl, 'a')).MessageId);
  });

  test('a message may be deleted twice', async () => {
    const QueueUrl = await createQueue(endpoint);
    await send(endpoint, QueueUrl, 'a');
    const message = await receiveOne(endpoint, QueueUrl);
    await deleteMessage(endpoint, QueueUrl, message);
    await deleteMessage(endpoint, QueueUrl, message);
  });

  test('a client that has gone takes no message with it', async () => {
    const QueueUrl = await createQueue(endpoint);
    const client = new AbortController();
    const answer = endpoint.sqs.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 20 }), { abortSignal: client.signal });
    const ended = answer.then(() => 'answered', () => 'aborted');
    await send(endpoint, await createQueue(endpoint), 'by now the first request is under way');
    client.abort();
    expect(await ended).toBe('aborted');
    await send(endpoint, await createQueue(endpoint), 'by now its connection is closed');
    await send(endpoint, QueueUrl, 'a');
    expect((await receiveOne(endpoint, QueueUrl)).Body).toBe('a');
  });
});

test('the in-process door names errors as the network one does', () => {
  expect(errorOf(() => endpoint.engine.queue('nobody'))).toEqual({ name: 'QueueDoesNotExist', message: 'The specified queue does not exist.' });
});
