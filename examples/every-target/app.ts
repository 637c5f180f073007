// One source, and a target of every kind: each event goes to ten places.
//
//   npx cdk-webhooks dev --app "npx tsx examples/every-target/app.ts" -c receiver=http://127.0.0.1:3000/hooks -c chat=http://127.0.0.1:3000/chat
import { App } from 'aws-cdk-lib';
import { EveryTargetStack } from './every-target-stack';

const app = new App();
new EveryTargetStack(app, 'EveryTarget', {
  receiver: app.node.tryGetContext('receiver') ?? 'https://receiver.example.com/hooks',
  chat: app.node.tryGetContext('chat') ?? 'https://chat.example.com/hooks/T0000',
});
