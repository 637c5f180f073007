import type { MessageAttribute, MessageAttributes } from '../../../local/sqs/message';
import { md5OfAttributes } from '../../../local/sqs/message-attributes';
import type { Queue } from '../../../local/sqs/queue';
import { errorOf, startRun } from './support';

let queue: Queue;

beforeEach(() => {
  queue = startRun().engine.createQueue('orders');
});

describe('size', () => {
  const attribute = { A: { DataType: 'String', StringValue: 'é' } };
  // "All parts of the message attribute, including Name, Type, and Value, are part of the message size restriction (1 MiB or 1,048,576 bytes)."
  const attributeSize = 1 + 6 + 2;

  test('a message of 1 MiB with its attributes is taken, one byte more is not', () => {
    queue.send({ body: 'x'.repeat(1_048_576) });
    queue.send({ body: 'x'.repeat(1_048_576 - attributeSize), messageAttributes: attribute });
    expect(errorOf(() => queue.send({ body: 'x'.repeat(1_048_577) }))).toEqual({
      name: 'InvalidParameterValueException',
      message: 'One or more parameters are invalid. Reason: Message must be shorter than 1048576 bytes.',
    });
    expect(() => queue.send({ body: 'x'.repeat(1_048_577 - attributeSize), messageAttributes: attribute })).toThrow('Message must be shorter');
  });

  test('counts bytes, not characters, against the queue\'s MaximumMessageSize', () => {
    queue.setAttributes({ MaximumMessageSize: '1024' });
    queue.send({ body: 'é'.repeat(512) });
    expect(() => queue.send({ body: `${'é'.repeat(512)}x` })).toThrow('Message must be shorter than 1024 bytes.');
  });

  test('system attributes do not count', () => {
    // "The size of a message system attribute doesn't count towards the total size of a message."
    queue.setAttributes({ MaximumMessageSize: '1024' });
    queue.send({ body: 'x'.repeat(1024), traceHeader: 'Root=1-5759e988-bd862e3fe1be46a994272793' });
  });

  test('an empty body is none', () => {
    // "The minimum size is one character."
    expect(errorOf(() => queue.send({ body: '' }))).toEqual({
      name: 'MissingRequiredParameterException', message: 'The request must contain the parameter MessageBody.',
    });
  });
});

describe('characters', () => {
  // "#x9 | #xA | #xD | #x20 to #xD7FF | #xE000 to #xFFFD | #x10000 to #x10FFFF"
  test.each([
    '\t', '\n', '\r', ' ', '\u007f', '\ud7ff', '\ue000', '\ufffd', '\u{10000}', '\u{10ffff}', '🎉', '{"a":"é"}',
  ])('%j is allowed', (body) => {
    queue.send({ body });
    expect(queue.receive()[0]?.body).toBe(body);
  });

  test.each(['\0', '\u0008', '\u000b', '\u001f', '\ud800', '\udc00x', '\ufffe', '\uffff', 'ok\u0000'])('%j is not', (body) => {
    expect(errorOf(() => queue.send({ body }))).toEqual({
      name: 'InvalidMessageContents',
      message: 'Invalid characters found. Valid unicode characters are #x9 | #xA | #xD | #x20 to #xD7FF | #xE000 to #xFFFD | #x10000 to #x10FFFF',
    });
  });
});

describe('message attributes', () => {
  const valid: MessageAttribute = { DataType: 'String', StringValue: 'v' };
  const send = (messageAttributes: MessageAttributes) => queue.send({ body: 'a', messageAttributes });

  test.each(['a', 'A-b_c.9', 'x'.repeat(256), 'awsome', 'AWSX.y', '__proto__'])('the name %j is allowed', (name) => {
    send(Object.fromEntries([[name, valid]]));
    expect(Object.entries(queue.receive()[0]!.messageAttributes)).toEqual([[name, valid]]);
  });

  // "The name must not start with AWS-reserved prefixes such as AWS. or Amazon. (or any casing variants)."
  // "The name must not start or end with a period (.), and it should not have periods in succession (..)."
  test.each(['', 'a b', 'é', 'a/b', 'x'.repeat(257), 'AWS.x', 'aws.x', 'Amazon.x', '.a', 'a.', 'a..b'])('the name %j is not', (name) => {
    expect(errorOf(() => send({ [name]: valid })).name).toBe('InvalidParameterValueException');
  });

  test.each<[string, MessageAttribute]>([
    ['a custom label', { DataType: 'String.json', StringValue: '{}' }],
    ['binary', { DataType: 'Binary.gif', BinaryValue: Uint8Array.of(0, 255) }],
    ['a negative number', { DataType: 'Number', StringValue: '-12.5e3' }],
    ['38 digits', { DataType: 'Number.int', StringValue: '9'.repeat(38) }],
    ['the largest number', { DataType: 'Number', StringValue: '9e126' }],
    ['zero', { DataType: 'Number', StringValue: '0.000' }],
  ])('%s is allowed', (_what, attribute) => {
    send({ A: attribute });
  });

  test.each<[string, MessageAttribute]>([
    ['no type', { DataType: '', StringValue: 'v' }],
    ['an unknown type', { DataType: 'Text', StringValue: 'v' }],
    ['a type that only begins like one', { DataType: 'Strings', StringValue: 'v' }],
    ['an empty label', { DataType: 'String.', StringValue: 'v' }],
    ['a type too long', { DataType: `String.${'x'.repeat(250)}`, StringValue: 'v' }],
    // "Name, type, value and the message body must not be empty or null."
    ['an empty string', { DataType: 'String', StringValue: '' }],
    ['no value', { DataType: 'String' }],
    ['empty bytes', { DataType: 'Binary', BinaryValue: new Uint8Array() }],
    ['bytes for a string', { DataType: 'String', BinaryValue: Uint8Array.of(1) }],
    ['a string for bytes', { DataType: 'Binary', StringValue: 'v' }],
    ['both values', { DataType: 'String', StringValue: 'v', BinaryValue: Uint8Array.of(1) }],
    ['illegal characters', { DataType: 'String', StringValue: '\0' }],
    ['no number', { DataType: 'Number', StringValue: 'twelve' }],
    ['a number of nothing', { DataType: 'Number', StringValue: '.' }],
    ['39 digits', { DataType: 'Number', StringValue: '1'.repeat(39) }],
    ['a number too large', { DataType: 'Number', StringValue: '1e127' }],
    ['a number too small', { DataType: 'Number', StringValue: '1e-129' }],
  ])('%s is not', (_what, attribute) => {
    expect(errorOf(() => send({ A: attribute })).name).toBe('InvalidParameterValueException');
  });

  test('10 are allowed, 11 are not', () => {
    const attributes = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, i) => [`a${i}`, valid]));
    send(attributes(10));
    expect(() => send(attributes(11))).toThrow('Number of message attributes [11] exceeds the allowed maximum [10].');
  });

  test('an empty value is named', () => {
    expect(() => send({ ErrorDetails: { DataType: 'String', StringValue: '' } }))
      .toThrow('Message (user) attribute \'ErrorDetails\' must contain a non-empty value of type \'String\'.');
  });

  // Digests that SQS gave.
  test.each<[MessageAttributes, string | undefined]>([
    [{ Hello: { DataType: 'String', StringValue: 'There' }, General: { DataType: 'String', StringValue: 'Kenobi' } },
      'fca026605781cb4126a1e9044df24232'],
    [{ Hello: { DataType: 'String', StringValue: 'There' } }, 'a311262e065454b75da111d535b8dacd'],
    [{ attr1: { DataType: 'Binary', BinaryValue: Buffer.from('traceparent\x1e00-774062d6c37081a5a0b9b5b88e30627c-2d2482211f6489da-01') } },
      '8cbe4db156db8a94db8b801b7addb984'],
    [{}, undefined],
  ])('digest %#', (attributes, digest) => {
    expect(md5OfAttributes(attributes)).toBe(digest);
  });
});

describe('trace header', () => {
  test('has a digest of its own', () => {
    const { md5OfSystemAttributes, md5OfMessageAttributes } = queue.send({ body: 'a', traceHeader: 'Root=1-x' });
    expect(md5OfSystemAttributes).toBe(md5OfAttributes({ AWSTraceHeader: { DataType: 'String', StringValue: 'Root=1-x' } }));
    expect(md5OfMessageAttributes).toBeUndefined();
  });

  test.each(['', '\0'])('%j is none', (traceHeader) => {
    expect(() => queue.send({ body: 'a', traceHeader })).toThrow('AWSTraceHeader');
  });
});

describe('group ids', () => {
  // "The length of MessageGroupId is 128 characters. Valid values: alphanumeric characters and punctuation"
  test.each(['a', 'x'.repeat(128), '!"#$%&\'()*+,-./:;?@[\\]^_`{|}~'])('%j is allowed', (groupId) => {
    queue.send({ body: 'a', groupId });
  });

  test.each(['', ' ', 'é', 'x'.repeat(129)])('%j is not', (groupId) => {
    expect(() => queue.send({ body: 'a', groupId }))
      .toThrow('Reason: MessageGroupId can only include alphanumeric and punctuation characters. 1 to 128 in length.');
  });
});
