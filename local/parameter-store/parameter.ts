import { createHash } from 'node:crypto';

export type ParameterType = 'String' | 'StringList' | 'SecureString';

/** What a version has beside its value: each put says it anew. */
export interface VersionDetails {
  readonly KeyId?: string;
  readonly Tier: 'Standard' | 'Advanced';
  readonly Description?: string;
  readonly AllowedPattern?: string;
  readonly DataType: string;
}

export interface ParameterVersion {
  readonly number: number;
  readonly value: string;
  /** Milliseconds since 1970. */
  readonly modifiedAt: number;
  readonly details: VersionDetails;
}

/** @see https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-paramstore-versions.html */
const MAX_VERSIONS = 100;

/** One parameter: its latest versions, counted from 1. */
export class Parameter {
  readonly versions: ParameterVersion[] = [];

  constructor(readonly name: string, readonly arn: string, readonly type: ParameterType) {}

  put(value: string, now: number, details: VersionDetails): ParameterVersion {
    const version = { number: (this.versions.at(-1)?.number ?? 0) + 1, value, modifiedAt: now, details };
    this.versions.push(version);
    if (this.versions.length > MAX_VERSIONS) this.versions.shift();
    return version;
  }

  get latest(): ParameterVersion {
    return this.versions.at(-1) as ParameterVersion;
  }

  /** By a version's number. There are no labels here. */
  find(selector: string): ParameterVersion | undefined {
    return this.versions.find(({ number }) => String(number) === selector);
  }

  /** What a call may see of a value. What stands for the encrypted bytes tells nothing of it. */
  shown({ value, number }: ParameterVersion, decrypt: boolean): string {
    if (this.type !== 'SecureString' || decrypt) return value;
    return createHash('sha256').update(`${this.arn}:${number}`).digest('base64');
  }
}
