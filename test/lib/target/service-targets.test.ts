import { existsSync, readFileSync } from 'fs';
import * as path from 'path';
import { Aws, Duration } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { EventBus } from 'aws-cdk-lib/aws-events';
import { Stream } from 'aws-cdk-lib/aws-kinesis';
import { Code, Function, Runtime } from 'aws-cdk-lib/aws-lambda';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import {
  BucketTargetOptions, EventBusTargetOptions, FunctionTargetOptions, OrderingKey, StreamTargetOptions, WebhookGateway, WebhookTarget,
} from '../../../lib';
import { deliverConfig, ingestConfig, partsOf, resource, valid } from '../fixture';
import { alias, Kind, KINDS, make, ownStack, stackWith } from './places';

const arn = (id: string): unknown => ({ 'Fn::GetAtt': [id, 'Arn'] });

/** The settings of the target's sender, with values in the place of `$value`. */
function settings(stack: Parameters<typeof deliverConfig>[0]): unknown {
  const { config, values } = deliverConfig(stack, 'own');
  return JSON.parse(JSON.stringify(config.settings), (_, value) => (typeof value?.$value === 'number' ? values[value.$value] : value));
}

const EXPECTED: { readonly [kind in Kind]: (id: (type: string) => string) => object } = {
  'queue': (id) => ({ queueUrl: { Ref: id('AWS::SQS::Queue') }, fifo: false }),
  'topic': (id) => ({ topicArn: { Ref: id('AWS::SNS::Topic') }, fifo: false }),
  'event-bus': (id) => ({ eventBusName: arn(id('AWS::Events::EventBus')) }),
  'function': (id) => ({ functionName: arn(id('AWS::Lambda::Function')) }),
  'state-machine': (id) => ({ stateMachineArn: { Ref: id('AWS::StepFunctions::StateMachine') } }),
  'stream': (id) => ({ streamArn: arn(id('AWS::Kinesis::Stream')) }),
  'delivery-stream': (id) => ({ deliveryStreamName: { Ref: id('AWS::KinesisFirehose::DeliveryStream') } }),
  'bucket': (id) => ({ bucketName: { Ref: id('AWS::S3::Bucket') }, keyPrefix: '' }),
};

describe.each(KINDS)('%s', (kind) => {
  test('its sender is told where the resource is, and the metadata says the kind', () => {
    const stack = stackWith((own) => make[kind](own));
    const source = Template.fromStack(stack);
    expect(settings(stack)).toEqual(EXPECTED[kind]((type) => resource(source, type, 'Own').id));
    expect(partsOf(source).targets['own']).toMatchObject({ kind });
  });

  test('the sender of its kind is beside the delivery function\'s bundle', () => {
    const { directory } = deliverConfig(stackWith((own) => make[kind](own)), 'own');
    expect(readFileSync(path.join(directory, 'sender.mjs'), 'utf8')).toBe(readFileSync(`assets/senders/${kind}/sender.mjs`, 'utf8'));
  });

  test('what every target can say reaches its queue, its function and the routes', () => {
    const retired = stackWith((own) => make[kind](own, { retired: true }));
    expect(ingestConfig(retired).config.targets).toEqual({});
    const stack = stackWith((own) => make[kind](own, {
      sources: ['github'], eventTypes: ['push'], filter: { metadata: { source: ['github'] } }, forwardHeaders: ['X-GitHub-Event'], timeout: Duration.seconds(7),
    }));
    expect(deliverConfig(stack, 'own').config.timeoutSeconds).toBe(7);
    expect(ingestConfig(stack).config.targets['own']).toMatchObject({
      sources: ['github'], eventTypes: ['push'], filter: { metadata: { source: ['github'] } }, forwardHeaders: ['x-github-event'],
    });
  });
});

describe('FIFO', () => {
  test.each<[string, Parameters<typeof stackWith>[0]]>([
    ['a queue', (stack) => WebhookTarget.queue(new Queue(stack, 'Own', { fifo: true }), { orderingKey: OrderingKey.source() })],
    ['an imported queue', (stack) => WebhookTarget.queue(Queue.fromQueueArn(stack, 'Own', 'arn:aws:sqs:eu-central-1:111111111111:own.fifo'), {})],
    ['a topic', (stack) => WebhookTarget.topic(new Topic(stack, 'Own', { fifo: true }), { orderingKey: OrderingKey.source() })],
  ])('%s is one to its sender, and keeps the order that it is given', (_, target) => {
    const stack = stackWith(target);
    expect(settings(stack)).toMatchObject({ fifo: true });
    expect(Annotations.fromStack(stack).findWarning('*', Match.stringLikeRegexp('keeps no order'))).toEqual([]);
  });

  test.each<[string, Parameters<typeof stackWith>[0]]>([
    ['queue', (stack) => make.queue(stack, { orderingKey: OrderingKey.source() })],
    ['topic', (stack) => make.topic(stack, { orderingKey: OrderingKey.source() })],
  ])('warns that a standard %s loses the order', (noun, target) => {
    Annotations.fromStack(stackWith(target)).hasWarning('*', Match.stringLikeRegexp(`target "own" has an orderingKey and is a standard ${noun}, which keeps no order`));
  });
});

describe('event bus', () => {
  const bus = (options: EventBusTargetOptions) => () => stackWith((stack) => WebhookTarget.eventBus(new EventBus(stack, 'Own'), options));

  test('source and detail type can be chosen', () => {
    expect(settings(bus({ eventSource: 'shop.orders', detailType: 'Order placed' })())).toMatchObject({ eventSource: 'shop.orders', detailType: 'Order placed' });
  });

  test.each<[EventBusTargetOptions, string]>([
    [{ eventSource: 'aws.s3' }, 'eventSource "aws.s3" is not allowed: use 1 to 256 printable ASCII characters'],
    [{ eventSource: '' }, 'eventSource "" is not allowed'],
    [{ eventSource: 'a'.repeat(257) }, 'eventSource'],
    [{ detailType: '' }, 'detailType "" is not allowed: use 1 to 128 characters'],
    [{ detailType: 'ä'.repeat(129) }, 'detailType'],
  ])('fails for %j', (options, message) => {
    expect(bus(options)).toThrow(message);
  });
});

describe('function', () => {
  test('an alias is invoked by its own ARN', () => {
    const stack = stackWith((own) => WebhookTarget.function(alias(own)));
    expect(settings(stack)).toEqual({ functionName: { Ref: resource(Template.fromStack(stack), 'AWS::Lambda::Alias').id } });
  });

  const lasting = (timeout: Duration | undefined, options: FunctionTargetOptions) => {
    const props = { runtime: Runtime.NODEJS_24_X, handler: 'index.handler', code: Code.fromInline('0'), timeout };
    const stack = stackWith((own) => WebhookTarget.function(new Function(own, 'Own', props), options));
    return Annotations.fromStack(stack).findWarning('*', Match.stringLikeRegexp('function of target "own" may run for'));
  };

  test.each<[Duration | undefined, FunctionTargetOptions, number]>([
    [undefined, {}, 0],
    [undefined, { timeout: Duration.seconds(2) }, 1],
    [Duration.seconds(15), {}, 0],
    [Duration.seconds(16), {}, 1],
    [Duration.seconds(30), { timeout: Duration.seconds(30) }, 0],
    [Duration.minutes(15), { timeout: Duration.seconds(30) }, 1],
  ])('of %s, with %j: %d warnings that an attempt ends before the function', (timeout, options, count) => {
    expect(lasting(timeout, options)).toHaveLength(count);
  });
});

describe('stream', () => {
  const stream = (options: StreamTargetOptions) => stackWith((stack) => WebhookTarget.stream(new Stream(stack, 'Own'), options));

  test('a partition key in the body is in the settings', () => {
    expect(settings(stream({ partitionKey: OrderingKey.jsonPath('$.data.id') }))).toMatchObject({ partitionKey: { json: '$.data.id' } });
  });

  test('a partition key in a header is kept with the event, beside the headers that go on', () => {
    const stack = stream({ partitionKey: OrderingKey.header('X-Tenant'), forwardHeaders: ['x-trace'] });
    expect(settings(stack)).toMatchObject({ partitionKey: { header: 'x-tenant' } });
    expect(ingestConfig(stack).config.targets['own']?.forwardHeaders).toEqual(['x-trace', 'x-tenant']);
  });

  test('fails when the partition key is the source', () => {
    expect(() => stream({ partitionKey: OrderingKey.source() })).toThrow('partitionKey of target "own" must be a header or a JSON path: to keep the order of a source, set `orderingKey`');
  });
});

describe('bucket', () => {
  const bucket = (options: BucketTargetOptions) => () => stackWith((stack) => WebhookTarget.bucket(new Bucket(stack, 'Own'), options));

  test('a prefix is in the settings and bounds the grant', () => {
    const stack = bucket({ keyPrefix: 'webhooks/(a)/' })();
    expect(settings(stack)).toMatchObject({ keyPrefix: 'webhooks/(a)/' });
    expect(JSON.stringify(resource(Template.fromStack(stack), 'AWS::IAM::Policy', 'GatewayTargetsown').properties)).toContain('"/webhooks/(a)/*"');
  });

  test.each(['a', 'a/', '.a/..b/', 'a..', '...'])('takes the prefix %j', (keyPrefix) => {
    expect(bucket({ keyPrefix })).not.toThrow();
  });

  test('a prefix may be known only at deployment', () => {
    expect(settings(bucket({ keyPrefix: `${Aws.ACCOUNT_ID}/` })())).toMatchObject({ keyPrefix: { 'Fn::Join': ['', [{ Ref: 'AWS::AccountId' }, '/']] } });
  });

  test.each(['/webhooks', 'a*', 'a?', '${aws:username}/', 'ä/', 'a b', 'a'.repeat(901), '../x', './', 'a//b', 'a/../', 'a//'])('fails for the prefix %j', (keyPrefix) => {
    expect(bucket({ keyPrefix })).toThrow(/^keyPrefix ".*" is not allowed: use up to 900 letters/);
  });
});

test('a target may serve two gateways', () => {
  const stack = ownStack();
  const own = make.queue(stack);
  for (const id of ['One', 'Two']) new WebhookGateway(stack, id, { ...valid(), targets: { own } });
  expect(Object.keys(Template.fromStack(stack).findResources('AWS::Lambda::EventSourceMapping'))).toHaveLength(2);
  expect(existsSync('assets/senders/queue/sender.mjs')).toBe(true);
});
