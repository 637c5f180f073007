import { randomUUID } from 'node:crypto';
import { AwsError } from '../aws-service';

export const CURRENT = 'AWSCURRENT';
export const PREVIOUS = 'AWSPREVIOUS';

export type SecretValue = { readonly SecretString: string } | { readonly SecretBinary: string };

export interface SecretVersion {
  readonly id: string;
  readonly value: SecretValue;
  readonly createdAt: number;
  readonly stages: Set<string>;
}

/** One secret: its versions and the staging labels on them. A label is on one version at most. */
export class Secret {
  readonly versions = new Map<string, SecretVersion>();
  /** When it is gone for good, where it has been deleted. */
  deletionAt: number | undefined;
  changedAt: number;

  constructor(readonly name: string, readonly arn: string, readonly createdAt: number, readonly description?: string) {
    this.changedAt = createdAt;
  }

  /** Adds a version and puts the labels on it. The same token with the same value again changes nothing. */
  put(value: SecretValue, now: number, stages: string[], token: string = randomUUID()): SecretVersion {
    const known = this.versions.get(token);
    if (known) return sameAgain(known, value);
    const version = { id: token, value, createdAt: now, stages: new Set<string>() };
    this.versions.set(token, version);
    // The first version is the current one, whatever labels it is given.
    for (const stage of this.versions.size === 1 ? new Set([...stages, CURRENT]) : stages) this.move(stage, version, now);
    return version;
  }

  /** Moves a label. Where AWSCURRENT leaves a version, AWSPREVIOUS comes. */
  move(stage: string, to: SecretVersion | undefined, now: number): void {
    const from = this.at(stage);
    from?.stages.delete(stage);
    to?.stages.add(stage);
    this.changedAt = now;
    if (stage === CURRENT && from && from !== to) this.move(PREVIOUS, from, now);
  }

  /** Versions with a label. The others are deprecated: AWS forgets them in time. */
  labelled(): SecretVersion[] {
    return [...this.versions.values()].filter(({ stages }) => stages.size > 0);
  }

  /** The version with a label. */
  at(stage: string): SecretVersion | undefined {
    for (const version of this.versions.values()) if (version.stages.has(stage)) return version;
    return undefined;
  }
}

function sameAgain(known: SecretVersion, value: SecretValue): SecretVersion {
  if (JSON.stringify(known.value) === JSON.stringify(value)) return known;
  throw new AwsError('ResourceExistsException', `You can't use ClientRequestToken ${known.id} because that value is already in use `
    + 'for a version of this secret with other content.');
}
