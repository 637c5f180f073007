import { CfnOutput, Stack, StackProps } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { ISourceEndpoint, SourceEndpoint } from './source/source-endpoint';
import { WebhookSource } from './source/webhook-source';
import { DeliveryQueue } from './target/delivery-queue';
import { IDeliveryQueue } from './target/delivery-queue-interface';
import { IWebhookTarget } from './target/webhook-target';
import { WebhookGateway } from './webhook-gateway';
import { WebhookGatewayProps } from './webhook-gateway-props';

/**
 * Properties of a `WebhookStack`.
 */
export interface WebhookStackProps extends StackProps, WebhookGatewayProps {}

/**
 * A stack that is a webhook gateway and nothing else.
 *
 * Its outputs have the URL of each source (`<Name>Url`), the ARN of each secret that was generated for a source
 * (`<Name>SecretArn`), and the ARN of each that was generated for a target to sign with (`<Name>SigningSecretArn`). With a `domainName`
 * they also have what its record in the DNS points to (`DomainTarget`), and the hosted zone of that (`DomainHostedZoneId`), which an alias
 * record of Route 53 needs.
 */
export class WebhookStack extends Stack {
  /**
   * The gateway.
   */
  public readonly gateway: WebhookGateway;

  constructor(scope: Construct, id: string, props: WebhookStackProps = {}) {
    super(scope, id, props);
    this.gateway = new GatewayWithOutputs(this, 'Gateway', props);
  }
}

/** Says in the stack's outputs what a person needs after a deployment, for parts that are added late as well. */
class GatewayWithOutputs extends WebhookGateway {
  constructor(scope: Construct, id: string, props: WebhookGatewayProps) {
    super(scope, id, props);
    if (!this.domain) return;
    const { regionalDomainName, regionalHostedZoneId } = this.domain;
    this.output('Domain', 'Target', regionalDomainName, `What the record of ${props.domainName} in the DNS points to`);
    this.output('Domain', 'HostedZoneId', regionalHostedZoneId, 'The hosted zone of DomainTarget, for an alias record of Route 53');
  }

  public override addSource(name: string, source: WebhookSource): ISourceEndpoint {
    const endpoint = super.addSource(name, source) as SourceEndpoint;
    this.output(name, 'Url', endpoint.url, `Where the sender of ${name} posts to`);
    for (const { name: kind, secret } of endpoint.secrets) {
      if (secret.generated) this.output(name, `${kind}Arn`, secret.reference.id, `The secret to give to the sender of ${name}`);
    }
    return endpoint;
  }

  public override addTarget(name: string, target: IWebhookTarget): IDeliveryQueue {
    const queue = super.addTarget(name, target) as DeliveryQueue;
    if (queue.signingSecret?.generated) {
      this.output(name, 'SigningSecretArn', queue.signingSecret.reference.id, `The secret that ${name} verifies deliveries with`);
    }
    return queue;
  }

  private output(name: string, suffix: string, value: string, description: string): void {
    const stack = Stack.of(this);
    const id = `${pascalCase(name)}${suffix}`;
    if (stack.node.tryFindChild(id)) {
      throw new Error(`${JSON.stringify(name)} needs the output ${JSON.stringify(id)}, which the stack has already: choose a name that differs in more than `
        + 'hyphens and the case of its letters');
    }
    new CfnOutput(stack, id, { value, description });
  }
}

/** An output's name has letters and digits only: `order-events` is `OrderEvents`. */
function pascalCase(name: string): string {
  return name.split('-').map((word) => `${word.charAt(0).toUpperCase()}${word.slice(1)}`).join('');
}
