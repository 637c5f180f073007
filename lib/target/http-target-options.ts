import { ISecurityGroup, IVpc, SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import { WebhookSecret } from '../webhook-secret';
import { HttpAuth } from './http-auth';
import { WebhookTargetOptions } from './target-options';

/**
 * Names of the three headers of Standard Webhooks, for a receiver that knows them by others.
 */
export interface SignatureHeaderNames {
  /**
   * The header with the event's id.
   *
   * @default 'webhook-id'
   */
  readonly id?: string;

  /**
   * The header with the time of the attempt, in seconds since 1970.
   *
   * @default 'webhook-timestamp'
   */
  readonly timestamp?: string;

  /**
   * The header with the signatures.
   *
   * @default 'webhook-signature'
   */
  readonly signature?: string;
}

/**
 * Options of `WebhookTarget.http()`.
 */
export interface HttpTargetOptions extends WebhookTargetOptions {
  /**
   * The key that deliveries are signed with, as Standard Webhooks says: base64 of 24 bytes or more, with or without `whsec_`
   * before it. The receiver verifies with the same.
   *
   * @default - a new secret for this target, kept when the stack is deleted; an output of `WebhookStack` has its ARN
   */
  readonly signingSecret?: WebhookSecret;

  /**
   * Other names for the three headers that sign a delivery. What is signed stays the same.
   *
   * @default - those of Standard Webhooks
   */
  readonly signatureHeaders?: SignatureHeaderNames;

  /**
   * How the target knows who delivers, beside the signature.
   *
   * @default - by the signature alone
   */
  readonly auth?: HttpAuth;

  /**
   * Headers that every delivery has, as they are. No place for secrets, which belong in `auth`. Names that HTTP itself or the
   * signature uses are refused: `Host`, `Content-Length`, `Connection` and its like, `Authorization`, `Cookie`, and all that begin with `webhook-`.
   *
   * @default - none
   */
  readonly headers?: { [name: string]: string };

  /**
   * Statuses, 400 to 599, of which no retry will make another: an event that is still answered so after an hour goes to the dead-letter
   * queue. They take the place of the default. Whatever stands here, 410 ends an event at once.
   *
   * @default [400, 405, 406, 411, 413, 414, 415, 422, 431, 501]
   */
  readonly permanentStatusCodes?: number[];

  /**
   * True keeps the first KB of the newest response in the event store, for whoever asks why an event was refused. It may hold what the
   * receiver would tell nobody else.
   *
   * @default false
   */
  readonly recordResponses?: boolean;

  /**
   * A VPC to deliver from. Its subnets need a way to SQS, Secrets Manager and DynamoDB, to S3 for big events, and to the target: a NAT
   * gateway, or VPC endpoints for the services.
   *
   * @default - no VPC: the function reaches public addresses
   */
  readonly vpc?: IVpc;

  /**
   * Subnets of the VPC. A function in a public subnet reaches nothing outside.
   *
   * @default - the private subnets
   */
  readonly vpcSubnets?: SubnetSelection;

  /**
   * Security groups of the function.
   *
   * @default - a new one that lets everything out
   */
  readonly securityGroups?: ISecurityGroup[];

  /**
   * Private networks that the target may be in, in CIDR notation, inside of 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16, 100.64.0.0/10,
   * 198.18.0.0/15 or fc00::/7. Every other address that is not public is refused, whatever name led to it.
   *
   * @default - none: public addresses only
   */
  readonly allowedPrivateCidrs?: string[];
}
