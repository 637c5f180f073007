import { DescribeSecretCommand, PutSecretValueCommand } from '@aws-sdk/client-secrets-manager';
import { randomBytes } from 'node:crypto';
import { query } from './aws-call';
import type { Deployment } from './deployment';

/** What `WebhookSecret.generate()` asks CloudFormation for. */
const GENERATED = /^[A-Za-z0-9]{32}$/;

interface Statement {
  readonly Action: string | string[];
  readonly Resource: unknown;
}

/**
 * Puts right what an emulator's CloudFormation does wrong and a gateway cannot work with; where it does it right, nothing is changed.
 * `docs/emulator-gaps.md` has what is measured.
 */
export async function mend(d: Deployment): Promise<void> {
  const secrets = Object.entries(d.template.Resources).filter(([, { Type }]) => Type === 'AWS::SecretsManager::Secret').map(([logicalId]) => logicalId);
  for (const logicalId of secrets) await mendValue(d, logicalId);
  for (const logicalId of secrets) await mendGrants(d, logicalId);
}

/** Punctuation in spite of `ExcludePunctuation` makes no base64, and so no key to sign with. */
async function mendValue(d: Deployment, logicalId: string): Promise<void> {
  const SecretId = d.physicalId(logicalId);
  if (GENERATED.test(await d.secret(SecretId))) return;
  const SecretString = randomBytes(24).toString('base64').replace(/[+/]/g, 'A');
  await d.secretsManager.send(new PutSecretValueCommand({ SecretId, SecretString }));
}

/** A `Ref` that is the secret's name, not its ARN, makes a policy that allows nothing. The same statements are given again, with the ARN. */
async function mendGrants(d: Deployment, logicalId: string): Promise<void> {
  const id = d.physicalId(logicalId);
  const { ARN } = await d.secretsManager.send(new DescribeSecretCommand({ SecretId: id }));
  if (ARN === id) return;
  for (const { Type, Properties } of Object.values(d.template.Resources)) {
    if (Type !== 'AWS::IAM::Policy') continue;
    const { Statement: statements } = Properties['PolicyDocument'] as { Statement: Statement[] };
    const concerned = statements.filter(({ Resource }) => [Resource].flat().some((each) => isReference(each, logicalId)));
    const actions = concerned.flatMap(({ Action }) => Action);
    if (actions.length === 0) continue;
    const document = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: actions, Resource: ARN }] };
    for (const role of Properties['Roles'] as { Ref: string }[]) {
      await query(d.options, 'iam', '2010-05-08', 'PutRolePolicy', {
        RoleName: d.physicalId(role.Ref), PolicyName: `By-Arn-${logicalId}`, PolicyDocument: JSON.stringify(document),
      });
    }
  }
}

function isReference(value: unknown, logicalId: string): boolean {
  return typeof value === 'object' && value !== null && 'Ref' in value && value.Ref === logicalId;
}
