import { Stack, Token } from 'aws-cdk-lib';
import { IRole } from 'aws-cdk-lib/aws-iam';
import { IKey } from 'aws-cdk-lib/aws-kms';
import { CfnSecret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import { SecretReference } from '../contract/config';
import { SecretPart } from '../contract/parts';
import { KeyFormat } from '../contract/scheme';
import { allow, allowKey } from './allow';

export interface BoundSecretProps {
  readonly scope: Construct;
  /** Name or ARN. */
  readonly id: string;
  readonly field?: string;
  /** The resource of IAM statements. */
  readonly policyArn: string;
  readonly encryptionKey?: IKey;
  /** The secret's resource in the same template. */
  readonly resource?: CfnSecret;
  readonly generated?: boolean;
}

/** A secret in its place in a stack. */
export class BoundSecret {
  public readonly generated: boolean;
  public readonly resource?: CfnSecret;
  /** How a function's configuration names it. */
  public readonly reference: SecretReference;

  constructor(private readonly props: BoundSecretProps) {
    this.generated = props.generated ?? false;
    this.resource = props.resource;
    this.reference = { id: props.id, ...(props.field !== undefined && { field: props.field }) };
  }

  /** `ISecret.grantRead` also allows DescribeSecret, which no function of ours calls. */
  public grantRead(role: IRole): void {
    allow(role, 'secretsmanager:GetSecretValue', this.props.policyArn);
    if (this.props.encryptionKey) this.allowSecretsKey(role, 'kms:Decrypt', this.props.encryptionKey);
  }

  /** For a key that the sender brings. `ISecret.grantWrite` also allows UpdateSecret. */
  public grantPut(role: IRole): void {
    allow(role, 'secretsmanager:PutSecretValue', this.props.policyArn);
    if (this.props.encryptionKey) this.allowSecretsKey(role, 'kms:GenerateDataKey', this.props.encryptionKey);
  }

  /** How the template's metadata names it. A secret of another stack has neither logical id nor known name here. */
  public part(key: KeyFormat): SecretPart {
    const { id, field, resource } = this.props;
    const place = resource ? { logicalId: Stack.of(resource).resolve(resource.logicalId) as string } : Token.isUnresolved(id) ? {} : { id };
    return { ...place, ...(field !== undefined && { field }), key };
  }

  private allowSecretsKey(role: IRole, action: string, key: IKey): void {
    const { account, region } = Stack.of(this.props.scope);
    allowKey(role, [action], key, 'secretsmanager', { env: { account, region } });
  }
}
