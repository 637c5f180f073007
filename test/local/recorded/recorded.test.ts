import { EventBridgeClient, ListRulesCommand, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { FirehoseClient, PutRecordBatchCommand, PutRecordCommand as PutFirehoseRecordCommand } from '@aws-sdk/client-firehose';
import { KinesisClient, PutRecordCommand, PutRecordsCommand } from '@aws-sdk/client-kinesis';
import { SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { PublishBatchCommand, PublishCommand, SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { ManualClock } from '../../../local/clock';
import { recordedServices } from '../../../local/recorded';
import { recorder } from '../../../local/recorded/recorder';
import { recordedResources } from '../../../local/recorded/resources';
import { ServiceEndpoint } from '../../../local/service-endpoint';
import { deploy, place, resource } from '../run/deploy';
import { credentials } from '../services';

/** The official clients against what a local run answers for the resources of a stack. */
const NOW = Date.parse('2026-11-20T12:00:00Z');
const arn = (service: string, name: string) => `arn:aws:${service}:${place.region}:${place.account}:${name}`;
const TOPIC = arn('sns', 'orders');
const FIFO_TOPIC = arn('sns', 'orders.fifo');
const BUS = arn('events', 'event-bus/orders');
const MACHINE = arn('states', 'stateMachine:fulfil');
const EXPRESS = arn('states', 'stateMachine:quick');
const STREAM = arn('kinesis', 'stream/orders');
const DELIVERY_STREAM = arn('firehose', 'deliverystream/orders');

const resources = {
  Topic: resource('AWS::SNS::Topic', { TopicName: 'orders' }),
  FifoTopic: resource('AWS::SNS::Topic', { TopicName: 'orders.fifo', FifoTopic: true }),
  Bus: resource('AWS::Events::EventBus', { Name: 'orders' }),
  Machine: resource('AWS::StepFunctions::StateMachine', { StateMachineName: 'fulfil' }),
  Express: resource('AWS::StepFunctions::StateMachine', { StateMachineName: 'quick', StateMachineType: 'EXPRESS' }),
  Stream: resource('AWS::Kinesis::Stream', { Name: 'orders' }),
  DeliveryStream: resource('AWS::KinesisFirehose::DeliveryStream', { DeliveryStreamName: 'orders' }),
};

let endpoint: ServiceEndpoint;
let clients: { sns: SNSClient; events: EventBridgeClient; states: SFNClient; kinesis: KinesisClient; firehose: FirehoseClient };
let lines: { [name: string]: unknown }[];

beforeEach(async () => {
  lines = [];
  const clock = new ManualClock(NOW);
  endpoint = new ServiceEndpoint();
  const services = recordedServices(recordedResources(deploy(resources), place), recorder((line) => lines.push(line), clock), clock);
  for (const service of services.json) endpoint.addJsonService(service);
  endpoint.addFormService(services.form);
  await endpoint.listen(0);
  const options = { endpoint: endpoint.origin, region: place.region, credentials, maxAttempts: 1 };
  clients = {
    sns: new SNSClient(options), events: new EventBridgeClient(options), states: new SFNClient(options),
    // By itself it speaks HTTP/2, which is nothing to an endpoint without TLS.
    kinesis: new KinesisClient({ ...options, requestHandler: new NodeHttpHandler() }),
    firehose: new FirehoseClient(options),
  };
});

afterEach(async () => {
  for (const client of Object.values(clients)) client.destroy();
  await endpoint.close();
});

const call = (service: string, action: string, of: string, input: object) => (
  { event: 'aws-call', time: '2026-11-20T12:00:00.000Z', service, action, resource: of, input });
const UUID = /^[0-9a-f-]{36}$/;

describe('SNS', () => {
  const MessageAttributes = { 'webhook-id': { DataType: 'String', StringValue: 'evt_1' }, 'a.b': { DataType: 'String', StringValue: 'c' } };

  test('takes a message with its attributes', async () => {
    const input = { TopicArn: TOPIC, Message: 'a <b> & \u00fc\r\n', MessageAttributes };
    expect(await clients.sns.send(new PublishCommand(input))).toMatchObject({ MessageId: expect.stringMatching(UUID) });
    expect(lines).toEqual([call('sns', 'Publish', TOPIC, input)]);
  });

  test('takes a batch, in the order of its entries, and gives each its id and, in a FIFO topic, its number', async () => {
    const PublishBatchRequestEntries = Array.from({ length: 10 }, (_, i) => ({
      Id: `e${i}`, Message: `m${i}`, MessageAttributes, MessageGroupId: 'g', MessageDeduplicationId: `d${i}`,
    }));
    const { Successful, Failed } = await clients.sns.send(new PublishBatchCommand({ TopicArn: FIFO_TOPIC, PublishBatchRequestEntries }));
    expect(Successful).toEqual(PublishBatchRequestEntries.map(({ Id }) => (
      { Id, MessageId: expect.stringMatching(UUID), SequenceNumber: expect.stringMatching(/^\d{20}$/) })));
    expect(new Set(Successful?.map(({ SequenceNumber }) => SequenceNumber)).size).toBe(10);
    expect(Failed).toEqual([]);
    expect(lines).toEqual([call('sns', 'PublishBatch', FIFO_TOPIC, { TopicArn: FIFO_TOPIC, PublishBatchRequestEntries })]);
  });

  test('has no other topic and no other action', async () => {
    await expect(clients.sns.send(new PublishCommand({ TopicArn: arn('sns', 'gone'), Message: 'm' }))).rejects.toMatchObject({
      name: 'NotFoundException', message: 'Topic does not exist', $metadata: { httpStatusCode: 404 },
    });
    await expect(clients.sns.send(new SubscribeCommand({ TopicArn: TOPIC, Protocol: 'sqs' }))).rejects.toMatchObject({ name: 'InvalidAction' });
    expect(lines).toEqual([]);
  });
});

describe('EventBridge', () => {
  const entry = { Source: 'webhooks.shop', DetailType: 'order.paid', Detail: '{"a":1}' };

  test.each([['its name', 'orders', BUS], ['its ARN', BUS, BUS], ['none: the default bus', undefined, arn('events', 'event-bus/default')]])(
    'takes events of a bus by %s', async (_how, EventBusName, bus) => {
      const Entries = [{ ...entry, ...(EventBusName && { EventBusName }) }];
      const result = await clients.events.send(new PutEventsCommand({ Entries }));
      expect(result).toMatchObject({ FailedEntryCount: 0, Entries: [{ EventId: expect.stringMatching(UUID) }] });
      expect(lines).toEqual([call('events', 'PutEvents', bus, { Entries })]);
    });

  test('fails the entries of a bus that is not there, and no others', async () => {
    const Entries = [{ ...entry, EventBusName: 'gone' }, { ...entry, EventBusName: 'orders' }];
    expect(await clients.events.send(new PutEventsCommand({ Entries }))).toMatchObject({
      FailedEntryCount: 1, Entries: [{ ErrorCode: 'InvalidArgument', ErrorMessage: expect.stringContaining('"gone"') }, { EventId: expect.stringMatching(UUID) }],
    });
    expect(lines).toEqual([call('events', 'PutEvents', BUS, { Entries: Entries.slice(1) })]);
  });

  test('has no other action', async () => {
    await expect(clients.events.send(new ListRulesCommand({}))).rejects.toMatchObject({ name: 'UnknownOperationException' });
  });
});

describe('Step Functions', () => {
  const start = (name: string, input = '{"a":1}', stateMachineArn = MACHINE) => clients.states.send(new StartExecutionCommand({ stateMachineArn, name, input }));

  test('starts an execution once for its name', async () => {
    const first = await start('evt_1');
    expect(first).toMatchObject({ executionArn: arn('states', 'execution:fulfil:evt_1'), startDate: new Date(NOW) });
    expect(await start('evt_1')).toMatchObject({ executionArn: first.executionArn, startDate: first.startDate });
    expect(lines).toEqual([call('states', 'StartExecution', MACHINE, { stateMachineArn: MACHINE, name: 'evt_1', input: '{"a":1}' })]);
    await expect(start('evt_1', '{"a":2}')).rejects.toMatchObject({ name: 'ExecutionAlreadyExists' });
    await start('evt_2', '{"a":2}');
    expect(lines).toHaveLength(2);
  });

  test('starts an express execution each time', async () => {
    const [first, second] = [await start('evt_1', '{}', EXPRESS), await start('evt_1', '{}', EXPRESS)];
    expect(first.executionArn).toMatch(new RegExp(`^${arn('states', 'express:quick:evt_1:[0-9a-f-]{36}')}$`));
    expect(second.executionArn).not.toBe(first.executionArn);
    expect(lines).toHaveLength(2);
  });

  test('has no other state machine', async () => {
    await expect(start('evt_1', '{}', arn('states', 'stateMachine:gone'))).rejects.toMatchObject({ name: 'StateMachineDoesNotExist' });
    expect(lines).toEqual([]);
  });
});

describe('Kinesis', () => {
  const Data = Buffer.from('{"a":"\u00fc"}');
  const told = { Data: Data.toString('base64'), PartitionKey: 'k' };

  test.each([['name', { StreamName: 'orders' }], ['ARN', { StreamARN: STREAM }]])('takes records by the stream\'s %s', async (_how, stream) => {
    const result = await clients.kinesis.send(new PutRecordsCommand({ ...stream, Records: [{ Data, PartitionKey: 'k' }, { Data, PartitionKey: 'k' }] }));
    const record = { ShardId: 'shardId-000000000000', SequenceNumber: expect.stringMatching(/^\d{56}$/) };
    expect(result).toMatchObject({ FailedRecordCount: 0, Records: [record, record] });
    expect(result.Records?.[0]?.SequenceNumber).not.toBe(result.Records?.[1]?.SequenceNumber);
    expect(lines).toEqual([call('kinesis', 'PutRecords', STREAM, { ...stream, Records: [told, told] })]);
  });

  test('takes one record', async () => {
    expect(await clients.kinesis.send(new PutRecordCommand({ StreamName: 'orders', Data, PartitionKey: 'k' }))).toMatchObject({ ShardId: 'shardId-000000000000' });
    expect(lines).toEqual([call('kinesis', 'PutRecord', STREAM, { StreamName: 'orders', ...told })]);
  });

  test('has no other stream', async () => {
    await expect(clients.kinesis.send(new PutRecordsCommand({ StreamName: 'gone', Records: [{ Data, PartitionKey: 'k' }] })))
      .rejects.toMatchObject({ name: 'ResourceNotFoundException' });
    expect(lines).toEqual([]);
  });
});

describe('Firehose', () => {
  const Record = { Data: Buffer.from('{}\n') };
  const told = { Data: Record.Data.toString('base64') };

  test('takes records and a record', async () => {
    expect(await clients.firehose.send(new PutRecordBatchCommand({ DeliveryStreamName: 'orders', Records: [Record, Record] }))).toMatchObject({
      FailedPutCount: 0, RequestResponses: [{ RecordId: expect.stringMatching(UUID) }, { RecordId: expect.stringMatching(UUID) }],
    });
    expect(await clients.firehose.send(new PutFirehoseRecordCommand({ DeliveryStreamName: 'orders', Record }))).toMatchObject({ RecordId: expect.stringMatching(UUID) });
    expect(lines).toEqual([
      call('firehose', 'PutRecordBatch', DELIVERY_STREAM, { DeliveryStreamName: 'orders', Records: [told, told] }),
      call('firehose', 'PutRecord', DELIVERY_STREAM, { DeliveryStreamName: 'orders', Record: told }),
    ]);
  });

  test('has no other stream', async () => {
    await expect(clients.firehose.send(new PutRecordBatchCommand({ DeliveryStreamName: 'gone', Records: [Record] })))
      .rejects.toMatchObject({ name: 'ResourceNotFoundException' });
    expect(lines).toEqual([]);
  });
});

test('a long input is shortened in its line, and a short one is whole', async () => {
  const publish = (Message: string) => clients.sns.send(new PublishCommand({ TopicArn: TOPIC, Message }));
  await publish('x'.repeat(10_000));
  await publish('y'.repeat(200_000));
  expect(lines[0]).toMatchObject({ input: { Message: 'x'.repeat(10_000) } });
  expect(lines[1]).toMatchObject({ input: { TopicArn: TOPIC, Message: `${'y'.repeat(1_024)}… (200000 characters)` } });
});
