import { Annotations, Duration } from 'aws-cdk-lib';
import { Function, IFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { FunctionSettings } from '../contract/aws-settings';
import { allow } from '../private/allow';
import { checkPlace, serviceConfig } from './service-target';
import { DEFAULT_ATTEMPT_TIMEOUT, WebhookTargetOptions } from './target-options';
import type { IWebhookTarget, WebhookTargetBindOptions, WebhookTargetConfig } from './webhook-target';

/** https://docs.aws.amazon.com/lambda/latest/dg/configuration-timeout.html */
const DEFAULT_FUNCTION_TIMEOUT = Duration.seconds(3);

/**
 * Options of `WebhookTarget.function()`.
 */
export interface FunctionTargetOptions extends WebhookTargetOptions {}

export class FunctionTarget implements IWebhookTarget {
  constructor(private readonly fn: IFunction, private readonly options: FunctionTargetOptions) {}

  public bind(scope: Construct, { targetName, role }: WebhookTargetBindOptions): WebhookTargetConfig {
    const { functionArn } = this.fn;
    checkPlace(scope, targetName, this.fn, { noun: 'function', arn: functionArn, action: 'lambda:InvokeFunction' });
    this.warnOfTimeout(scope, targetName);
    // `grantInvoke` also allows every version and alias.
    allow(role, 'lambda:InvokeFunction', functionArn);
    const settings: FunctionSettings = { functionName: functionArn };
    return serviceConfig('function', this.options, settings);
  }

  /** An attempt that ends before the function does has failed, and the next one does the work again. */
  private warnOfTimeout(scope: Construct, targetName: string): void {
    if (!(this.fn instanceof Function)) return;
    const own = this.fn.timeout ?? DEFAULT_FUNCTION_TIMEOUT;
    const attempt = this.options.timeout ?? DEFAULT_ATTEMPT_TIMEOUT;
    if (own.isUnresolved() || attempt.isUnresolved() || own.toSeconds() <= attempt.toSeconds()) return;
    Annotations.of(scope).addWarningV2(
      'cdk-webhooks:function-outlives-attempt',
      `the function of target ${JSON.stringify(targetName)} may run for ${own.toSeconds()} s, and an attempt ends after ${attempt.toSeconds()} s and is made again: `
        + 'give the target a longer `timeout` (30 s at most), or the function a shorter one; for long work send to a queue or a state machine',
    );
  }
}
