import { equal, ok } from 'node:assert/strict';
import { createHash } from 'node:crypto';
import type { ConformanceCase } from '../case';
import { digestOf } from '../digest';
import { fails, refuses } from '../refusals';
import { createQueue, receiveOne, send } from '../steps';

const MEBIBYTE = 1_048_576;
const TRACE = 'Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1';
const traceHeader = (StringValue = TRACE) => ({ MessageSystemAttributes: { AWSTraceHeader: { DataType: 'String', StringValue } } });

export const sendingCases: ConformanceCase[] = [
  {
    id: 'sending/round-trip',
    title: 'a message is received as it was sent, with its id',
    page: 'API_ReceiveMessage',
    says: 'The MessageId you received when you sent the message to the queue.',
    async run(endpoint) {
      const QueueUrl = await createQueue(endpoint);
      const body = ' {"a":"\té🎉\\u0000",\r\n"b":"<&>"} ';
      const { MessageId } = await send(endpoint, QueueUrl, body);
      const message = await receiveOne(endpoint, QueueUrl);
      equal(message.Body, body);
      equal(message.MessageId, MessageId);
    },
  },
  {
    id: 'sending/body-digest',
    title: 'the digest of a body is MD5, at both ends',
    page: 'API_SendMessage',
    says: 'An MD5 digest of the non-URL-encoded message body string.',
    async run(endpoint) {
      const QueueUrl = await createQueue(endpoint);
      const { MD5OfMessageBody } = await send(endpoint, QueueUrl, 'é %20+');
      equal(MD5OfMessageBody, createHash('md5').update('é %20+').digest('hex'));
      equal((await receiveOne(endpoint, QueueUrl)).MD5OfBody, MD5OfMessageBody);
    },
  },
  {
    id: 'sending/one-character',
    title: 'a body has at least one character',
    page: 'API_SendMessage',
    says: 'The minimum size is one character.',
    async run(endpoint) {
      const QueueUrl = await createQueue(endpoint);
      await send(endpoint, QueueUrl, 'a');
      await refuses(send(endpoint, QueueUrl, ''), 'an empty body');
    },
  },
  {
    id: 'sending/1-mib',
    title: 'a message has up to 1 MiB',
    page: 'API_SendMessage',
    says: 'The maximum size is 1 MiB or 1,048,576 bytes',
    async run(endpoint) {
      const QueueUrl = await createQueue(endpoint);
      await send(endpoint, QueueUrl, 'x'.repeat(MEBIBYTE));
      equal((await receiveOne(endpoint, QueueUrl)).Body?.length, MEBIBYTE);
      await refuses(send(endpoint, QueueUrl, 'x'.repeat(MEBIBYTE + 1)), 'a message of 1 MiB and a byte');
    },
  },
  {
    id: 'sending/queue-limit',
    title: 'a queue may allow less, and bytes count',
    page: 'API_SetQueueAttributes',
    says: 'MaximumMessageSize – The limit of how many bytes a message can contain before Amazon SQS rejects it.',
    async run(endpoint) {
      const QueueUrl = await createQueue(endpoint, { MaximumMessageSize: '1024' });
      await send(endpoint, QueueUrl, 'é'.repeat(512));
      await refuses(send(endpoint, QueueUrl, `${'é'.repeat(512)}x`), 'a message of 1,025 bytes');
    },
  },
  {
    id: 'sending/attributes-count',
    title: 'names, types and values of attributes count towards the size',
    page: 'API_MessageAttributeValue',
    says: 'All parts of the message attribute, including Name, Type, and Value, are part of the message size restriction (1 MiB or 1,048,576 bytes).',
    async run(endpoint) {
      const QueueUrl = await createQueue(endpoint, { MaximumMessageSize: '1024' });
      const sendWith = (StringValue: string) => send(endpoint, QueueUrl, 'x'.repeat(1000), { MessageAttributes: { Name: { DataType: 'String', StringValue } } });
      await sendWith('x'.repeat(14));
      await refuses(sendWith('x'.repeat(15)), 'a message of 1,025 bytes');
    },
  },
  {
    id: 'sending/system-attributes-free',
    title: 'system attributes do not count towards the size',
    page: 'API_SendMessage',
    says: 'The size of a message system attribute doesn\'t count towards the total size of a message.',
    async run(endpoint) {
      const QueueUrl = await createQueue(endpoint, { MaximumMessageSize: '1024' });
      await send(endpoint, QueueUrl, 'x'.repeat(1024), traceHeader());
      await refuses(send(endpoint, QueueUrl, 'x'.repeat(1025), traceHeader()), 'a message of 1,025 bytes');
    },
  },
  {
    id: 'sending/characters',
    title: 'every character of the allowed set passes',
    page: 'API_SendMessage',
    says: '#x9 | #xA | #xD | #x20 to #xD7FF | #xE000 to #xFFFD | #x10000 to #x10FFFF',
    async run(endpoint) {
      const QueueUrl = await createQueue(endpoint);
      const body = '\t\n\r \u007f\u0085\ud7ff\ue000\ufffd\u{10000}\u{10ffff}';
      await send(endpoint, QueueUrl, body);
      equal((await receiveOne(endpoint, QueueUrl)).Body, body);
    },
  },
  {
    id: 'sending/illegal-characters',
    title: 'a character outside the allowed set is InvalidMessageContents',
    page: 'API_SendMessage',
    says: 'If a message contains characters outside the allowed set, Amazon SQS rejects the message and returns an InvalidMessageContents error.',
    async run(endpoint) {
      const QueueUrl = await createQueue(endpoint);
      for (const character of ['\u0000', '\u0008', '\u000b', '\u001f', '\ufffe', '\uffff']) {
        await fails(send(endpoint, QueueUrl, `a${character}`), 'InvalidMessageContents');
      }
    },
  },
  {
    id: 'sending/trace-header',
    title: 'the trace header is the only system attribute, and is a string',
    page: 'API_SendMessage',
    says: 'Currently, the only supported message system attribute is AWSTraceHeader.',
    async run(endpoint) {
      const QueueUrl = await createQueue(endpoint);
      await send(endpoint, QueueUrl, 'a', traceHeader());
      const other = { MessageSystemAttributes: { Other: { DataType: 'String', StringValue: 'v' } } } as object;
      await refuses(send(endpoint, QueueUrl, 'a', other), 'a system attribute of another name');
      const number = { MessageSystemAttributes: { AWSTraceHeader: { DataType: 'Number', StringValue: '1' } } };
      await refuses(send(endpoint, QueueUrl, 'a', number), 'a trace header that is a number');
    },
  },
  {
    id: 'sending/system-digest',
    title: 'the digest of system attributes is MD5',
    page: 'API_SendMessage',
    says: 'An MD5 digest of the non-URL-encoded message system attribute string.',
    async run(endpoint) {
      const QueueUrl = await createQueue(endpoint);
      const { MD5OfMessageSystemAttributes } = await send(endpoint, QueueUrl, 'a', traceHeader());
      ok(MD5OfMessageSystemAttributes, 'there is no digest');
      equal(MD5OfMessageSystemAttributes, digestOf(traceHeader().MessageSystemAttributes));
    },
  },
];
