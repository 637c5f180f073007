import { Stack, Validations } from 'aws-cdk-lib';
import { IRole } from 'aws-cdk-lib/aws-iam';

/**
 * Says why a role may use more than one resource at once, under the id that cdk-nag gives to the finding. An ARN with `::` in it, as
 * that of an imported bucket is, makes an id that the CDK takes from nobody: whoever checks such a stack has to say it in another way.
 */
export function allowWildcard(role: IRole, resource: string, reason: string): void {
  const name = flat(Stack.of(role).resolve(resource));
  if (!name.includes('::')) Validations.of(role).acknowledge({ id: `AwsSolutions-IAM5[Resource::${name}]`, reason });
}

/** A resolved ARN as cdk-nag writes it. */
function flat(value: unknown): string {
  if (typeof value !== 'object' || value === null) return String(value);
  const { Ref: ref, 'Fn::GetAtt': attribute, 'Fn::Join': join } = value as { Ref?: string; 'Fn::GetAtt'?: [string, string]; 'Fn::Join'?: [string, unknown[]] };
  if (join) return join[1].map(flat).join(join[0]);
  return ref === undefined ? `<${attribute?.join('.')}>` : `<${ref}>`;
}
