export { WebhookStack, type WebhookStackProps } from './webhook-stack';
export { WebhookGateway, type WebhookGatewayProps } from './webhook-gateway';
export { WebhookSecret, type GeneratedSecretOptions } from './webhook-secret';

export type { ISourceEndpoint } from './source/source-endpoint';
export { WebhookSource } from './source/webhook-source';
export type * from './source/source-options';
export type { WebhookResponse } from './source/webhook-response';
export type * from './source/provider-options';
export * from './source/own-options';
export {
  SignatureHeader, type KeyValueSignatureOptions, type ListSignatureOptions, type PlainSignatureOptions,
} from './source/signature-header';
export { RequestField } from './source/request-field';
export { HmacAlgorithm, KeyEncoding, SignatureEncoding, TimestampFormat } from './source/scheme-enums';

export type { IDeliveryQueue } from './target/delivery-queue';
export {
  WebhookTarget, type HttpTargetOptions, type IWebhookTarget, type WebhookRouteOptions, type WebhookTargetBindOptions,
  type WebhookTargetConfig, type WebhookTargetOptions,
} from './target/webhook-target';
export { RetryPolicy } from './target/retry-policy';
