import { Annotations, IResource, Stack } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { bundleDirectory } from '../private/assets';
import { isGatewayPart } from '../private/own-parts';
import { differ, placeOf } from '../private/place';
import { WebhookTargetOptions } from './target-options';
import type { WebhookTargetConfig } from './webhook-target';

/** What a service allows to a function of another account or Region. */
export interface ServicePlace {
  /** What the resource is, e.g. `queue`. */
  readonly noun: string;
  readonly arn: string;
  /** What the function does with it, e.g. `sqs:SendMessage`. */
  readonly action: string;
  /** Why no function of another account can do that. Absent: it can, where a policy of the resource lets it. */
  readonly ownAccountOnly?: string;
  /** Why no function of another Region can do that. Absent: it can. */
  readonly ownRegionOnly?: string;
}

/** That the function can reach a resource, and that it is none of a gateway's own. */
export function checkPlace(scope: IConstruct, target: string, resource: IResource, place: ServicePlace): void {
  const { noun, action, ownAccountOnly, ownRegionOnly } = place;
  const what = `target ${JSON.stringify(target)}`;
  if (isGatewayPart(resource)) {
    throw new Error(`${what} is ${JSON.stringify(resource.node.path)}, which is a part of a gateway, where nothing but that gateway may put events: `
      + `use a ${noun} of your own`);
  }
  const here = Stack.of(scope);
  const there = placeOf(resource, place.arn);
  if (differ(here.account, there.account)) {
    const accounts = `${what} is a ${noun} of account ${there.account}, and the gateway is in account ${here.account}`;
    if (ownAccountOnly) throw new Error(`${accounts}: ${ownAccountOnly}`);
    Annotations.of(scope).addWarningV2(
      'cdk-webhooks:cross-account-target',
      `${accounts}: its policy must allow ${action} to the role of the target's function, and so must the policy of its key, if it has one of its own`,
    );
  }
  if (ownRegionOnly && differ(here.region, there.region)) {
    throw new Error(`${what} is a ${noun} in ${there.region}, and the gateway is in ${here.region}: ${ownRegionOnly}`);
  }
}

/** A standard queue or topic may mix up what was kept in order for it. */
export function warnOfLostOrder(scope: IConstruct, target: string, noun: string): void {
  Annotations.of(scope).addWarningV2(
    'cdk-webhooks:order-lost',
    `target ${JSON.stringify(target)} has an orderingKey and is a standard ${noun}, which keeps no order: use a FIFO ${noun}, or leave the orderingKey out`,
  );
}

/** How events get to a service: by the sender of that name, which comes with the package. */
export function serviceConfig(kind: string, options: WebhookTargetOptions, settings: object): WebhookTargetConfig {
  return { ...options, kind, senderDirectory: bundleDirectory('senders', kind), settings: { ...settings } };
}
