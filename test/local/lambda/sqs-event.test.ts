import { batchesBySize, sqsRecord, type QueueMessage } from '../../../local/lambda/sqs-event';

const ARN = 'arn:aws:sqs:eu-west-1:000000000000:orders';

const message = (change: Partial<QueueMessage> = {}): QueueMessage => ({
  messageId: 'm-1',
  receiptHandle: 'handle',
  body: '{"n":1}',
  md5OfBody: 'd41d8cd98f00b204e9800998ecf8427e',
  attributes: { ApproximateReceiveCount: '1', SentTimestamp: '1545082649183', SenderId: 'AIDA', ApproximateFirstReceiveTimestamp: '1545082649185' },
  messageAttributes: {},
  ...change,
});

describe('a record', () => {
  test('has the shape of the guide\'s example', () => {
    expect(sqsRecord(message(), ARN)).toEqual({
      messageId: 'm-1',
      receiptHandle: 'handle',
      body: '{"n":1}',
      attributes: { ApproximateReceiveCount: '1', SentTimestamp: '1545082649183', SenderId: 'AIDA', ApproximateFirstReceiveTimestamp: '1545082649185' },
      messageAttributes: {},
      md5OfBody: 'd41d8cd98f00b204e9800998ecf8427e',
      eventSource: 'aws:sqs',
      eventSourceARN: ARN,
      awsRegion: 'eu-west-1',
    });
  });

  test('writes message attributes as Lambda does', () => {
    const messageAttributes = {
      Reason: { DataType: 'String', StringValue: 'gone' },
      Count: { DataType: 'Number.int', StringValue: '3' },
      Blob: { DataType: 'Binary', BinaryValue: new Uint8Array([0, 255]) },
    };
    const record = sqsRecord(message({ messageAttributes, md5OfMessageAttributes: 'abc' }), ARN);
    expect(record.md5OfMessageAttributes).toBe('abc');
    expect(record.messageAttributes).toEqual({
      Reason: { stringValue: 'gone', stringListValues: [], binaryListValues: [], dataType: 'String' },
      Count: { stringValue: '3', stringListValues: [], binaryListValues: [], dataType: 'Number.int' },
      Blob: { binaryValue: 'AP8=', stringListValues: [], binaryListValues: [], dataType: 'Binary' },
    });
  });
});

describe('batches by size', () => {
  const size = (messages: QueueMessage[]): number => Buffer.byteLength(JSON.stringify({ Records: messages.map((one) => sqsRecord(one, ARN)) }));
  const three = ['a', 'b', 'c'].map((messageId) => message({ messageId, body: '"\u00e9'.repeat(50) }));
  const ids = (maxBytes: number): string[] => batchesBySize(three, ARN, maxBytes).map((batch) => batch.map(({ messageId }) => messageId).join(''));

  test('are one while everything fits, to the byte or nearly', () => {
    expect(ids(size(three) + 1)).toEqual(['abc']);
    expect(ids(size(three) - 1)).toEqual(['ab', 'c']);
  });

  test('never exceed the limit and keep the order', () => {
    for (const batch of batchesBySize(three, ARN, size(three) - 1)) expect(size(batch)).toBeLessThanOrEqual(size(three) - 1);
    expect(ids(1)).toEqual(['a', 'b', 'c']);
  });

  test('of nothing are none', () => {
    expect(batchesBySize([], ARN, 10)).toEqual([]);
  });
});
