import { AwsError, type AwsJsonService } from './aws-service';
import type { Clock } from './clock';
import { partitionOf } from './partition';
import { type Input, invalidParameter, invalidRequest, optionalText, optionalValue, text, token } from './secrets-manager/input';
import { CURRENT, Secret, type SecretVersion } from './secrets-manager/secret';
import { ALPHANUMERIC, stableId } from './stable-id';

const DAY_MS = 86_400_000;

export interface SecretsManagerOptions {
  readonly clock: Clock;
  readonly region: string;
  readonly account: string;
}

export interface NewSecret {
  readonly name: string;
  /** The default is the ARN that `secretArn` gives for the name. */
  readonly arn?: string;
  readonly current: string;
  readonly previous?: string;
}

/** The ARN of a secret, whose last six letters AWS makes up; here they are the same on every run. */
export function secretArn({ region, account }: { readonly region: string; readonly account: string }, name: string): string {
  return `arn:${partitionOf(region)}:secretsmanager:${region}:${account}:secret:${name}-${stableId(name, 6, ALPHANUMERIC)}`;
}

/** Secrets Manager as far as secrets with two live versions and their rotation need it. Values live in memory only. */
export class SecretsManager implements AwsJsonService {
  readonly prefix = 'secretsmanager';
  readonly contentType = 'application/x-amz-json-1.1';
  private readonly secrets = new Map<string, Secret>();
  private readonly actions: { readonly [action: string]: (input: Input) => object } = {
    CreateSecret: (input) => this.createSecret(input),
    DeleteSecret: (input) => this.deleteSecret(input),
    DescribeSecret: (input) => this.describeSecret(input),
    GetSecretValue: (input) => this.getSecretValue(input),
    ListSecretVersionIds: (input) => this.listSecretVersionIds(input),
    PutSecretValue: (input) => this.putSecretValue(input),
    RestoreSecret: (input) => this.restoreSecret(input),
    UpdateSecretVersionStage: (input) => this.updateSecretVersionStage(input),
  };

  constructor(private readonly options: SecretsManagerOptions) {}

  async call(action: string, input: Input): Promise<object> {
    const run = Object.hasOwn(this.actions, action) ? this.actions[action] : undefined;
    if (!run) throw new AwsError('UnknownOperationException', `a local run has no ${action} of Secrets Manager`);
    return run(input);
  }

  /** Makes a secret, and its previous version where one is given: both count from now. */
  add({ name, arn = secretArn(this.options, name), current, previous }: NewSecret): Secret {
    const secret = new Secret(name, arn, this.now());
    if (previous !== undefined) secret.put({ SecretString: previous }, this.now(), [CURRENT]);
    secret.put({ SecretString: current }, this.now(), [CURRENT]);
    this.secrets.set(arn, secret);
    return secret;
  }

  /** By name, by ARN, or by an ARN without its last six letters. */
  find(id: string): Secret | undefined {
    this.expire();
    for (const secret of this.secrets.values()) {
      if (id === secret.arn || id === secret.name || id === secret.arn.slice(0, -'-abcdef'.length)) return secret;
    }
    return undefined;
  }

  private createSecret(input: Input): object {
    const name = text(input, 'Name');
    if (!/^[A-Za-z0-9/_+=.@-]{1,512}$/.test(name)) {
      throw invalidParameter('Invalid name. Must be a valid name containing alphanumeric characters, or any of the following: -/_+=.@!');
    }
    const existing = this.find(name);
    if (existing?.deletionAt !== undefined) {
      throw invalidRequest("You can't create this secret because a secret with this name is already scheduled for deletion.");
    }
    if (existing) throw new AwsError('ResourceExistsException', `The operation failed because the secret ${name} already exists.`);
    const value = optionalValue(input);
    const secret = new Secret(name, secretArn(this.options, name), this.now(), optionalText(input, 'Description'));
    const version = value && secret.put(value, this.now(), [CURRENT], token(input));
    this.secrets.set(secret.arn, secret);
    return { ARN: secret.arn, Name: name, VersionId: version?.id };
  }

  private getSecretValue(input: Input): object {
    const secret = this.live(input);
    const version = findVersion(secret, optionalText(input, 'VersionId'), optionalText(input, 'VersionStage'));
    return {
      ARN: secret.arn, Name: secret.name, VersionId: version.id, VersionStages: [...version.stages],
      CreatedDate: seconds(version.createdAt), ...version.value,
    };
  }

  private putSecretValue(input: Input): object {
    const secret = this.live(input);
    const value = optionalValue(input);
    if (!value) throw invalidRequest('You must provide either SecretString or SecretBinary.');
    const stages = input.VersionStages === undefined ? [CURRENT] : input.VersionStages as string[];
    const version = secret.put(value, this.now(), stages, token(input));
    return { ARN: secret.arn, Name: secret.name, VersionId: version.id, VersionStages: [...version.stages] };
  }

  private describeSecret(input: Input): object {
    const secret = this.known(input);
    return {
      ARN: secret.arn, Name: secret.name, Description: secret.description,
      CreatedDate: seconds(secret.createdAt), LastChangedDate: seconds(secret.changedAt),
      DeletedDate: secret.deletionAt === undefined ? undefined : seconds(secret.deletionAt),
      VersionIdsToStages: Object.fromEntries(secret.labelled().map(({ id, stages }) => [id, [...stages]])),
    };
  }

  private listSecretVersionIds(input: Input): object {
    const secret = this.known(input);
    const versions = input.IncludeDeprecated === true ? [...secret.versions.values()] : secret.labelled();
    return {
      ARN: secret.arn, Name: secret.name,
      Versions: versions.map(({ id, stages, createdAt }) => ({ VersionId: id, VersionStages: [...stages], CreatedDate: seconds(createdAt) })),
    };
  }

  private updateSecretVersionStage(input: Input): object {
    const secret = this.live(input);
    const stage = text(input, 'VersionStage');
    const to = optionalText(input, 'MoveToVersionId');
    const from = optionalText(input, 'RemoveFromVersionId');
    const target = to === undefined ? undefined : findVersion(secret, to);
    const holder = secret.at(stage);
    if (!target && stage === CURRENT) {
      throw invalidParameter('You can only move staging label AWSCURRENT to a different secret version. It can\'t be completely removed.');
    }
    if (holder && holder !== target && from === undefined) {
      throw invalidParameter(`The parameter RemoveFromVersionId can't be empty. Staging label ${stage} is currently attached to version `
        + `${holder.id}, so you must explicitly reference that version in RemoveFromVersionId.`);
    }
    if (from !== undefined && from !== holder?.id) {
      throw invalidParameter(`You can't remove the staging label ${stage} from version ${from}: it is not attached to it.`);
    }
    secret.move(stage, target, this.now());
    return { ARN: secret.arn, Name: secret.name };
  }

  private deleteSecret(input: Input): object {
    const secret = this.live(input);
    const days = input.RecoveryWindowInDays as number | undefined;
    const force = input.ForceDeleteWithoutRecovery === true;
    if (force && days !== undefined) throw invalidParameter("You can't use ForceDeleteWithoutRecovery in conjunction with RecoveryWindowInDays.");
    if (days !== undefined && !(days >= 7 && days <= 30)) {
      throw invalidParameter('The RecoveryWindowInDays value must be between 7 and 30 days (inclusive).');
    }
    secret.deletionAt = this.now() + (force ? 0 : (days ?? 30) * DAY_MS);
    return { ARN: secret.arn, Name: secret.name, DeletionDate: seconds(secret.deletionAt) };
  }

  private restoreSecret(input: Input): object {
    const secret = this.known(input);
    secret.deletionAt = undefined;
    return { ARN: secret.arn, Name: secret.name };
  }

  private live(input: Input): Secret {
    const secret = this.known(input);
    if (secret.deletionAt === undefined) return secret;
    throw invalidRequest("You can't perform this operation on the secret because it was marked for deletion.");
  }

  private known(input: Input): Secret {
    const secret = this.find(text(input, 'SecretId'));
    if (!secret) throw new AwsError('ResourceNotFoundException', "Secrets Manager can't find the specified secret.");
    return secret;
  }

  private expire(): void {
    for (const [arn, { deletionAt }] of this.secrets) if (deletionAt !== undefined && deletionAt <= this.now()) this.secrets.delete(arn);
  }

  private now(): number {
    return this.options.clock.now();
  }
}

function findVersion(secret: Secret, id?: string, stage?: string): SecretVersion {
  const version = id === undefined ? secret.at(stage ?? CURRENT) : secret.versions.get(id);
  if (!version) {
    const which = id === undefined ? `staging label: ${stage ?? CURRENT}` : `VersionId: ${id}`;
    throw new AwsError('ResourceNotFoundException', `Secrets Manager can't find the specified secret value for ${which}`);
  }
  if (id !== undefined && stage !== undefined && !version.stages.has(stage)) {
    throw invalidRequest('You provided a VersionStage that is not associated to the provided VersionId.');
  }
  return version;
}

/** AWS JSON carries time stamps as seconds, with a fraction. */
function seconds(milliseconds: number): number {
  return milliseconds / 1000;
}
