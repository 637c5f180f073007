// Who gets which events, and what becomes of them on the way.
//
//   npx cdk-webhooks dev --app "npx tsx examples/filters-and-transforms/app.ts" --target billing=http://127.0.0.1:3000
import * as path from 'path';
import { App } from 'aws-cdk-lib';
import { Match } from 'aws-cdk-lib/aws-events';
// In an app of your own: from 'cdk-webhooks'.
import { EventFormat, WebhookSecret, WebhookSource, WebhookStack, WebhookTarget, WebhookTransform } from '../../lib';

const app = new App();

new WebhookStack(app, 'FiltersAndTransforms', {
  sources: {
    shop: WebhookSource.standardWebhooks({ secret: WebhookSecret.generate() }),
    github: WebhookSource.github({ secret: WebhookSecret.generate() }),
  },
  targets: {
    // By type: `*` stands for any run of characters.
    billing: WebhookTarget.http('https://billing.example.com/hooks', { sources: ['shop'], eventTypes: ['invoice.*', 'refund.created'] }),

    // By what is in the body, in the grammar of EventBridge. The transform takes away what the warehouse must not see.
    warehouse: WebhookTarget.http('https://warehouse.example.com/orders', {
      sources: ['shop'],
      filter: { body: { data: { total: Match.greaterThan(100), country: ['DE', { prefix: 'A' }], test: [{ exists: false }] } } },
      transform: WebhookTransform.fromFile(path.join(__dirname, 'without-customer.ts')),
    }),

    // A new body without code.
    chat: WebhookTarget.http('https://chat.example.com/hooks/T0000', {
      sources: ['github'],
      eventTypes: ['push'],
      filter: { body: { ref: ['refs/heads/main'] } },
      transform: WebhookTransform.template({ text: '{$.body.pusher.name} pushed to {$.body.repository.full_name}', event: '$.metadata.id' }),
    }),

    // The same form for the events of all sources.
    archive: WebhookTarget.http('https://archive.example.com/events', { format: EventFormat.CLOUD_EVENTS }),
  },
});
