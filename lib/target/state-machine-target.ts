import { IStateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { StateMachineSettings } from '../contract/aws-settings';
import { allow } from '../private/allow';
import { checkPlace, serviceConfig } from './service-target';
import { WebhookTargetOptions } from './target-options';
import type { IWebhookTarget, WebhookTargetBindOptions, WebhookTargetConfig } from './webhook-target';

/** https://docs.aws.amazon.com/step-functions/latest/dg/security_iam_service-with-iam.html */
const OWN_ACCOUNT_ONLY = 'Step Functions knows no policies of state machines, so nobody from another account can start one; '
  + 'send to an event bus or a function of that account, which starts it';

/**
 * Options of `WebhookTarget.stateMachine()`.
 */
export interface StateMachineTargetOptions extends WebhookTargetOptions {}

export class StateMachineTarget implements IWebhookTarget {
  constructor(private readonly stateMachine: IStateMachine, private readonly options: StateMachineTargetOptions) {}

  public bind(scope: Construct, { targetName, role }: WebhookTargetBindOptions): WebhookTargetConfig {
    const { stateMachineArn } = this.stateMachine;
    checkPlace(scope, targetName, this.stateMachine, { noun: 'state machine', arn: stateMachineArn, action: 'states:StartExecution', ownAccountOnly: OWN_ACCOUNT_ONLY });
    allow(role, 'states:StartExecution', stateMachineArn);
    const settings: StateMachineSettings = { stateMachineArn };
    return serviceConfig('state-machine', this.options, settings);
  }
}
