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
  /** Absent: Secrets Manager. */
  readonly service?: 'ssm';
  /** The resource of IAM statements. */
  readonly policyArn: string;
  readonly encryptionKey?: IKey;
  /** The secret's resource in the same template. */
  readonly resource?: CfnSecret;
  readonly generated?: boolean;
}

/** What reads a secret of each service. */
const READ = { secretsmanager: 'secretsmanager:GetSecretValue', ssm: 'ssm:GetParameter' };

/** A secret in its place in a stack. */
export class BoundSecret {
  public readonly generated: boolean;
  public readonly resource?: CfnSecret;
  /** How a function's configuration names it. */
  public readonly reference: SecretReference;

  constructor(private readonly props: BoundSecretProps) {
    this.generated = props.generated ?? false;
    this.resource = props.resource;
    this.reference = { id: props.id, ...this.variant };
  }

  /**
   * `ISecret.grantRead` also allows DescribeSecret, and that of a parameter GetParameters, GetParameterHistory and DescribeParameters,
   * which no function of ours calls. A parameter's ARN covers its versions: no resource of IAM has a version in it.
   * https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssystemsmanager.html#awssystemsmanager-resources-for-iam-policies
   */
  public grantRead(role: IRole): void {
    allow(role, READ[this.service], this.props.policyArn);
    if (this.props.encryptionKey) this.allowSecretsKey(role, 'kms:Decrypt', this.props.encryptionKey);
  }

  /** For a key that the sender brings, in Secrets Manager. `ISecret.grantWrite` also allows UpdateSecret. */
  public grantPut(role: IRole): void {
    allow(role, 'secretsmanager:PutSecretValue', this.props.policyArn);
    if (this.props.encryptionKey) this.allowSecretsKey(role, 'kms:GenerateDataKey', this.props.encryptionKey);
  }

  /**
   * How the template's metadata names it. A secret of another stack has neither logical id nor known name here, nor has one
   * whose name only the deployment knows.
   */
  public part(key: KeyFormat): SecretPart {
    const { id, resource } = this.props;
    const place = resource ? { logicalId: Stack.of(resource).resolve(resource.logicalId) as string } : Token.isUnresolved(id) ? {} : { id };
    return { ...place, ...this.variant, key };
  }

  private get service(): keyof typeof READ {
    return this.props.service ?? 'secretsmanager';
  }

  private get variant(): Pick<SecretReference, 'field' | 'service'> {
    const { field, service } = this.props;
    return { ...(field !== undefined && { field }), ...(service && { service }) };
  }

  private allowSecretsKey(role: IRole, action: string, key: IKey): void {
    const { account, region } = Stack.of(this.props.scope);
    allowKey(role, [action], key, this.service, { env: { account, region } });
  }
}
