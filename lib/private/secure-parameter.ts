import { Stack, Token } from 'aws-cdk-lib';
import { IKey } from 'aws-cdk-lib/aws-kms';
import { CfnParameter, IStringParameter } from 'aws-cdk-lib/aws-ssm';
import { Construct } from 'constructs';
import { differ } from './place';

/** https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-paramstore-su-create.html#sysman-parameter-name-constraints */
const NAME = /^[A-Za-z0-9_./-]{1,1011}$/;

const CURE = 'put the value with `aws ssm put-parameter --type SecureString` and name it by '
  + 'StringParameter.fromSecureStringParameterAttributes(this, \'X\', { parameterName })';

/** Refuses a parameter that is no SecureString, and one whose versions could not be told apart by its name. */
export function checkSecure(parameter: IStringParameter): void {
  const { parameterName, parameterType } = parameter;
  const what = `parameter ${JSON.stringify(parameter.node.path)}`;
  if (parameter.node.defaultChild instanceof CfnParameter) {
    throw new Error(`${what} is made by CloudFormation, which makes no SecureString, and has its value in the template: ${CURE}`);
  }
  if (parameterType !== 'SecureString') {
    const type = Token.isUnresolved(parameterType) ? 'a type that is not known' : `the type ${JSON.stringify(parameterType)}`;
    throw new Error(`${what}${nameOf(parameter)} has ${type}, and only a SecureString is stored encrypted: ${CURE}`);
  }
  if (!Token.isUnresolved(parameterName) && !NAME.test(parameterName)) {
    throw new Error(`${what} has the name ${JSON.stringify(parameterName)}: a name is 1 to 1,011 letters, digits and /_.-, without a version or a label, `
      + 'and an ARN is none');
  }
  if (isPinned(parameter)) {
    throw new Error(`${what}${nameOf(parameter)} is tied to a version, and a rotation would have no effect: leave \`version\` out, functions read the latest one`);
  }
}

/** GetParameter takes a name in the caller's own account and Region. */
export function checkPlace(parameter: IStringParameter, scope: Construct): void {
  const { account, region } = Stack.of(scope);
  for (const [kind, own, other] of [['account', account, parameter.env.account], ['Region', region, parameter.env.region]] as const) {
    if (!differ(own, other)) continue;
    throw new Error(`parameter ${JSON.stringify(parameter.node.path)}${nameOf(parameter)} is in ${kind} ${other}, and ${JSON.stringify(scope.node.path)} in ${own}: `
      + 'a function reads parameters of its own account and Region only; put the value into one there, too, or into Secrets Manager');
  }
}

/** `IStringParameter` does not have it; those that the CDK makes of a SecureString do. */
export function keyOf(parameter: IStringParameter & { readonly encryptionKey?: IKey }): IKey | undefined {
  return parameter.encryptionKey;
}

function nameOf({ parameterName }: IStringParameter): string {
  return Token.isUnresolved(parameterName) ? '' : ` (${JSON.stringify(parameterName)})`;
}

/** The version is in nothing but the dynamic reference, which no template gets from here. */
function isPinned(parameter: IStringParameter): boolean {
  const reference: unknown = Stack.of(parameter).resolve(parameter.stringValue);
  return typeof reference === 'string' && /^\{\{resolve:ssm-secure:[^:]*:[^:]+\}\}$/.test(reference);
}
