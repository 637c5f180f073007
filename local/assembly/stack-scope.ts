import type { DeployedStack, OnReference, StackNeighbours } from './deployed-stack';
import { type IntrinsicScope, NO_VALUE } from './intrinsics';
import type { RunEnvironment } from './run-environment';

/** What the intrinsic functions of a stack's template refer to. */
export function stackScope(
  stack: DeployedStack, environment: RunEnvironment, neighbours: StackNeighbours, onReference: OnReference = () => undefined,
): IntrinsicScope {
  const named = (logicalId: string): void => onReference({ stack, logicalId, type: stack.resource(logicalId).Type });
  return {
    stackName: stack.name,
    ref: (name) => {
      const value = pseudoParameter(name, stack, environment) ?? parameter(name, stack, onReference);
      if (value !== undefined) return value;
      named(name);
      return stack.identity(name).ref;
    },
    getAtt: (logicalId, attribute) => {
      named(logicalId);
      return attributeOf(stack, logicalId, attribute, onReference);
    },
    condition: (name) => stack.condition(name),
    findInMap: (map, top, second) => {
      const value = stack.template.Mappings?.[map]?.[top]?.[second];
      if (value === undefined) throw new Error('there is no such entry among the mappings');
      return value;
    },
    importValue: (exportName) => neighbours.importValue(exportName, onReference),
    stackOutput: (stackName, outputKey) => neighbours.output(stackName, outputKey, onReference),
  };
}

function pseudoParameter(name: string, stack: DeployedStack, environment: RunEnvironment): string | symbol | undefined {
  switch (name) {
    case 'AWS::AccountId': return environment.account;
    case 'AWS::Region': return environment.region;
    case 'AWS::Partition': return environment.partition;
    case 'AWS::URLSuffix': return environment.urlSuffix;
    case 'AWS::StackName': return stack.name;
    case 'AWS::StackId': return stack.id;
    case 'AWS::NoValue': return NO_VALUE;
    default: return undefined;
  }
}

/** A parameter of the type `AWS::SSM::Parameter::Value` gives its default, the name it has in the store: there is no store here. */
function parameter(name: string, stack: DeployedStack, onReference: OnReference): unknown {
  const definition = stack.template.Parameters?.[name];
  if (!definition) return undefined;
  const value = stack.definition.parameter(name, onReference) ?? definition.Default;
  if (value === undefined) throw new Error('the parameter has no default, and a local run has no other value for it');
  return /^(CommaDelimitedList|List<)/.test(definition.Type) && !Array.isArray(value) ? String(value).split(',') : value;
}

function attributeOf(stack: DeployedStack, logicalId: string, attribute: string, onReference: OnReference): string {
  const nested = stack.nested.get(logicalId);
  if (nested && attribute.startsWith('Outputs.')) return nested.output(attribute.slice('Outputs.'.length), onReference);
  const value = stack.identity(logicalId).attributes[attribute];
  if (value === undefined) throw new Error(`a local run cannot tell the attribute ${JSON.stringify(attribute)} of ${stack.resource(logicalId).Type}`);
  return value;
}
