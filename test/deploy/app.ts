// The app that the CDK command line deploys: a production template. Where targets are is a parameter, as the stack's user would keep it out
// of the code; synthesis would refuse an address of this machine.
import { App, CfnParameter, type Stack } from 'aws-cdk-lib';
import type { Function } from 'aws-cdk-lib/aws-lambda';
import { addGateway, CHANGED_ROUTES, ROUTES } from './gateway';
import { withoutQueryAlarms } from './without-query-alarms';

const app = new App();
const changed = app.node.tryGetContext('changed') === 'true';
const stack = addGateway(app, {
  stack: app.node.getContext('stack'),
  changed,
  allowedPrivateCidrs: [app.node.getContext('network')],
  url: (scope, target) => parameter(scope, `${target}Url`),
});

withoutQueryAlarms(stack.gateway);

// A target whose certificate comes from an authority of one's own.
const trust = parameter(stack, 'authorities');
for (const target of new Set(Object.values(changed ? CHANGED_ROUTES : ROUTES).flat())) {
  (stack.gateway.target(target).deliveryFunction as Function).addEnvironment('NODE_EXTRA_CA_CERTS', trust);
}

function parameter(scope: Stack, id: string): string {
  return new CfnParameter(scope, id).valueAsString;
}
