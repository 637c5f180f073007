import type { Resource } from '../assembly/deployed-stack';
import type { Deployment } from '../assembly/deployment';
import { findFunction } from './functions';
import { orWarning, type Warn } from './lines';

interface Statement {
  readonly Effect?: unknown;
  readonly Action?: unknown;
  readonly Resource?: unknown;
}

/** A statement that lets a role invoke functions, still as its template has it. */
interface Permission {
  /** ARN. */
  readonly role: string;
  readonly policy: Resource;
  readonly resource: unknown;
}

/** There is one version here, so what follows the name says nothing. */
const UNQUALIFIED = /^arn:[^:]*:lambda:[^:]*:[^:]*:function:[^:]+/;

const INVOKE = 'lambda:InvokeFunction';

/**
 * The functions that others may invoke by API: a target's own function is named by no route and no mapping. Only what roles of
 * functions that run here may invoke, so that the providers of custom resources, which run at a deployment, are not among them.
 */
export function invokedFunctions(
  deployment: Deployment, callers: ReadonlySet<string>, functions: ReadonlyMap<string, Resource>, warn: Warn,
): Set<string> {
  const permissions = [...inlinePolicies(deployment), ...attachedPolicies(deployment, warn)];
  const reached = new Set(callers);
  // A function that is added while this goes on is looked at, too.
  for (const caller of reached) {
    const role = orWarning(() => roleOf(functions.get(caller) as Resource), warn);
    for (const permission of permissions.filter((candidate) => candidate.role === role)) {
      for (const arn of orWarning(() => namedFunctions(permission, functions, warn), warn) ?? []) reached.add(arn);
    }
  }
  return reached;
}

function roleOf({ stack, logicalId }: Resource): string {
  return String(stack.property(logicalId, 'Role'));
}

function inlinePolicies(deployment: Deployment): Permission[] {
  return deployment.resources('AWS::IAM::Role').flatMap((role) => {
    const policies = (role.stack.resource(role.logicalId).Properties?.Policies ?? []) as { readonly PolicyDocument?: unknown }[];
    const arn = role.stack.identity(role.logicalId).attributes.Arn as string;
    return Array.isArray(policies) ? policies.flatMap(({ PolicyDocument }) => permissionsOf(PolicyDocument, role, [arn])) : [];
  });
}

function attachedPolicies(deployment: Deployment, warn: Warn): Permission[] {
  const roles = new Map(deployment.resources('AWS::IAM::Role').map(({ stack, logicalId }) => {
    const { ref, attributes } = stack.identity(logicalId);
    return [ref, attributes.Arn as string];
  }));
  return ['AWS::IAM::Policy', 'AWS::IAM::ManagedPolicy'].flatMap((type) => deployment.resources(type)).flatMap((policy) => {
    const { PolicyDocument } = policy.stack.resource(policy.logicalId).Properties ?? {};
    if (permissionsOf(PolicyDocument, policy, ['any']).length === 0) return [];
    const names = orWarning(() => policy.stack.property(policy.logicalId, 'Roles'), warn);
    const arns = Array.isArray(names) ? names.flatMap((name) => roles.get(String(name)) ?? []) : [];
    return permissionsOf(PolicyDocument, policy, arns);
  });
}

function permissionsOf(document: unknown, policy: Resource, roles: readonly string[]): Permission[] {
  const { Statement: statements } = { ...document as { readonly Statement?: unknown } | undefined };
  return (Array.isArray(statements) ? statements as Statement[] : [])
    .filter(({ Effect, Action }) => Effect === 'Allow' && [Action].flat().includes(INVOKE))
    .flatMap(({ Resource: resource }) => roles.map((role) => ({ role, policy, resource })));
}

function namedFunctions({ policy: { stack, logicalId }, resource }: Permission, functions: ReadonlyMap<string, Resource>, warn: Warn): string[] {
  const named = [stack.resolve(resource, `Resources/${logicalId}`)].flat().map((arn) => UNQUALIFIED.exec(String(arn))?.[0] ?? '');
  const user = `what ${JSON.stringify(logicalId)} of stack ${JSON.stringify(stack.name)} may invoke`;
  return [...new Set(named)].filter((arn) => functions.has(arn)).flatMap((arn) => findFunction(arn, functions, user, warn) ?? []);
}
