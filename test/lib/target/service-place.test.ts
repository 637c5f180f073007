import { App, Environment, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { EventBus } from 'aws-cdk-lib/aws-events';
import { Stream } from 'aws-cdk-lib/aws-kinesis';
import { DeliveryStream } from 'aws-cdk-lib/aws-kinesisfirehose';
import { Function } from 'aws-cdk-lib/aws-lambda';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { IQueue, Queue } from 'aws-cdk-lib/aws-sqs';
import { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { IWebhookTarget, WebhookGateway, WebhookTarget } from '../../../lib';
import { valid } from '../fixture';
import { Kind, make, ownStack, stackWith } from './places';

const HERE: Environment = { account: '111111111111', region: 'eu-central-1' };

type Import = (stack: Stack, account: string, region: string) => IWebhookTarget;

const imported: { readonly [kind in Kind]: Import } = {
  'queue': (stack, account, region) => WebhookTarget.queue(Queue.fromQueueArn(stack, 'Own', `arn:aws:sqs:${region}:${account}:own`)),
  'topic': (stack, account, region) => WebhookTarget.topic(Topic.fromTopicArn(stack, 'Own', `arn:aws:sns:${region}:${account}:own`)),
  'event-bus': (stack, account, region) => WebhookTarget.eventBus(EventBus.fromEventBusArn(stack, 'Own', `arn:aws:events:${region}:${account}:event-bus/own`)),
  'function': (stack, account, region) => WebhookTarget.function(Function.fromFunctionArn(stack, 'Own', `arn:aws:lambda:${region}:${account}:function:own`)),
  'state-machine': (stack, account, region) => WebhookTarget.stateMachine(
    StateMachine.fromStateMachineArn(stack, 'Own', `arn:aws:states:${region}:${account}:stateMachine:own`)),
  'stream': (stack, account, region) => WebhookTarget.stream(Stream.fromStreamArn(stack, 'Own', `arn:aws:kinesis:${region}:${account}:stream/own`)),
  'delivery-stream': (stack, account, region) => WebhookTarget.deliveryStream(
    DeliveryStream.fromDeliveryStreamArn(stack, 'Own', `arn:aws:firehose:${region}:${account}:deliverystream/own`)),
  'bucket': (stack, account, region) => WebhookTarget.bucket(Bucket.fromBucketAttributes(stack, 'Own', { bucketName: 'own', account, region })),
};

const KINDS = Object.keys(imported) as Kind[];
const place = (kind: Kind, account: string, region: string, env = HERE) => () =>
  stackWith((stack) => imported[kind](stack, account, region), { env });

/** Of the gateway's own account and Region; of another account; of another Region. */
const VERDICTS: { readonly [kind in Kind]: { readonly account: 'policy' | RegExp; readonly region: 'works' | RegExp } } = {
  'queue': { account: 'policy', region: 'works' },
  'topic': { account: 'policy', region: 'works' },
  'event-bus': { account: 'policy', region: 'works' },
  'function': { account: 'policy', region: 'works' },
  'state-machine': { account: /Step Functions knows no policies of state machines/, region: 'works' },
  'stream': { account: 'policy', region: 'works' },
  'delivery-stream': { account: /Firehose knows no policies of its streams/, region: /Firehose finds a stream by its name in the caller's own Region/ },
  'bucket': { account: 'policy', region: /S3 answers a request in another Region with a redirect/ },
};

const warnings = (stack: Stack) => Annotations.fromStack(stack).findWarning('*', Match.anyValue()).map(({ entry }) => entry.data);

describe.each(KINDS)('an imported %s', (kind) => {
  test('of the same account and Region is granted without a word', () => {
    const stack = place(kind, '111111111111', 'eu-central-1')();
    Template.fromStack(stack);
    expect(warnings(stack)).toEqual([]);
  });

  test('of another account works with a policy of its own, or fails with the reason', () => {
    const { account } = VERDICTS[kind];
    const make_ = place(kind, '222222222222', 'eu-central-1');
    if (account !== 'policy') {
      expect(make_).toThrow(account);
      expect(make_).toThrow(/target "own" is a .* of account 222222222222, and the gateway is in account 111111111111/);
      return;
    }
    const stack = make_();
    Template.fromStack(stack);
    const warning = /^target "own" is a .* of account 222222222222.*: its policy must allow \w+:\w+ to the role/;
    expect(warnings(stack)).toEqual([expect.stringMatching(warning)]);
  });

  test('of another Region works, or fails with the reason', () => {
    const { region } = VERDICTS[kind];
    const make_ = place(kind, '111111111111', 'us-east-1');
    if (region !== 'works') expect(make_).toThrow(region);
    else expect(() => Template.fromStack(make_())).not.toThrow();
  });

  test('is taken where synth does not know the gateway\'s account and Region', () => {
    const stack = place(kind, '222222222222', 'us-east-1', {})();
    Template.fromStack(stack);
    expect(warnings(stack)).toEqual([]);
  });
});

describe('a part of a gateway is no target', () => {
  const stack = ownStack();
  const other = new WebhookGateway(stack, 'Other', valid());
  const { queue, deadLetterQueue, deliveryFunction } = other.target('billing');
  const add = (target: IWebhookTarget) => () => new WebhookGateway(stack, `G${Math.random()}`.replace('.', ''), { ...valid(), targets: { own: target } });

  test.each<[string, IWebhookTarget]>([
    ['a delivery queue', WebhookTarget.queue(queue)],
    ['a dead-letter queue', WebhookTarget.queue(deadLetterQueue)],
    ['a delivery function', WebhookTarget.function(deliveryFunction)],
    ['the bucket of big bodies', WebhookTarget.bucket(other.node.findChild('Payloads').node.findChild('Bucket') as Bucket)],
  ])('fails for %s', (_, target) => {
    expect(add(target)).toThrow(/^target "own" is "Webhooks\/Other\/.*", which is a part of a gateway/);
  });

  test('a queue of the stack beside it is one', () => {
    expect(add(WebhookTarget.queue(new Queue(stack, 'Mine') as IQueue))).not.toThrow();
  });
});

test('a resource of another stack of the app is named and granted', () => {
  const app = new App();
  const producer = new Stack(app, 'Places');
  const target = make.queue(producer);
  const stack = new Stack(app, 'Webhooks');
  new WebhookGateway(stack, 'Gateway', { ...valid(), targets: { own: target } });
  const policy = JSON.stringify(Template.fromStack(stack).findResources('AWS::IAM::Policy'));
  expect(policy).toMatch(/"sqs:SendMessage","Effect":"Allow","Resource":\[\{"Fn::ImportValue":"Places:/);
});
