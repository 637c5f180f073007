export { WebhookStack, type WebhookStackProps } from './webhook-stack';
export { WebhookGateway } from './webhook-gateway';
export type { WebhookGatewayProps } from './webhook-gateway-props';
export { WebhookSecret, type GeneratedSecretOptions } from './webhook-secret';

export { EventStore, type DynamoDbEventStoreOptions } from './event-store/event-store';
export { WebhookGatewayGrants } from './event-store/gateway-grants';
export { MetricDetail } from './monitoring/metric-detail';

export type { ISourceEndpoint } from './source/source-endpoint';
export { WebhookSource } from './source/webhook-source';
export type * from './source/source-options';
export { InvalidEventAction, WebhookSchema } from './source/webhook-schema';
export type { WebhookResponse } from './source/webhook-response';
export type * from './source/provider-options';
export * from './source/own-options';
export {
  SignatureHeader, type KeyValueSignatureOptions, type ListSignatureOptions, type PlainSignatureOptions,
} from './source/signature-header';
export { RequestField } from './source/request-field';
export { HmacAlgorithm, KeyEncoding, SignatureEncoding, TimestampFormat } from './source/scheme-enums';

export type { IDeliveryQueue } from './target/delivery-queue-interface';
export { WebhookTarget, type IWebhookTarget, type WebhookTargetBindOptions, type WebhookTargetConfig } from './target/webhook-target';
export type * from './target/target-options';
export type * from './target/http-target-options';
export type { BucketTargetOptions } from './target/bucket-target';
export type { DeliveryStreamTargetOptions } from './target/delivery-stream-target';
export type { EventBusTargetOptions } from './target/event-bus-target';
export type { FunctionTargetOptions } from './target/function-target';
export type { QueueTargetOptions } from './target/queue-target';
export type { StateMachineTargetOptions } from './target/state-machine-target';
export type { StreamTargetOptions } from './target/stream-target';
export type { TopicTargetOptions } from './target/topic-target';
export { EventFormat } from './target/event-format';
export { WebhookTransform, type TransformOptions } from './target/webhook-transform';
export type * from './target/code-types';
export { HttpAuth, type OAuth2Options } from './target/http-auth';
export { OrderingKey } from './target/ordering-key';
export { RetryPolicy, type ExponentialRetryOptions } from './target/retry-policy';
