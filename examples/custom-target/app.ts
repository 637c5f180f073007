// A target of one's own, with its own delivery code.
//
//   npx cdk-webhooks dev --app "npx tsx examples/custom-target/app.ts" -c chat=http://127.0.0.1:3000
import { App } from 'aws-cdk-lib';
// In an app of your own: from 'cdk-webhooks'.
import { WebhookSecret, WebhookSource, WebhookStack } from '../../lib';
import { ChatTarget } from './chat-target';

const app = new App();
const chat: string = app.node.tryGetContext('chat') ?? 'https://chat.example.com/hooks/T0000';

new WebhookStack(app, 'CustomTarget', {
  sources: { github: WebhookSource.github({ secret: WebhookSecret.generate() }) },
  targets: { chat: new ChatTarget(chat, { prefix: '🔔 ', eventTypes: ['push', 'release'] }) },
});
