import { ArnFormat, RemovalPolicy, Stack, Token, Validations } from 'aws-cdk-lib';
import { IKey } from 'aws-cdk-lib/aws-kms';
import { CfnSecret, ISecret, Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { IStringParameter } from 'aws-cdk-lib/aws-ssm';
import { Construct } from 'constructs';
import { BoundSecret } from './private/bound-secret';
import { checkRegion } from './private/place';
import { checkPlace, checkSecure, keyOf } from './private/secure-parameter';

const NAME = /^[A-Za-z0-9/_+=.@-]{1,512}$/;

const OWN_REGION_ONLY = 'functions read secrets of their own Region only; replicate it there, and name the replica by WebhookSecret.fromSecretName()';

/** Paths of those that generate a secret, by its name, for each stack. */
const generatedNames = new WeakMap<Stack, Map<string, string>>();

/**
 * Options of `WebhookSecret.generate()`.
 */
export interface GeneratedSecretOptions {
  /**
   * The secret's name in Secrets Manager: 1 to 512 letters, digits and `/_+=.@-`.
   *
   * @default - CloudFormation makes one up
   */
  readonly secretName?: string;

  /**
   * A customer-managed key that encrypts the secret.
   *
   * @default - the account's own key of Secrets Manager, which costs nothing
   */
  readonly encryptionKey?: IKey;
}

/**
 * A secret that a source verifies with or a target signs with. Functions read it from Secrets Manager or Parameter
 * Store when they need it; it is in no template, no environment variable and no log.
 *
 * To rotate one, put a new version: functions take the current version within five minutes and keep accepting the previous one
 * for the overlap that their source states.
 */
export class WebhookSecret {
  /**
   * A secret that exists, by its name.
   *
   * A name does not tell which key encrypts the secret. With a customer-managed key use `fromSecretsManager`, which lets the
   * function decrypt as well.
   *
   * @param secretName name in this account and Region, without the six characters that end its ARN
   * @param field the key to read when the secret is a JSON object; without it the whole string is the secret
   */
  public static fromSecretName(secretName: string, field?: string): WebhookSecret {
    if (!Token.isUnresolved(secretName) && !NAME.test(secretName)) {
      const cure = secretName.startsWith('arn:')
        ? 'for an ARN use WebhookSecret.fromSecretsManager(Secret.fromSecretCompleteArn(…))'
        : 'a name is 1 to 512 letters, digits and /_+=.@-';
      throw new Error(`secretName ${JSON.stringify(secretName)} is not a secret's name: ${cure}`);
    }
    checkField(field);
    return new WebhookSecret((scope) => {
      const policyArn = Stack.of(scope).formatArn({
        service: 'secretsmanager',
        resource: 'secret',
        // Secrets Manager ends every ARN with a hyphen and six characters of its own.
        resourceName: `${secretName}-??????`,
        arnFormat: ArnFormat.COLON_RESOURCE_NAME,
      });
      return new BoundSecret({ scope, id: secretName, field, policyArn });
    });
  }

  /**
   * A secret by its construct, made in this app or imported, of the gateway's own Region.
   *
   * @param secret the secret
   * @param field the key to read when the secret is a JSON object; without it the whole string is the secret
   */
  public static fromSecretsManager(secret: ISecret, field?: string): WebhookSecret {
    checkField(field);
    return new WebhookSecret((scope) => new BoundSecret({
      scope,
      id: secret.secretArn,
      field,
      policyArn: readableArn(scope, secret),
      encryptionKey: secret.encryptionKey,
      resource: resourceIn(scope, secret),
    }));
  }

  /**
   * A parameter of the type SecureString in Parameter Store: free in the standard tier, where a secret of Secrets Manager has a price a
   * month. A value has 4 KB at most there, and GetParameter 40 calls a second for the whole account and Region, unless more are paid for.
   *
   * Name it by `StringParameter.fromSecureStringParameterAttributes()`, without a `version`, and with its `encryptionKey` where that is
   * customer-managed: the function may decrypt then. To rotate it, put a new value with `Overwrite`, under the same key; version N - 1 is the
   * previous one. Putting the same value again ends the previous one.
   *
   * It fails for a parameter that is made in this app, since CloudFormation makes no SecureString and the value would be in the template;
   * for `String` and `StringList`; for one of another account or Region; and for a source whose sender brings the key (Notion, Asana). A
   * parameter that turns out at run time to be no SecureString is not used: webhooks are answered 503.
   *
   * @param parameter the parameter, imported, of this account and Region
   */
  public static fromSsmParameter(parameter: IStringParameter): WebhookSecret {
    checkSecure(parameter);
    return new WebhookSecret((scope) => {
      checkPlace(parameter, scope);
      return new BoundSecret({
        scope, id: parameter.parameterName, service: 'ssm', policyArn: parameter.parameterArn, encryptionKey: keyOf(parameter),
      });
    });
  }

  /**
   * A new secret of 32 random letters and digits, for one source or one target. It is kept when the stack is deleted, unless the
   * gateway's `removalPolicy` says otherwise.
   *
   * The text is also valid base64 of 24 bytes, so it works for senders whose keys are base64. It is made at the first deployment;
   * an output of `WebhookStack` has its ARN, and the sender has to be told its value.
   */
  public static generate(options: GeneratedSecretOptions = {}): WebhookSecret {
    let owner: Construct | undefined;
    return new WebhookSecret((scope, removalPolicy) => {
      if (owner) {
        throw new Error(
          `a generated secret serves one source or target, and this one belongs to ${JSON.stringify(owner.node.path)} already: `
          + 'call WebhookSecret.generate() again, or share a Secret of your own through WebhookSecret.fromSecretsManager()',
        );
      }
      owner = scope;
      return generateSecret(scope, options, removalPolicy);
    }, true);
  }

  private bound?: BoundSecret;

  private constructor(
    private readonly locate: (scope: Construct, removalPolicy: RemovalPolicy) => BoundSecret,
    private readonly generated: boolean = false,
  ) {}

  /**
   * Whether this is 32 letters and digits of our own making.
   *
   * @internal
   */
  public get _generated(): boolean {
    return this.generated;
  }

  /**
   * Finds or makes the secret for one source or target.
   *
   * @internal
   */
  public _bind(scope: Construct, removalPolicy: RemovalPolicy): BoundSecret {
    this.bound = this.locate(scope, removalPolicy);
    return this.bound;
  }

  /**
   * What the last `_bind` found.
   *
   * @internal
   */
  public get _bound(): BoundSecret | undefined {
    return this.bound;
  }
}

function generateSecret(scope: Construct, options: GeneratedSecretOptions, removalPolicy: RemovalPolicy): BoundSecret {
  if (options.secretName !== undefined) takeName(scope, options.secretName);
  const secret = new Secret(scope, 'Secret', {
    secretName: options.secretName,
    encryptionKey: options.encryptionKey,
    generateSecretString: { passwordLength: 32, excludePunctuation: true },
    removalPolicy,
  });
  Validations.of(secret).acknowledge({
    id: 'AwsSolutions-SMG4',
    reason: 'Two parties hold this secret: rotating it on a schedule that the other one does not know would refuse every webhook.',
  });
  return new BoundSecret({
    scope,
    id: secret.secretArn,
    policyArn: secret.secretArn,
    encryptionKey: options.encryptionKey,
    resource: secret.node.defaultChild as CfnSecret,
    generated: true,
  });
}

/** A second secret of a name would fail at deployment. */
function takeName(scope: Construct, name: string): void {
  const names = generatedNames.get(Stack.of(scope)) ?? new Map<string, string>();
  generatedNames.set(Stack.of(scope), names);
  const other = names.get(name);
  if (other !== undefined) {
    throw new Error(`secretName ${JSON.stringify(name)} is that of the secret generated for ${JSON.stringify(other)} already: use another name, or leave it out`);
  }
  names.set(name, scope.node.path);
}

function readableArn(scope: Construct, secret: ISecret): string {
  checkRegion(scope, secret, { what: `the secret ${JSON.stringify(secret.node.path)}`, arn: secret.secretArn, cure: OWN_REGION_ONLY });
  return secret.secretFullArn ?? `${secret.secretArn}-??????`;
}

/** The secret's resource, where it is in the template that names it: elsewhere its logical id means nothing. */
function resourceIn(scope: Construct, secret: ISecret): CfnSecret | undefined {
  const resource = secret.node.defaultChild;
  return resource instanceof CfnSecret && Stack.of(resource) === Stack.of(scope) ? resource : undefined;
}

function checkField(field?: string): void {
  if (field === '') throw new Error('field "" names no key of a JSON secret: leave it out to use the whole string');
}
