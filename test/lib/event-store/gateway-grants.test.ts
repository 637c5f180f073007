import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { EventStore, WebhookGateway, WebhookGatewayGrants, WebhookGatewayProps } from '../../../lib';
import { resource, statements, target, valid } from '../fixture';

type Verb = 'readEvents' | 'replay' | 'redrive';

/** A gateway, and somebody who is allowed one thing. */
function granted(verb: Verb, props: WebhookGatewayProps = {}, late = false): Template {
  const stack = new Stack(new App(), 'Own');
  const gateway = new WebhookGateway(stack, 'Hooks', { ...valid(), ...props });
  const person = new Role(stack, 'Person', { assumedBy: new ServicePrincipal('ec2.amazonaws.com') });
  gateway.grants[verb](person);
  if (late) gateway.addTarget('late', target());
  return Template.fromStack(stack);
}

const arn = (id: string): unknown => ({ 'Fn::GetAtt': [id, 'Arn'] });
const table = (source: Template): unknown => arn(resource(source, 'AWS::DynamoDB::Table').id);
const queue = (source: Template, part: string, name = 'billing'): unknown => arn(resource(source, 'AWS::SQS::Queue', `HooksTargets${name}${part}`).id);

function reading(source: Template): { [actions: string]: unknown } {
  const bucket = arn(resource(source, 'AWS::S3::Bucket').id);
  return {
    'dynamodb:BatchGetItem dynamodb:GetItem dynamodb:Query': {
      Resource: [table(source), ...['byTime', 'byOutcome'].map((index) => ({ 'Fn::Join': ['', [table(source), `/index/${index}`]] }))],
    },
    's3:GetObject': { Resource: { 'Fn::Join': ['', [bucket, '/payloads/*']] } },
    's3:ListBucket': { Resource: bucket },
  };
}

const replaying = (source: Template): { [actions: string]: unknown } => ({
  ...reading(source),
  'dynamodb:UpdateItem': { Resource: table(source) },
  'sqs:GetQueueAttributes sqs:ListQueueTags sqs:SendMessage': { Resource: queue(source, 'Queue') },
});

const REDRIVE = [
  'sqs:CancelMessageMoveTask', 'sqs:ChangeMessageVisibility', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes', 'sqs:ListMessageMoveTasks',
  'sqs:ReceiveMessage', 'sqs:StartMessageMoveTask',
].join(' ');

test('readEvents is reading the table, its indexes and the bodies, and no more', () => {
  const source = granted('readEvents');
  expect(statements(source, 'Person')).toEqual(reading(source));
});

test('replay is reading, releasing and sending to the delivery queues, and no more', () => {
  const source = granted('replay');
  expect(statements(source, 'Person')).toEqual(replaying(source));
});

test('redrive is what replay is, and moving from the dead-letter queues, and no more', () => {
  const source = granted('redrive');
  expect(statements(source, 'Person')).toEqual({ ...replaying(source), [REDRIVE]: { Resource: queue(source, 'DeadLetterQueue') } });
});

test('without an event store, redrive is between the queues alone', () => {
  const source = granted('redrive', { eventStore: EventStore.none() });
  expect(statements(source, 'Person')).toEqual({
    'sqs:GetQueueAttributes sqs:ListQueueTags sqs:SendMessage': { Resource: queue(source, 'Queue') },
    [REDRIVE]: { Resource: queue(source, 'DeadLetterQueue') },
  });
});

test.each(['readEvents', 'replay'] as const)('fails when there are no events for %s', (verb) => {
  expect(() => granted(verb, { eventStore: EventStore.none() })).toThrow(
    'the gateway has no event store to read events from: leave `eventStore` out, or use EventStore.dynamoDb()');
});

test('a target that is added later is covered', () => {
  const source = granted('redrive', {}, true);
  const { Statement } = resource(source, 'AWS::IAM::Policy', 'Person').properties.PolicyDocument;
  const resources = (action: string): unknown[] => Statement.filter(({ Action }: any) => [Action].flat().includes(action))
    .flatMap(({ Resource }: any) => Resource);
  expect(resources('sqs:SendMessage')).toEqual([queue(source, 'Queue'), queue(source, 'Queue', 'late')]);
  expect(resources('sqs:StartMessageMoveTask')).toEqual([queue(source, 'DeadLetterQueue'), queue(source, 'DeadLetterQueue', 'late')]);
});

test('a gateway without targets has grants too, which come with its targets', () => {
  const source = granted('redrive', { targets: {} }, true);
  const { Statement } = resource(source, 'AWS::IAM::Policy', 'Person').properties.PolicyDocument;
  expect(Statement.filter(({ Action }: any) => Action.includes('sqs:StartMessageMoveTask'))).toEqual([
    { Effect: 'Allow', Action: expect.anything(), Resource: queue(source, 'DeadLetterQueue', 'late') },
  ]);
});

test('a key of one\'s own may be used through DynamoDB and S3 only', () => {
  const stack = new Stack(new App(), 'Own');
  const gateway = new WebhookGateway(stack, 'Hooks', { ...valid(), eventStore: EventStore.dynamoDb({ encryptionKey: new Key(stack, 'Key') }) });
  const person = new Role(stack, 'Person', { assumedBy: new ServicePrincipal('ec2.amazonaws.com') });
  WebhookGatewayGrants.fromWebhookGateway(gateway).readEvents(person);
  const source = Template.fromStack(stack);
  const via = (service: string) => ({
    Resource: arn(resource(source, 'AWS::KMS::Key').id),
    Condition: { StringEquals: { 'kms:ViaService': { 'Fn::Join': ['', [`${service}.`, { Ref: 'AWS::Region' }, '.amazonaws.com']] } } },
  });
  expect(statements(source, 'Person')).toMatchObject({ 'kms:Decrypt kms:DescribeKey': via('dynamodb'), 'kms:Decrypt': via('s3') });
});

test('two people, and one with two grants, get what they are given', () => {
  const stack = new Stack(new App(), 'Own');
  const gateway = new WebhookGateway(stack, 'Hooks', valid());
  const [reader, other] = ['Reader', 'Other'].map((id) => new Role(stack, id, { assumedBy: new ServicePrincipal('ec2.amazonaws.com') })) as [Role, Role];
  expect(gateway.grants.readEvents(reader).success).toBe(true);
  expect(gateway.grants).toBe(WebhookGatewayGrants.fromWebhookGateway(gateway));
  gateway.grants.readEvents(other);
  gateway.grants.redrive(other);
  const source = Template.fromStack(stack);
  expect(statements(source, 'Reader')).toEqual(reading(source));
  expect(statements(source, 'Other')).toHaveProperty([REDRIVE]);
});
