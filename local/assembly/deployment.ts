import type { StackArtifact } from './assembly';
import { DeployedStack, type OnReference, type Resource, type StackNeighbours } from './deployed-stack';
import type { RunEnvironment } from './run-environment';

/** All stacks of a cloud assembly in one account and one region, nested ones included. */
export class Deployment {
  readonly stacks: DeployedStack[];

  constructor(artifacts: StackArtifact[], environment: RunEnvironment) {
    const neighbours: StackNeighbours = {
      importValue: (exportName, onReference) => this.importValue(exportName, onReference),
      output: (stackName, outputKey, onReference) => this.stack(stackName).output(outputKey, onReference),
    };
    this.stacks = artifacts.flatMap((artifact) => new DeployedStack({
      name: artifact.stackName,
      displayName: artifact.displayName,
      templateFile: artifact.templateFile,
      assets: artifact.assets,
      parameter: (name) => artifact.parameters[name],
    }, environment, neighbours).family());
  }

  /** All resources of a type whose condition holds, in the order of the stacks. */
  resources(type: string): Resource[] {
    return this.stacks.flatMap((stack) => stack.resources(type));
  }

  private stack(name: string): DeployedStack {
    const stack = this.stacks.find((candidate) => candidate.name === name);
    if (!stack) throw new Error(`the assembly has no stack ${JSON.stringify(name)}`);
    return stack;
  }

  private importValue(exportName: string, onReference?: OnReference): string {
    for (const stack of this.stacks) {
      const key = stack.outputKeys().find((output) => stack.exportName(output) === exportName);
      if (key !== undefined) return stack.output(key, onReference);
    }
    throw new Error(`no stack of the assembly exports ${JSON.stringify(exportName)}`);
  }
}
