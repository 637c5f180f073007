// Usage: tsx test/checks/nag.ts APP.ts, with CDK_OUTDIR set as the CDK CLI sets it. Runs an app as it is and prints what
// cdk-nag's AwsSolutions pack finds in it, as a JSON array.
import path from 'node:path';
import { App } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';

const { synth } = App.prototype;
App.prototype.synth = function (this: App, ...args) {
  const { violations } = new AwsSolutionsChecks(this).validateScope(this);
  console.log(JSON.stringify(violations));
  App.prototype.synth = synth;
  return synth.apply(this, args);
};

void import(path.resolve(process.argv[2] as string));
