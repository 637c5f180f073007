import { deepEqual, equal, notEqual, ok } from 'node:assert/strict';
import {
  ChangeMessageVisibilityCommand, DeleteMessageCommand, ReceiveMessageCommand, SendMessageCommand, type SendMessageCommandInput,
} from '@aws-sdk/client-sqs';
import {
  attributesOf, createQueue, type Endpoint, type EndpointCase, fails, INVALID_VALUE, MISSING_PARAMETER, receive, receiveOne,
} from './endpoint';

const send = ({ sqs }: Endpoint, QueueUrl: string, MessageBody: string, input: Partial<SendMessageCommandInput> = {}) =>
  sqs.send(new SendMessageCommand({ QueueUrl, MessageBody, ...input }));

export const messageCases: EndpointCase[] = [
  {
    title: 'a message comes back as it was sent, with its digests',
    async run(endpoint) {
      const QueueUrl = await createQueue(endpoint);
      const MessageAttributes = {
        'Text.a': { DataType: 'String.label', StringValue: 'é 🎉' },
        Number: { DataType: 'Number', StringValue: '-1.5' },
        Bytes: { DataType: 'Binary', BinaryValue: Uint8Array.of(0, 1, 254, 255) },
      };
      const body = '{"a":"\u0009é🎉\\u0000"}';
      const sent = await send(endpoint, QueueUrl, body, { MessageAttributes });
      const message = await receiveOne(endpoint, QueueUrl, { MessageAttributeNames: ['All'] });
      equal(message.Body, body);
      equal(message.MessageId, sent.MessageId);
      equal(message.MD5OfBody, sent.MD5OfMessageBody);
      equal(message.MD5OfMessageAttributes, sent.MD5OfMessageAttributes);
      deepEqual(Object.keys(message.MessageAttributes ?? {}).sort(), Object.keys(MessageAttributes).sort());
      equal(message.MessageAttributes?.['Text.a']?.StringValue, 'é 🎉');
      deepEqual([...message.MessageAttributes?.['Bytes']?.BinaryValue ?? []], [0, 1, 254, 255]);
    },
  },
  {
    title: 'system attributes are given when they are asked for, by either name of the parameter',
    async run(endpoint) {
      const QueueUrl = await createQueue(endpoint, { VisibilityTimeout: '0' });
      const trace = 'Root=1-5759e988-bd862e3fe1be46a994272793;Sampled=1';
      const { MD5OfMessageSystemAttributes } = await send(endpoint, QueueUrl, 'a', {
        MessageSystemAttributes: { AWSTraceHeader: { DataType: 'String', StringValue: trace } },
      });
      ok(MD5OfMessageSystemAttributes);
      const { Attributes: all = {} } = await receiveOne(endpoint, QueueUrl);
      deepEqual(Object.keys(all).sort(),
        ['AWSTraceHeader', 'ApproximateFirstReceiveTimestamp', 'ApproximateReceiveCount', 'SenderId', 'SentTimestamp']);
      equal(all.AWSTraceHeader, trace);
      ok(Math.abs(Number(all.SentTimestamp) - Date.now()) < 60_000, 'SentTimestamp is in milliseconds');
      const some = await receiveOne(endpoint, QueueUrl, { MessageSystemAttributeNames: undefined, AttributeNames: ['ApproximateReceiveCount'] });
      deepEqual(some.Attributes, { ApproximateReceiveCount: '2' });
      const none = await receiveOne(endpoint, QueueUrl, { MessageSystemAttributeNames: undefined, AttributeNames: ['VisibilityTimeout'] });
      equal(none.Attributes, undefined);
      await fails(receive(endpoint, QueueUrl, { MessageSystemAttributeNames: ['Nonsense'] }),
        { name: 'InvalidAttributeName', code: 'InvalidAttributeName', status: 400 });
    },
  },
  {
    title: 'message attributes are chosen by name, by prefix or all, and the digest is that of the chosen',
    async run(endpoint) {
      const QueueUrl = await createQueue(endpoint, { VisibilityTimeout: '0' });
      const text = (StringValue: string) => ({ DataType: 'String', StringValue });
      await send(endpoint, QueueUrl, 'msg', { MessageAttributes: { 'Help.Me': text('Me'), Hello: text('There'), General: text('Kenobi') } });
      const chosen = async (...MessageAttributeNames: string[]) => {
        const { MessageAttributes = {}, MD5OfMessageAttributes } = await receiveOne(endpoint, QueueUrl, { MessageAttributeNames });
        return [Object.keys(MessageAttributes).sort(), MD5OfMessageAttributes];
      };
      const all = [['General', 'Hello', 'Help.Me'], '4c360f3fdafd970e05fae2f149d997f5'];
      deepEqual(await chosen('All'), all);
      deepEqual(await chosen('.*'), all);
      deepEqual(await chosen('Hello', 'General'), [['General', 'Hello'], 'fca026605781cb4126a1e9044df24232']);
      deepEqual(await chosen('Hel.*'), [['Hello', 'Help.Me'], '83fee93c1bcd8b9a5a923ffacdc636c7']);
      deepEqual(await chosen('Nobody'), [[], undefined]);
      deepEqual(await chosen(), [[], undefined]);
    },
  },
  {
    title: 'SendMessage refuses what is not allowed',
    async run(endpoint) {
      const QueueUrl = await createQueue(endpoint, { MaximumMessageSize: '1024' });
      const attribute = (name: string, value: object) => ({ MessageAttributes: { [name]: value } as SendMessageCommandInput['MessageAttributes'] });
      await fails(send(endpoint, QueueUrl, ''), { ...MISSING_PARAMETER, message: 'The request must contain the parameter MessageBody.' });
      await fails(send(endpoint, QueueUrl, 'x'.repeat(1025)),
        { ...INVALID_VALUE, message: 'One or more parameters are invalid. Reason: Message must be shorter than 1024 bytes.' });
      await fails(send(endpoint, QueueUrl, '\u0000'),
        { name: 'InvalidMessageContents', code: 'InvalidMessageContents', status: 400, message: /^Invalid/ });
      await fails(send(endpoint, QueueUrl, 'a', { DelaySeconds: 901 }), INVALID_VALUE);
      await fails(send(endpoint, QueueUrl, 'a', attribute('AWS.x', { DataType: 'String', StringValue: 'v' })), INVALID_VALUE);
      await fails(send(endpoint, QueueUrl, 'a', attribute('ErrorDetails', { DataType: 'String', StringValue: '' })),
        { ...INVALID_VALUE, message: 'Message (user) attribute \'ErrorDetails\' must contain a non-empty value of type \'String\'.' });
      await fails(send(endpoint, QueueUrl, 'a', attribute('A', { DataType: 'String', StringListValues: ['v'] })),
        { name: 'UnsupportedOperation', code: 'AWS.SimpleQueueService.UnsupportedOperation', status: 400 });
      for (const MessageSystemAttributes of [
        { Other: { DataType: 'String', StringValue: 'v' } }, { AWSTraceHeader: { DataType: 'Number', StringValue: '1' } },
      ]) await fails(send(endpoint, QueueUrl, 'a', { MessageSystemAttributes } as object), INVALID_VALUE);
      equal((await attributesOf(endpoint, QueueUrl, 'ApproximateNumberOfMessages'))['ApproximateNumberOfMessages'], '0');
    },
  },
  {
    title: 'a message of 1 MiB passes',
    async run(endpoint) {
      const QueueUrl = await createQueue(endpoint);
      await send(endpoint, QueueUrl, 'x'.repeat(1_048_576));
      equal((await receiveOne(endpoint, QueueUrl)).Body?.length, 1_048_576);
    },
  },
  {
    title: 'ReceiveMessage refuses parameters out of range',
    async run(endpoint) {
      const QueueUrl = await createQueue(endpoint);
      await fails(receive(endpoint, QueueUrl, { MaxNumberOfMessages: 11 }),
        { ...INVALID_VALUE, message: 'Value 11 for parameter MaxNumberOfMessages is invalid. Reason: Must be between 1 and 10, if provided.' });
      await fails(receive(endpoint, QueueUrl, { MaxNumberOfMessages: 0 }), INVALID_VALUE);
      await fails(receive(endpoint, QueueUrl, { WaitTimeSeconds: 21 }),
        { ...INVALID_VALUE, message: 'Value 21 for parameter WaitTimeSeconds is invalid. Reason: Must be >= 0 and <= 20, if provided.' });
      await fails(receive(endpoint, QueueUrl, { VisibilityTimeout: 43_201 }), INVALID_VALUE);
    },
  },
  {
    title: 'without messages there is no list',
    async run(endpoint) {
      const QueueUrl = await createQueue(endpoint);
      equal((await endpoint.sqs.send(new ReceiveMessageCommand({ QueueUrl }))).Messages, undefined);
    },
  },
  {
    title: 'a long poll wakes at once when a message arrives',
    async run(endpoint) {
      const QueueUrl = await createQueue(endpoint);
      const begun = performance.now();
      const answer = receiveOne(endpoint, QueueUrl, { WaitTimeSeconds: 20 });
      await send(endpoint, QueueUrl, 'a');
      equal((await answer).Body, 'a');
      ok(performance.now() - begun < 5000, 'long before its 20 seconds are over');
    },
  },
  {
    title: 'a receive waits as long as its queue says, and then gives nothing',
    async run(endpoint) {
      const QueueUrl = await createQueue(endpoint, { ReceiveMessageWaitTimeSeconds: '1' });
      const begun = performance.now();
      deepEqual(await receive(endpoint, QueueUrl), []);
      ok(performance.now() - begun >= 900, 'about a second');
      deepEqual(await receive(endpoint, QueueUrl, { WaitTimeSeconds: 0 }), []);
    },
  },
  {
    title: 'a client that has gone takes no message with it',
    async run(endpoint) {
      const QueueUrl = await createQueue(endpoint);
      const client = new AbortController();
      const answer = endpoint.sqs.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 20 }), { abortSignal: client.signal });
      const ended = answer.then(() => 'answered', () => 'aborted');
      await send(endpoint, await createQueue(endpoint), 'by now the first request is under way');
      client.abort();
      equal(await ended, 'aborted');
      await send(endpoint, await createQueue(endpoint), 'by now its connection is closed');
      await send(endpoint, QueueUrl, 'a');
      equal((await receiveOne(endpoint, QueueUrl)).Body, 'a');
    },
  },
  {
    title: 'a changed visibility, an old handle and a deleted message behave',
    async run(endpoint) {
      const QueueUrl = await createQueue(endpoint);
      const change = (ReceiptHandle: string | undefined, VisibilityTimeout: number | undefined) =>
        endpoint.sqs.send(new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle, VisibilityTimeout }));
      const remove = (ReceiptHandle: string | undefined) => endpoint.sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
      await send(endpoint, QueueUrl, 'a');
      const first = await receiveOne(endpoint, QueueUrl);
      await change(first.ReceiptHandle, 0);
      await fails(change(first.ReceiptHandle, 10), { name: 'MessageNotInflight', code: 'AWS.SimpleQueueService.MessageNotInflight', status: 400 });
      const second = await receiveOne(endpoint, QueueUrl);
      notEqual(second.ReceiptHandle, first.ReceiptHandle);
      equal(second.Attributes?.ApproximateReceiveCount, '2');
      await remove(first.ReceiptHandle);
      equal((await attributesOf(endpoint, QueueUrl, 'ApproximateNumberOfMessagesNotVisible'))['ApproximateNumberOfMessagesNotVisible'], '1');
      await fails(change(second.ReceiptHandle, 43_201), INVALID_VALUE);
      await remove(second.ReceiptHandle);
      await remove(second.ReceiptHandle);
      await fails(change(second.ReceiptHandle, 10), { ...INVALID_VALUE, message: /Reason: Message does not exist or is not available/ });
      await fails(remove('nonsense'), { name: 'ReceiptHandleIsInvalid', code: 'ReceiptHandleIsInvalid', status: 404 });
      await fails(remove(undefined), { ...MISSING_PARAMETER, message: 'The request must contain the parameter ReceiptHandle.' });
      await fails(change('nonsense', undefined), MISSING_PARAMETER);
    },
  },
  {
    title: '12 hours count from the receive',
    async run(endpoint) {
      const QueueUrl = await createQueue(endpoint);
      await send(endpoint, QueueUrl, 'a');
      const { ReceiptHandle } = await receiveOne(endpoint, QueueUrl);
      await receive(endpoint, QueueUrl, { WaitTimeSeconds: 1 });
      await fails(endpoint.sqs.send(new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle, VisibilityTimeout: 43_200 })),
        { ...INVALID_VALUE, message: /^Value 43200 for parameter VisibilityTimeout is invalid\. Reason: Total .+ \[43200 seconds\]/ });
      await endpoint.sqs.send(new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle, VisibilityTimeout: 43_000 }));
    },
  },
];
