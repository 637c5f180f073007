import { IConstruct } from 'constructs';

const gateways = new WeakSet<IConstruct>();

/** Remembers a gateway, so that what belongs to it can be told from what is the user's. */
export function markGateway(gateway: IConstruct): void {
  gateways.add(gateway);
}

/** Whether a construct is a part of a gateway, of this one or another. */
export function isGatewayPart(construct: IConstruct): boolean {
  return construct.node.scopes.some((scope) => gateways.has(scope));
}
