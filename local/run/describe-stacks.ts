import type { DeployedStack } from '../assembly/deployed-stack';
import type { Deployment } from '../assembly/deployment';
import type { DescribedStack } from '../cloudformation';
import type { Warn } from './lines';

/** What CloudFormation says of the stacks of a run. */
export function describeStacks(deployment: Deployment, createdAt: number, localUrls: (text: string) => string, warn: Warn): DescribedStack[] {
  return deployment.stacks.map((stack) => ({
    name: stack.name,
    id: stack.id,
    template: stack.template,
    createdAt,
    outputs: stack.outputs((error) => warn('unresolvable', error.message)).map((output) => ({ ...output, value: localUrls(output.value) })),
    resources: stack.resources().map(({ logicalId, type }) => ({ logicalId, type, physicalId: physicalId(stack, logicalId) })),
  }));
}

/** A resource that nothing here needs may have a name that cannot be resolved; it is listed all the same. */
function physicalId(stack: DeployedStack, logicalId: string): string {
  try {
    return stack.identity(logicalId).ref;
  } catch {
    return logicalId;
  }
}
