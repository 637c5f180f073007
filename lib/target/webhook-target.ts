import { RemovalPolicy } from 'aws-cdk-lib';
import { ISecurityGroup, IVpc, SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import { IRole } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { WebhookSecret } from '../webhook-secret';
import { HttpTarget } from './http-target';
import { HttpTargetOptions } from './http-target-options';
import { WebhookTargetOptions } from './target-options';

/**
 * The way to a place that takes events. Implement it for a kind of target that `WebhookTarget` does not have.
 */
export interface IWebhookTarget {
  /**
   * Called once for each target of a gateway, before the queue and the function exist. Give the role what the sender needs, then
   * say how to send.
   *
   * @param scope a scope of the target's own, for what it makes
   */
  bind(scope: Construct, options: WebhookTargetBindOptions): WebhookTargetConfig;
}

/**
 * What a target is told when it is bound to a gateway.
 */
export interface WebhookTargetBindOptions {
  /**
   * The target's name in the gateway.
   */
  readonly targetName: string;

  /**
   * The role of the function that will deliver.
   */
  readonly role: IRole;

  /**
   * Whether the template is for `cdk-webhooks dev`, so that this machine may be a target.
   */
  readonly localRun: boolean;

  /**
   * What happens to the gateway's queues and secrets when they leave the stack; for what the target makes as well.
   */
  readonly removalPolicy: RemovalPolicy;
}

/**
 * How events get to a target.
 */
export interface WebhookTargetConfig extends WebhookTargetOptions {
  /**
   * A folder with the module `sender.mjs`, which exports `createSender`. Its files are put beside the delivery function's own.
   */
  readonly senderDirectory: string;

  /**
   * What the sender is given. Tokens are replaced by their values before it sees them.
   *
   * @default - nothing
   */
  readonly settings?: { [key: string]: any };

  /**
   * Variables of the delivery function's environment. No place for secrets.
   *
   * @default - none
   */
  readonly environment?: { [name: string]: string };

  /**
   * A word for the kind of target, for the command line.
   *
   * @default 'custom'
   */
  readonly kind?: string;

  /**
   * Where events go, for the command line. It is in the template's metadata.
   *
   * @default - not shown
   */
  readonly url?: string;

  /**
   * Statuses, 400 to 599, of which no retry will make another: after an hour of them an event goes to the dead-letter queue.
   *
   * @default [400, 405, 406, 411, 413, 414, 415, 422, 431, 501]
   */
  readonly permanentStatusCodes?: number[];

  /**
   * Names of headers of the sender's request that the target's sender is given beside the usual ones.
   *
   * @default - none
   */
  readonly forwardHeaders?: string[];

  /**
   * A VPC for the delivery function.
   *
   * @default - none
   */
  readonly vpc?: IVpc;

  /**
   * Subnets of the VPC.
   *
   * @default - the private subnets
   */
  readonly vpcSubnets?: SubnetSelection;

  /**
   * Security groups of the delivery function.
   *
   * @default - a new one that lets everything out
   */
  readonly securityGroups?: ISecurityGroup[];

  /**
   * The secret that the sender signs with, for outputs and the command line.
   *
   * @default - the sender does not sign
   */
  readonly signingSecret?: WebhookSecret;
}

/**
 * One configured way out.
 */
export class WebhookTarget {
  /**
   * An HTTPS endpoint. Each event is posted with the very bytes that the sender posted, signed as Standard Webhooks says, until it
   * is answered 2xx or is too old. Redirects are failures and are not followed.
   *
   * @param url absolute, with https and a public host; the path and query are kept
   */
  public static http(url: string, options: HttpTargetOptions = {}): IWebhookTarget {
    return new HttpTarget(url, options);
  }

  private constructor() {}
}
