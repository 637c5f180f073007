import { Arn, ArnFormat, IResource, Stack, Token, TokenComparison } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { isLocalRun } from './local-run';

export interface Place {
  readonly account: string;
  readonly region: string;
}

/** Not every import remembers what its ARN says, and the ARN of a bucket says nothing. */
export function placeOf({ env }: Pick<IResource, 'env'>, arn: string): Place {
  if (Token.isUnresolved(arn)) return env;
  const { account, region } = Arn.split(arn, ArnFormat.NO_RESOURCE_NAME);
  return { account: account || env.account, region: region || env.region };
}

/** Whether synth knows that they do: it does not know the account of a stack that can go anywhere. */
export function differ(one: string, other: string): boolean {
  return Token.compareStrings(one, other) === TokenComparison.DIFFERENT;
}

export interface Placed {
  /** What the resource is to the gateway, e.g. `alarmTopic`. */
  readonly what: string;
  readonly arn: string;
  readonly cure: string;
}

/** For what works in the stack's own Region alone. A local run has but one, whatever the stack says. */
export function checkRegion(scope: IConstruct, resource: IResource, { what, arn, cure }: Placed): void {
  const here = Stack.of(scope).region;
  const there = placeOf(resource, arn).region;
  if (differ(here, there) && !isLocalRun(scope)) throw new Error(`${what} is in ${there}, and the gateway is in ${here}: ${cure}`);
}
