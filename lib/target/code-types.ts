import type { Delivery, SecretReader, Sender, SenderContext, SenderModule, SendResult } from '../contract/sender';
import type { TransformChange as Change, TransformEvent as Event, TransformFunction as Transform, TransformResult as Result } from '../contract/transform';

// What is written for the functions is TypeScript or JavaScript, whatever language the stack is in. jsii leaves type aliases out of
// what it translates, so these may have methods and functions in them.

/** What the default export of a file for `WebhookTransform.fromFile()` is. */
export type TransformFunction = Transform;
/** What a transform is called with. */
export type TransformEvent = Event;
/** What a transform returns: what changes, or nothing to drop the event. */
export type TransformResult = Result;
/** What of an event a transform may change. */
export type TransformChange = Change;

/** What `sender.mjs` in a `senderDirectory` is. */
export type WebhookSenderModule = SenderModule;
/** What `createSender` is called with, once for each function that starts. */
export type WebhookSenderContext = SenderContext;
/** What `createSender` returns. */
export type WebhookSender = Sender;
/** One event on its way to one target. */
export type WebhookDelivery = Delivery;
/** What became of an attempt. */
export type WebhookSendResult = SendResult;
/** Reads secrets through the function's cache. */
export type WebhookSecretReader = SecretReader;
