import type { Deployment } from '../assembly/deployment';
import type { Resource } from '../assembly/deployed-stack';
import type { ExpiryRule } from '../s3/bucket';

interface LifecycleRule {
  readonly Status: string;
  readonly ExpirationInDays?: number | string;
  readonly Prefix?: string;
}

/** Makes every bucket of the deployment, with those rules of its life cycle that end objects after some days. */
export function createBuckets(deployment: Deployment, s3: { addBucket(name: string, rules: ExpiryRule[]): void }): void {
  for (const bucket of deployment.resources('AWS::S3::Bucket')) s3.addBucket(bucket.stack.identity(bucket.logicalId).ref, expiryRules(bucket));
}

function expiryRules({ stack, logicalId }: Resource): ExpiryRule[] {
  const { Rules: rules = [] } = (stack.property(logicalId, 'LifecycleConfiguration') ?? {}) as { Rules?: LifecycleRule[] };
  return rules.flatMap(({ Status, ExpirationInDays, Prefix = '' }) => (
    Status === 'Enabled' && ExpirationInDays !== undefined ? [{ prefix: Prefix, days: Number(ExpirationInDays) }] : []));
}
