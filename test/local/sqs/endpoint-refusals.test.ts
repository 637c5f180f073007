import {
  CancelMessageMoveTaskCommand, ChangeMessageVisibilityCommand, CreateQueueCommand, DeleteMessageBatchCommand, DeleteQueueCommand,
  GetQueueAttributesCommand, GetQueueUrlCommand, ListMessageMoveTasksCommand, ListQueuesCommand, PurgeQueueCommand, SendMessageBatchCommand,
  type SendMessageBatchRequestEntry, StartMessageMoveTaskCommand,
} from '@aws-sdk/client-sqs';
import { createPair } from '../../conformance/sqs/dead-letter-pair';
import { buried, startMove } from '../../conformance/sqs/move-steps';
import { type OurEndpoint, startOurEndpoint } from '../../conformance/sqs/our-endpoint';
import type { SdkError } from '../../conformance/sqs/refusals';
import { arnOf, createQueue, deleteMessage, FIFO, nameOf, receive, receiveOne, send, sendToGroup, setAttributes } from '../../conformance/sqs/steps';

/** What a refused call looks like to the user of the SDK: error class, former code, HTTP status and message, as AWS has them. */
interface Refusal {
  readonly name: string;
  readonly code: string;
  readonly status: number;
  readonly message?: RegExp;
}

const MODELLED = 'AWS.SimpleQueueService.';
const invalid = (message?: RegExp): Refusal => ({ name: 'InvalidParameterValue', code: 'InvalidParameterValue', status: 400, ...(message && { message }) });
const missing = (parameter: string): Refusal => (
  { name: 'MissingParameter', code: 'MissingParameter', status: 400, message: new RegExp(`^The request must contain the parameter ${parameter}\\.$`) });
const modelled = (name: string, message?: RegExp, status = 400): Refusal => ({ name, code: MODELLED + name, status, ...(message && { message }) });
const plain = (name: string, status = 400, message?: RegExp): Refusal => ({ name, code: name, status, ...(message && { message }) });

let endpoint: OurEndpoint;

beforeAll(async () => {
  endpoint = await startOurEndpoint();
});

afterAll(() => endpoint.close());

type Row = [title: string, expected: Refusal, call: (endpoint: OurEndpoint) => Promise<unknown>];

function refused(rows: Row[]): void {
  test.each(rows)('%s', async (_title, { name, code, status, message }, call) => {
    const error = await call(endpoint).then(() => undefined, (reason: SdkError) => reason);
    expect({ name: error?.name, code: error?.Error?.Code, status: error?.$metadata?.httpStatusCode }).toEqual({ name, code, status });
    if (message) expect(error?.message).toMatch(message);
  });
}

const NO_QUEUE: Refusal = { name: 'QueueDoesNotExist', code: `${MODELLED}NonExistentQueue`, status: 400, message: /^The specified queue does not exist\.$/ };

describe('queues', () => refused([
  ['one that is not there', NO_QUEUE, ({ sqs, newName }) => sqs.send(new GetQueueUrlCommand({ QueueName: newName() }))],
  ['one of another account', NO_QUEUE, async (our) => our.sqs.send(new GetQueueUrlCommand(
    { QueueName: nameOf(await createQueue(our)), QueueOwnerAWSAccountId: '999999999999' }))],
  ['an address that is no URL', plain('InvalidAddress', 404), (our) => send(our, 'orders', 'a')],
  ['a name that is not allowed', invalid(), (our) => createQueue({ ...our, newName: () => 'with space' })],
  ['a name that exists with other attributes',
    { name: 'QueueNameExists', code: 'QueueAlreadyExists', status: 400, message: /with the same name and a different value for attribute DelaySeconds$/ },
    async (our) => our.sqs.send(new CreateQueueCommand({ QueueName: nameOf(await createQueue(our)), Attributes: { DelaySeconds: '2' } }))],
  ['a name that was deleted just now', modelled('QueueDeletedRecently', /^You must wait 60 seconds/), async (our) => {
    const QueueUrl = await createQueue(our);
    await our.sqs.send(new DeleteQueueCommand({ QueueUrl }));
    await our.sqs.send(new CreateQueueCommand({ QueueName: nameOf(QueueUrl) }));
  }],
  ['an attribute that does not exist', plain('InvalidAttributeName', 400, /^Unknown Attribute Nonsense\.$/), async (our) =>
    our.sqs.send(new GetQueueAttributesCommand({ QueueUrl: await createQueue(our), AttributeNames: ['Nonsense' as 'All'] }))],
  ['an attribute of FIFO queues', plain('InvalidAttributeName'), async (our) => setAttributes(our, await createQueue(our), { FifoQueue: 'true' })],
  ['an attribute out of range', plain('InvalidAttributeValue'), async (our) => setAttributes(our, await createQueue(our), { VisibilityTimeout: '43201' })],
  ['a dead-letter queue that is not there', invalid(/Reason: Dead letter target does not exist\.$/), (our) => createQueue(our, {
    RedrivePolicy: JSON.stringify({ deadLetterTargetArn: 'arn:aws:sqs:eu-west-1:123456789012:nobody', maxReceiveCount: 1 }),
  })],
  ['more than 1,000 queues in a page', invalid(), ({ sqs }) => sqs.send(new ListQueuesCommand({ MaxResults: 1001 }))],
  ['a token that is none', invalid(), ({ sqs }) => sqs.send(new ListQueuesCommand({ MaxResults: 2, NextToken: 'nonsense!' }))],
  ['a second purge', modelled('PurgeQueueInProgress', /^Only one PurgeQueue operation on .+ is allowed every 60 seconds\.$/, 403), async (our) => {
    const QueueUrl = await createQueue(our);
    for (let i = 0; i < 2; i++) await our.sqs.send(new PurgeQueueCommand({ QueueUrl }));
  }],
]));

const sendWith = (input: object, body = 'a') => async (our: OurEndpoint) => send(our, await createQueue(our, { MaximumMessageSize: '1024' }), body, input);
const attribute = (name: string, value: object) => ({ MessageAttributes: { [name]: value } });

describe('sending', () => refused([
  ['an empty body', missing('MessageBody'), sendWith({}, '')],
  ['a long body', invalid(/^One or more parameters are invalid\. Reason: Message must be shorter than 1024 bytes\.$/), sendWith({}, 'x'.repeat(1025))],
  ['a character that is not allowed', plain('InvalidMessageContents', 400, /^Invalid characters found/), sendWith({}, '\u0000')],
  ['a long delay', invalid(), sendWith({ DelaySeconds: 901 })],
  ['a reserved name', invalid(), sendWith(attribute('AWS.x', { DataType: 'String', StringValue: 'v' }))],
  ['an empty attribute', invalid(/^Message \(user\) attribute 'ErrorDetails' must contain a non-empty value of type 'String'\.$/),
    sendWith(attribute('ErrorDetails', { DataType: 'String', StringValue: '' }))],
  ['a list', modelled('UnsupportedOperation'), sendWith(attribute('A', { DataType: 'String', StringListValues: ['v'] }))],
  ['another system attribute', invalid(), sendWith({ MessageSystemAttributes: { Other: { DataType: 'String', StringValue: 'v' } } })],
  ['a trace header that is a number', invalid(), sendWith({ MessageSystemAttributes: { AWSTraceHeader: { DataType: 'Number', StringValue: '1' } } })],
  ['a deduplication id for a standard queue', invalid(), sendWith({ MessageDeduplicationId: '1' })],
  ['no group', missing('MessageGroupId'), async (our) => send(our, await createQueue(our, FIFO), 'a')],
  ['no deduplication id', invalid(/ContentBasedDeduplication enabled or MessageDeduplicationId provided/), async (our) =>
    sendToGroup(our, await createQueue(our, { FifoQueue: 'true' }), 'a')],
  ['a delay on a FIFO queue', invalid(), async (our) => sendToGroup(our, await createQueue(our, FIFO), 'a', { DelaySeconds: 2 })],
  ['a long deduplication id', invalid(), async (our) => sendToGroup(our, await createQueue(our, FIFO), 'a', { MessageDeduplicationId: 'x'.repeat(129) })],
]));

const receiveWith = (input: object) => async (our: OurEndpoint) => receive(our, await createQueue(our), { ...input });
const change = async (our: OurEndpoint, VisibilityTimeout: number | undefined, before: (QueueUrl: string, handle: string) => Promise<unknown>) => {
  const QueueUrl = await createQueue(our);
  await send(our, QueueUrl, 'a');
  const { ReceiptHandle = '' } = await receiveOne(our, QueueUrl);
  await before(QueueUrl, ReceiptHandle);
  await our.sqs.send(new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle, VisibilityTimeout }));
};
const nothing = () => Promise.resolve();

describe('receiving', () => refused([
  ['eleven messages', invalid(/^Value 11 for parameter MaxNumberOfMessages is invalid\. Reason: Must be between 1 and 10, if provided\.$/),
    receiveWith({ MaxNumberOfMessages: 11 })],
  ['21 seconds', invalid(/^Value 21 for parameter WaitTimeSeconds is invalid\. Reason: Must be >= 0 and <= 20, if provided\.$/),
    receiveWith({ WaitTimeSeconds: 21 })],
  ['a long visibility timeout', invalid(), receiveWith({ VisibilityTimeout: 43_201 })],
  ['a system attribute that does not exist', plain('InvalidAttributeName'), receiveWith({ MessageSystemAttributeNames: ['Nonsense'] })],
  ['deleting what is no handle', plain('ReceiptHandleIsInvalid', 404), async (our) =>
    deleteMessage(our, await createQueue(our), { ReceiptHandle: 'nonsense' })],
  ['deleting without a handle', missing('ReceiptHandle'), async (our) => deleteMessage(our, await createQueue(our), {})],
  ['deleting too late from a FIFO queue', invalid(/Reason: The receipt handle has expired\.$/), async (our) => {
    const QueueUrl = await createQueue(our, FIFO);
    await sendToGroup(our, QueueUrl, 'a');
    const message = await receiveOne(our, QueueUrl, { VisibilityTimeout: 1 });
    await our.clock.elapse(2);
    await deleteMessage(our, QueueUrl, message);
  }],
  ['changing to more than 12 hours', invalid(), (our) => change(our, 43_201, nothing)],
  ['changing to more than is left of them',
    invalid(/^Value 43200 for parameter VisibilityTimeout is invalid\. Reason: Total .+ \[43200 seconds\]/),
    (our) => change(our, 43_200, () => our.clock.elapse(2))],
  ['changing without a timeout', missing('VisibilityTimeout'), (our) => change(our, undefined, nothing)],
  ['changing what is not in flight', modelled('MessageNotInflight'), (our) => change(our, 10, () => our.clock.elapse(30))],
  ['changing what is deleted', invalid(/Reason: Message does not exist or is not available/), (our) =>
    change(our, 10, (QueueUrl, ReceiptHandle) => deleteMessage(our, QueueUrl, { ReceiptHandle }))],
]));

const entries = (count: number) => Array.from({ length: count }, (_, i) => ({ Id: `id-${i}`, MessageBody: 'a' }));
const batch = (list: SendMessageBatchRequestEntry[], attributes = {}) => async ({ sqs, ...rest }: OurEndpoint) =>
  sqs.send(new SendMessageBatchCommand({ QueueUrl: await createQueue({ sqs, ...rest }, attributes), Entries: list }));
const halves = [{ Id: '1', MessageBody: 'x'.repeat(524_288) }, { Id: '2', MessageBody: 'x'.repeat(524_289) }];

describe('batches', () => refused([
  ['no entries', modelled('EmptyBatchRequest'), batch([])],
  ['no entries to delete', modelled('EmptyBatchRequest'), async (our) =>
    our.sqs.send(new DeleteMessageBatchCommand({ QueueUrl: await createQueue(our), Entries: [] }))],
  ['eleven entries', modelled('TooManyEntriesInBatchRequest', /^Maximum number of entries per request are 10\. You have sent 11\.$/), batch(entries(11))],
  ['one id twice', modelled('BatchEntryIdsNotDistinct', /^Id id-0 repeated\.$/), batch([...entries(2), ...entries(1)])],
  ['an empty id', modelled('InvalidBatchEntryId', /^A batch entry id can only contain/), batch([{ Id: '', MessageBody: 'a' }])],
  ['too many bytes', modelled('BatchRequestTooLong', /^Batch requests cannot be longer than 1048576 bytes\. You have sent 1048577 bytes\.$/), batch(halves)],
  ['an entry without a group', { ...invalid(), message: /^The request must contain the parameter MessageGroupId\.$/ },
    batch([{ Id: 'a', MessageBody: 'a', MessageGroupId: 'g' }, { Id: 'b', MessageBody: 'a' }], FIFO)],
  ['an entry without a deduplication id', invalid(/^The queue should either have ContentBasedDeduplication enabled/),
    batch([{ Id: 'a', MessageBody: 'a', MessageGroupId: 'g' }], { FifoQueue: 'true' })],
]));

test('entries that fail have the code of their error', async () => {
  const { Successful, Failed } = await batch([
    { Id: 'good', MessageBody: 'a' }, { Id: 'empty', MessageBody: '' }, { Id: 'characters', MessageBody: '\u0000' },
    { Id: 'long', MessageBody: 'x'.repeat(1025) }, { Id: 'delay', MessageBody: 'a', DelaySeconds: 901 },
  ], { MaximumMessageSize: '1024' })(endpoint);
  expect(Successful?.map(({ Id }) => Id)).toEqual(['good']);
  expect(Failed?.map(({ Id, Code, SenderFault }) => [Id, Code, SenderFault])).toEqual([
    ['empty', 'MissingParameter', true], ['characters', 'InvalidMessageContents', true], ['long', 'InvalidParameterValue', true],
    ['delay', 'InvalidParameterValue', true],
  ]);
});

const start = (more: (dlqArn: string, our: OurEndpoint) => object | Promise<object>) => async (our: OurEndpoint) => {
  const { dlqArn } = await createPair(our);
  return our.sqs.send(new StartMessageMoveTaskCommand({ SourceArn: dlqArn, ...await more(dlqArn, our) }));
};
const notFound = (parameter: string) => (
  plain('ResourceNotFoundException', 404, new RegExp(`^The resource that you specified for the ${parameter} parameter doesn't exist\\.$`)));

describe('move tasks', () => refused([
  ['a source that is no dead-letter queue', invalid(/^Source queue must be configured as a Dead Letter Queue\.$/),
    start(async (_dlqArn, our) => ({ SourceArn: await arnOf(our, await createQueue(our)) }))],
  ['a source that is not there', notFound('SourceArn'), start((dlqArn) => ({ SourceArn: `${dlqArn}x` }))],
  ['a destination that is not there', notFound('DestinationArn'), start((dlqArn) => ({ DestinationArn: `${dlqArn}x` }))],
  ['a rate of 501', invalid(), start(() => ({ MaxNumberOfMessagesPerSecond: 501 }))],
  ['a second task', invalid(/^There is already a task running\./), async (our) => {
    const { dlqArn } = await buried(our, 'a', 'b');
    for (let i = 0; i < 2; i++) await startMove(our, dlqArn, { MaxNumberOfMessagesPerSecond: 1 });
  }],
  ['eleven results', invalid(), async (our) => our.sqs.send(new ListMessageMoveTasksCommand({ SourceArn: (await createPair(our)).dlqArn, MaxResults: 11 }))],
  ['what is no handle', invalid(/^Value for parameter TaskHandle is invalid\.$/), ({ sqs }) =>
    sqs.send(new CancelMessageMoveTaskCommand({ TaskHandle: 'foobared' }))],
]));
