import type { StackArtifact } from '../assembly/assembly';
import type { RunEnvironment } from '../assembly/run-environment';
import { partitionOf, urlSuffixOf } from '../partition';
import { secretArn } from '../secrets-manager';
import type { Warn } from './lines';

/** The account and Region that all stacks of a run are in. */
export interface Place {
  readonly account: string;
  readonly region: string;
}

const NOBODYS_ACCOUNT = '000000000000';
const DEFAULT_REGION = 'us-east-1';

/**
 * A run has one account and one Region: those of the first stack that names them. Other stacks live there too, which changes the
 * ARNs of their parts and nothing else.
 */
export function choosePlace(stacks: readonly StackArtifact[], warn: Warn): Place {
  const account = stacks.find((stack) => stack.account !== undefined)?.account ?? NOBODYS_ACCOUNT;
  const region = stacks.find((stack) => stack.region !== undefined)?.region ?? DEFAULT_REGION;
  for (const stack of stacks) {
    if ((stack.region ?? region) === region && (stack.account ?? account) === account) continue;
    warn('not-run', `the stack ${JSON.stringify(stack.displayName)} is for account ${stack.account ?? account} and Region ${stack.region ?? region}, `
      + `but this run puts all stacks into ${account} and ${region}`);
  }
  return { account, region };
}

/** Stacks by distinct names: an app may deploy one name to several Regions, but a run has only one. */
export function distinctStacks(stacks: readonly StackArtifact[], warn: Warn): StackArtifact[] {
  const first = new Map<string, StackArtifact>();
  for (const stack of stacks) {
    const other = first.get(stack.stackName);
    if (!other) first.set(stack.stackName, stack);
    else {
      warn('not-run', `the stack ${JSON.stringify(stack.displayName)} is left out: it has the name ${JSON.stringify(stack.stackName)} `
        + `of ${JSON.stringify(other.displayName)}, and this run has one Region for both`);
    }
  }
  return [...first.values()];
}

/** What the templates of a run resolve to. */
export function runEnvironment(place: Place, queueOrigin: string): RunEnvironment {
  return {
    ...place,
    partition: partitionOf(place.region),
    urlSuffix: urlSuffixOf(place.region),
    queueUrl: (name) => `${queueOrigin}/${place.account}/${name}`,
    secretArn: (name) => secretArn(place, name),
  };
}
