import { IResource } from 'aws-cdk-lib';
import { IRole, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { IKey } from 'aws-cdk-lib/aws-kms';
import { isLocalRun } from './local-run';
import { differ, placeOf } from './place';

const statements = new WeakMap<IRole, Map<string, PolicyStatement>>();

/**
 * Allows a role an action, or several, on one more resource. All resources of an action share a statement: one for each queue and
 * secret would outgrow the 10,240 characters of a role's inline policies, and merging is up to a feature flag of the app.
 */
export function allow(role: IRole, action: string | string[], resource: string): void {
  const actions = [action].flat();
  const key = actions.join();
  const known = statements.get(role) ?? new Map<string, PolicyStatement>();
  statements.set(role, known);
  const statement = known.get(key);
  // A statement is frozen once something has resolved it.
  if (statement && !statement.frozen) {
    statement.addResources(resource);
    return;
  }
  const next = new PolicyStatement({ actions, resources: [resource] });
  known.set(key, next);
  role.addToPrincipalPolicy(next);
}

/**
 * Allows a role to use a key for what a service does with one of its resources, and for nothing else.
 *
 * @param service as in its endpoint's name, e.g. `sqs`
 * @param resource what is encrypted: its Region is that of the endpoint
 */
export function allowKey(role: IRole, actions: string[], key: IKey, service: string, resource: Pick<IResource, 'env'>): void {
  const { region } = placeOf(key, key.keyArn);
  if (differ(region, resource.env.region) && !isLocalRun(role)) {
    throw new Error(`the key ${JSON.stringify(key.node.path)} is in ${region}, and what it is to encrypt is in ${resource.env.region}, where no service can use it: `
      + `use a key of ${resource.env.region}`);
  }
  role.addToPrincipalPolicy(new PolicyStatement({
    actions,
    resources: [key.keyArn],
    conditions: viaService(service, resource),
  }));
}

/** That a key is used for a service alone: see `allowKey`. */
export function viaService(service: string, resource: Pick<IResource, 'env'>): { StringEquals: { [name: string]: string } } {
  return { StringEquals: { 'kms:ViaService': `${service}.${resource.env.region}.amazonaws.com` } };
}
