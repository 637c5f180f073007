/** What a local run gives its stacks in place of an account and a region of AWS. */
export interface RunEnvironment {
  readonly account: string;
  readonly region: string;
  readonly partition: string;
  readonly urlSuffix: string;
  queueUrl(queueName: string): string;
  secretArn(secretName: string): string;
}
