import { Annotations, CfnRule, Fn, Stack } from 'aws-cdk-lib';
import { Construct } from 'constructs';

/** Set by `cdk-webhooks dev`; `-c` gives the string. */
const LOCAL_RUN_CONTEXT = 'cdk-webhooks:local';

const REASON = 'this template was made for a local run (context cdk-webhooks:local), may name http and loopback targets, and must not be deployed';

export function isLocalRun(scope: Construct): boolean {
  const value: unknown = scope.node.tryGetContext(LOCAL_RUN_CONTEXT);
  return value === true || value === 'true';
}

/** The error stops the CDK command line, though the app still writes its assembly; the rule stops every other tool. */
export function forbidDeployment(scope: Construct): void {
  Annotations.of(Stack.of(scope)).addError(`${REASON}: synthesise without it`);
  new CfnRule(scope, 'LocalRunOnly', {
    assertions: [{ assert: Fn.conditionEquals('local run', 'deployment'), assertDescription: REASON }],
  });
}
