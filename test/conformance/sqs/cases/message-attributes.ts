import { deepEqual, equal } from 'node:assert/strict';
import type { MessageAttributeValue } from '@aws-sdk/client-sqs';
import type { ConformanceCase } from '../case';
import { digestOf } from '../digest';
import type { Endpoint } from '../endpoint';
import { refuses } from '../refusals';
import { createQueue, receiveOne, send } from '../steps';

const text = (StringValue: string, DataType = 'String'): MessageAttributeValue => ({ DataType, StringValue });
const THREE = { 'Help.Me': text('Me'), Hello: text('There'), General: text('Kenobi') };

/** A queue, and what sends one message with attributes to it. */
async function sender(endpoint: Endpoint) {
  const QueueUrl = await createQueue(endpoint, { VisibilityTimeout: '0' });
  return {
    QueueUrl,
    sendWith: (MessageAttributes: { [name: string]: MessageAttributeValue }) => send(endpoint, QueueUrl, 'a', { MessageAttributes }),
    received: (...MessageAttributeNames: string[]) => receiveOne(endpoint, QueueUrl, { MessageAttributeNames }),
  };
}

async function chosen(endpoint: Endpoint, ...names: string[]): Promise<string[]> {
  const { sendWith, received } = await sender(endpoint);
  await sendWith(THREE);
  return Object.keys((await received(...names)).MessageAttributes ?? {}).sort();
}

export const messageAttributeCases: ConformanceCase[] = [
  {
    id: 'message-attributes/types',
    title: 'attributes are strings, numbers or bytes, with labels',
    page: 'API_MessageAttributeValue',
    says: 'Amazon SQS supports the following logical data types: String, Number, and Binary.',
    async run(endpoint) {
      const { sendWith, received } = await sender(endpoint);
      await sendWith({
        Text: text('é 🎉', 'String.label'), Number: text('-1.5', 'Number.float'), Bytes: { DataType: 'Binary.png', BinaryValue: Uint8Array.of(0, 1, 254, 255) },
      });
      const { MessageAttributes: attributes = {} } = await received('All');
      deepEqual([attributes['Text']?.DataType, attributes['Text']?.StringValue], ['String.label', 'é 🎉']);
      deepEqual([attributes['Number']?.DataType, attributes['Number']?.StringValue], ['Number.float', '-1.5']);
      deepEqual([attributes['Bytes']?.DataType, [...attributes['Bytes']?.BinaryValue ?? []]], ['Binary.png', [0, 1, 254, 255]]);
      await refuses(sendWith({ a: text('true', 'Boolean') }), 'the type Boolean');
    },
  },
  {
    id: 'message-attributes/digest',
    title: 'the digest of attributes is sorted by name and has labels and bytes in it',
    page: 'sqs-message-metadata',
    says: 'Sort all message attributes by name in ascending order.',
    async run(endpoint) {
      const { sendWith } = await sender(endpoint);
      const attributes = { b: text('é', 'String.label'), a: text('-1.5', 'Number'), C: { DataType: 'Binary', BinaryValue: Uint8Array.of(0, 255) } };
      equal((await sendWith(attributes)).MD5OfMessageAttributes, digestOf(attributes));
    },
  },
  {
    id: 'message-attributes/ten',
    title: 'a message has up to 10 attributes',
    page: 'sqs-message-metadata',
    says: 'Each message can have up to 10 attributes.',
    async run(endpoint) {
      const { sendWith } = await sender(endpoint);
      const attributes = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, i) => [`a${i}`, text('v')]));
      await sendWith(attributes(10));
      await refuses(sendWith(attributes(11)), 'a message with 11 attributes');
    },
  },
  {
    id: 'message-attributes/name-characters',
    title: 'a name has letters, digits, underscores, hyphens and periods',
    page: 'API_ReceiveMessage',
    says: 'The name can contain alphanumeric characters and the underscore (_), hyphen (-), and period (.).',
    async run(endpoint) {
      const { sendWith } = await sender(endpoint);
      await sendWith({ 'Aa_0-b.c': text('v') });
      for (const name of ['a b', 'a/b', 'é']) await refuses(sendWith({ [name]: text('v') }), `the name ${name}`);
    },
  },
  {
    id: 'message-attributes/name-length',
    title: 'a name has up to 256 characters',
    page: 'API_ReceiveMessage',
    says: 'The name can be up to 256 characters long.',
    async run(endpoint) {
      const { sendWith } = await sender(endpoint);
      await sendWith({ ['x'.repeat(256)]: text('v') });
      await refuses(sendWith({ ['x'.repeat(257)]: text('v') }), 'a name of 257 characters');
    },
  },
  {
    id: 'message-attributes/reserved',
    title: 'a name does not begin with AWS. or Amazon.',
    page: 'API_ReceiveMessage',
    says: 'The name must not start with AWS-reserved prefixes such as AWS. or Amazon. (or any casing variants).',
    async run(endpoint) {
      const { sendWith } = await sender(endpoint);
      await sendWith({ AWSx: text('v') });
      for (const name of ['AWS.x', 'aws.x', 'Amazon.x', 'AMAZON.x']) await refuses(sendWith({ [name]: text('v') }), `the name ${name}`);
    },
  },
  {
    id: 'message-attributes/periods',
    title: 'a name has no period at its ends, and no two in a row',
    page: 'API_ReceiveMessage',
    says: 'The name must not start or end with a period (.), and it should not have periods in succession (..).',
    async run(endpoint) {
      const { sendWith } = await sender(endpoint);
      await sendWith({ 'a.b': text('v') });
      for (const name of ['.a', 'a.', 'a..b']) await refuses(sendWith({ [name]: text('v') }), `the name ${name}`);
    },
  },
  {
    id: 'message-attributes/empty',
    title: 'an attribute has a type and a value',
    page: 'API_MessageAttributeValue',
    says: 'Name, type, value and the message body must not be empty or null.',
    async run(endpoint) {
      const { sendWith } = await sender(endpoint);
      await sendWith({ a: text('v') });
      await refuses(sendWith({ a: text('') }), 'an empty string');
      await refuses(sendWith({ a: { DataType: 'Binary', BinaryValue: Uint8Array.of() } }), 'a value of no bytes');
      await refuses(sendWith({ a: text('v', '') }), 'an empty type');
    },
  },
  {
    id: 'message-attributes/characters',
    title: 'a string has the characters that a body may have',
    page: 'API_MessageAttributeValue',
    says: 'For string data types, the Value attribute has the same restrictions on the content as the message body.',
    async run(endpoint) {
      const { sendWith } = await sender(endpoint);
      await sendWith({ a: text('\t\u{10ffff}') });
      await refuses(sendWith({ a: text('a\u0000') }), 'the character U+0000');
    },
  },
  {
    id: 'message-attributes/numbers',
    title: 'a number is one',
    page: 'sqs-message-metadata',
    says: 'For example, if the type is Number, Amazon SQS validates numerical values.',
    async run(endpoint) {
      const { sendWith } = await sender(endpoint);
      for (const number of ['0', '-1.5', '1e3']) await sendWith({ a: text(number, 'Number') });
      for (const number of ['x', '1,5']) await refuses(sendWith({ a: text(number, 'Number') }), `the number ${number}`);
    },
  },
  {
    id: 'message-attributes/precision',
    title: 'a number has up to 38 digits and a limited size',
    page: 'sqs-message-metadata',
    says: 'A number can have up to 38 digits of precision, and it can be between 10^-128 and 10^+126.',
    async run(endpoint) {
      const { sendWith } = await sender(endpoint);
      for (const number of ['9'.repeat(38), '1e-128', '1e126']) await sendWith({ a: text(number, 'Number') });
      for (const number of ['9'.repeat(39), '1e-129', '1e127']) await refuses(sendWith({ a: text(number, 'Number') }), `the number ${number}`);
    },
  },
  {
    id: 'message-attributes/lists',
    title: 'lists of values are not implemented',
    page: 'API_MessageAttributeValue',
    says: 'Not implemented. Reserved for future use.',
    async run(endpoint) {
      const { sendWith } = await sender(endpoint);
      await sendWith({ a: text('v') });
      await refuses(sendWith({ a: { DataType: 'String', StringListValues: ['v'] } }), 'a list of strings');
    },
  },
  {
    id: 'message-attributes/by-name',
    title: 'attributes are received by name, or all',
    page: 'API_ReceiveMessage',
    says: 'When using ReceiveMessage, you can send a list of attribute names to receive, '
      + 'or you can return all of the attributes by specifying All or .* in your request.',
    async run(endpoint) {
      deepEqual(await chosen(endpoint, 'Hello', 'General', 'Nobody'), ['General', 'Hello']);
      deepEqual(await chosen(endpoint, 'All'), ['General', 'Hello', 'Help.Me']);
      deepEqual(await chosen(endpoint, '.*'), ['General', 'Hello', 'Help.Me']);
      deepEqual(await chosen(endpoint), []);
    },
  },
  {
    id: 'message-attributes/by-prefix',
    title: 'attributes are received by the beginning of their names',
    page: 'API_ReceiveMessage',
    says: 'You can also use all message attributes starting with a prefix, for example bar.*.',
    async run(endpoint) {
      deepEqual(await chosen(endpoint, 'Help.*'), ['Help.Me']);
    },
  },
  {
    id: 'message-attributes/digest-of-chosen',
    title: 'the digest of received attributes is that of those received',
    page: 'API_ReceiveMessage',
    says: 'An MD5 digest of the message attributes.',
    async run(endpoint) {
      const { sendWith, received } = await sender(endpoint);
      await sendWith(THREE);
      const { Hello, General } = THREE;
      equal((await received('Hello', 'General')).MD5OfMessageAttributes, digestOf({ Hello, General }));
    },
  },
];
