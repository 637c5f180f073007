import { App, Stack, StackProps } from 'aws-cdk-lib';
import { EventBus } from 'aws-cdk-lib/aws-events';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Stream, StreamEncryption } from 'aws-cdk-lib/aws-kinesis';
import { DeliveryStream, S3Bucket } from 'aws-cdk-lib/aws-kinesisfirehose';
import { Alias, Code, Function, Runtime } from 'aws-cdk-lib/aws-lambda';
import { Bucket, BucketEncryption } from 'aws-cdk-lib/aws-s3';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { DefinitionBody, Pass, StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { IWebhookTarget, WebhookGateway, WebhookTarget, WebhookTargetOptions } from '../../../lib';
import { valid } from '../fixture';

/** Every kind of target that is an AWS service. */
export const KINDS = ['queue', 'topic', 'event-bus', 'function', 'state-machine', 'stream', 'delivery-stream', 'bucket'] as const;
export type Kind = typeof KINDS[number];

type Make = (stack: Stack, options?: WebhookTargetOptions, key?: Key) => IWebhookTarget;

const code = { runtime: Runtime.NODEJS_24_X, handler: 'index.handler', code: Code.fromInline('exports.handler = async () => undefined;') };

/** Makes the resource in the stack, and the target. With a key, the resource is encrypted by it where it can be. */
export const make: { readonly [kind in Kind]: Make } = {
  'queue': (stack, options, key) => WebhookTarget.queue(
    new Queue(stack, 'Own', key && { encryption: QueueEncryption.KMS, encryptionMasterKey: key }), options),
  'topic': (stack, options, key) => WebhookTarget.topic(new Topic(stack, 'Own', { masterKey: key }), options),
  'event-bus': (stack, options) => WebhookTarget.eventBus(new EventBus(stack, 'Own'), options),
  'function': (stack, options) => WebhookTarget.function(new Function(stack, 'Own', code), options),
  'state-machine': (stack, options) => WebhookTarget.stateMachine(
    new StateMachine(stack, 'Own', { definitionBody: DefinitionBody.fromChainable(new Pass(stack, 'Done')) }), options),
  'stream': (stack, options, key) => WebhookTarget.stream(
    new Stream(stack, 'Own', key && { encryption: StreamEncryption.KMS, encryptionKey: key }), options),
  'delivery-stream': (stack, options) => WebhookTarget.deliveryStream(
    new DeliveryStream(stack, 'Own', { destination: new S3Bucket(new Bucket(stack, 'Destination')) }), options),
  'bucket': (stack, options, key) => WebhookTarget.bucket(
    new Bucket(stack, 'Own', key && { encryption: BucketEncryption.KMS, encryptionKey: key }), options),
};

export function alias(stack: Stack): Alias {
  return new Alias(stack, 'Live', { aliasName: 'live', version: new Function(stack, 'Own', code).currentVersion });
}

export function ownStack(props?: StackProps): Stack {
  return new Stack(new App(), 'Webhooks', props);
}

/** A stack with a gateway whose one target, `own`, is made by the function. */
export function stackWith(target: (stack: Stack) => IWebhookTarget, props?: StackProps): Stack {
  const stack = ownStack(props);
  new WebhookGateway(stack, 'Gateway', { ...valid(), targets: { own: target(stack) } });
  return stack;
}
