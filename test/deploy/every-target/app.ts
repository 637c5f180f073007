// The app that the CDK command line deploys: the example with a target of each kind, as a production template, and what else is needed to see
// what arrives where it can only be seen by those who listen.
import { App, CfnOutput, CfnParameter, Fn } from 'aws-cdk-lib';
import { Rule } from 'aws-cdk-lib/aws-events';
import { SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import type { CfnFunction, Function } from 'aws-cdk-lib/aws-lambda';
import { SqsSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { EveryTargetStack } from '../../../examples/every-target/every-target-stack';
import type { Places } from '../../../examples/every-target/places';
import { WebhookTarget } from '../../../lib';
import type { SourceEndpoint } from '../../../lib/source/source-endpoint';
import type { DeliveryQueue } from '../../../lib/target/delivery-queue';
import { withoutQueryAlarms } from '../without-query-alarms';

/** What a function that is a target runs: it posts what it was called with. */
const TELLING = `
const https = require('node:https');
exports.handler = (event) => new Promise((resolve, reject) => {
  const done = (response) => response.resume().once('end', resolve);
  https.request(process.env.TELL, { method: 'POST', agent: false }, done).once('error', reject).end(JSON.stringify(event));
});
`;

const app = new App();
// The chat's sender has no guard against addresses that are not public, so its address may be this machine's; synthesis would refuse that of the
// HTTP target.
const stack = new EveryTargetStack(app, app.node.getContext('stack'), { receiver: Fn.ref('Receiver'), chat: app.node.getContext('chat') });
const receiver = parameter('Receiver');
const authorities = parameter('Authorities');
const { gateway } = stack;
withoutQueryAlarms(gateway);

// The example's HTTP target may reach public addresses only; this one may reach the receiver.
const inside = gateway.addTarget('inside', WebhookTarget.http(receiver, { allowedPrivateCidrs: [app.node.getContext('network')] })) as DeliveryQueue;
for (const target of ['inside', 'chat']) trust(gateway.target(target).deliveryFunction as Function);

const { topic, eventBus, fn } = stack.node.findChild('Places') as Places;
topic.addSubscription(new SqsSubscription(new Queue(stack, 'Subscribed'), { rawMessageDelivery: true }));
new Rule(stack, 'Rule', { eventBus, eventPattern: { source: ['example.orders'] }, targets: [new SqsQueue(new Queue(stack, 'Ruled'))] });

// The example's function only logs, and an emulator's log may come late.
(fn.node.defaultChild as CfnFunction).code = { zipFile: TELLING };
fn.addEnvironment('TELL', parameter('Told'));
trust(fn);

const source = gateway.source('orders') as SourceEndpoint;
new CfnOutput(stack, 'OrdersUrl', { value: source.url });
for (const { secret } of source.secrets) new CfnOutput(stack, 'OrdersSecretArn', { value: secret.reference.id });
if (inside.signingSecret) new CfnOutput(stack, 'InsideSigningSecretArn', { value: inside.signingSecret.reference.id });

function parameter(id: string): string {
  return new CfnParameter(stack, id).valueAsString;
}

/** The receiver's certificate comes from an authority of one's own. */
function trust(fn: Function): void {
  fn.addEnvironment('NODE_EXTRA_CA_CERTS', authorities);
}
