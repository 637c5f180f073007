// The app that the CDK command line deploys: a production template with an event store.
import { App, CfnParameter, type Stack } from 'aws-cdk-lib';
import type { Function } from 'aws-cdk-lib/aws-lambda';
import { withoutQueryAlarms } from '../without-query-alarms';
import { addStore, STORE_TARGETS } from './stack';

const app = new App();
const stack = addStore(app, {
  stack: app.node.getContext('stack'),
  allowedPrivateCidrs: [app.node.getContext('network')],
  url: (scope, target) => parameter(scope, `${target}Url`),
});
withoutQueryAlarms(stack.gateway);

const trust = parameter(stack, 'authorities');
for (const target of STORE_TARGETS) (stack.gateway.target(target).deliveryFunction as Function).addEnvironment('NODE_EXTRA_CA_CERTS', trust);

function parameter(scope: Stack, id: string): string {
  return new CfnParameter(scope, id).valueAsString;
}
