import { DescribeSecretCommand, PutSecretValueCommand } from '@aws-sdk/client-secrets-manager';
import { GetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import { randomBytes } from 'node:crypto';
import { accountId, query } from './aws-call';
import type { Deployment } from './deployment';

/** What `WebhookSecret.generate()` asks CloudFormation for. */
const GENERATED = /^[A-Za-z0-9]{32}$/;

interface Statement {
  readonly Action: string | string[];
  readonly Resource: unknown;
}

/**
 * Puts right what an emulator's CloudFormation does wrong and a gateway cannot work with; where it does it right, nothing that matters is changed.
 * `docs/emulator-gaps.md` has what is measured.
 */
export async function mend(d: Deployment): Promise<void> {
  const secrets = Object.entries(d.template.Resources).filter(([, { Type }]) => Type === 'AWS::SecretsManager::Secret').map(([logicalId]) => logicalId);
  for (const logicalId of secrets) await mendValue(d, logicalId);
  for (const logicalId of secrets) await mendGrants(d, logicalId);
  await mendMappingGrants(d);
  await mendBatchGrants(d);
  await mendVersionGrants(d);
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
  for (const { statements, roles } of policies(d)) {
    const concerned = statements.filter(({ Resource }) => [Resource].flat().some((each) => isReference(each, logicalId)));
    const actions = concerned.flatMap(({ Action }) => Action);
    if (actions.length > 0) await grant(d, roles, `By-Arn-${logicalId}`, { Action: actions, Resource: ARN });
  }
}

/** Whoever may read an event source mapping is refused unless it may list them all. Where reading is enough, this changes nothing that is checked. */
async function mendMappingGrants(d: Deployment): Promise<void> {
  for (const { statements, roles } of policies(d)) {
    const reads = statements.some(({ Action }) => [Action].flat().includes('lambda:GetEventSourceMapping'));
    if (reads) await grant(d, roles, 'List-Mappings', { Action: 'lambda:ListEventSourceMappings', Resource: '*' });
  }
}

/** Whoever may send one message may send several at once. Where that is so, this changes nothing. */
async function mendBatchGrants(d: Deployment): Promise<void> {
  for (const { statements, roles } of policies(d)) {
    for (const [one, several] of Object.entries({ 'sqs:SendMessage': 'sqs:SendMessageBatch', 'sns:Publish': 'sns:PublishBatch' })) {
      const resources = statements.filter(({ Action }) => [Action].flat().includes(one)).flatMap(({ Resource }) => Resource);
      if (resources.length === 0) continue;
      const Resource = await Promise.all(resources.map((resource) => arnOf(d, resource as Arn)));
      await grant(d, roles, several.replace(':', '-'), { Action: several, Resource });
    }
  }
}

/** Whoever may get a parameter may get its versions by `name:N`. Where that is so, this changes nothing. */
async function mendVersionGrants(d: Deployment): Promise<void> {
  for (const { statements, roles } of policies(d)) {
    const names = statements.filter(({ Action }) => [Action].flat().includes('ssm:GetParameter'))
      .flatMap(({ Resource }) => Resource).map((resource) => (resource as { readonly 'Fn::Join': [string, unknown[]] })['Fn::Join'][1].at(-1) as string);
    if (names.length === 0) continue;
    const place = `arn:aws:ssm:${d.options.region}:${await accountId(d.options)}`;
    await grant(d, roles, 'Versions-Of-Parameters', { Action: 'ssm:GetParameter', Resource: names.map((name) => `${place}${name}:*`) });
  }
}

type Arn = { readonly Ref: string } | { readonly 'Fn::GetAtt': readonly [string, string] };

/** Of a topic, which is known by its ARN, or of a queue, which is not. */
async function arnOf(d: Deployment, arn: Arn): Promise<string> {
  if ('Ref' in arn) return d.physicalId(arn.Ref);
  const QueueUrl = d.physicalId(arn['Fn::GetAtt'][0]);
  const { Attributes } = await d.sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] }));
  return Attributes?.['QueueArn'] as string;
}

function policies(d: Deployment): { statements: Statement[]; roles: { Ref: string }[] }[] {
  return Object.values(d.template.Resources).filter(({ Type }) => Type === 'AWS::IAM::Policy').map(({ Properties }) => ({
    statements: (Properties['PolicyDocument'] as { Statement: Statement[] }).Statement, roles: Properties['Roles'] as { Ref: string }[],
  }));
}

async function grant(d: Deployment, roles: { Ref: string }[], PolicyName: string, statement: Statement): Promise<void> {
  const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', ...statement }] });
  for (const { Ref } of roles) {
    await query(d.options, 'iam', '2010-05-08', 'PutRolePolicy', { RoleName: d.physicalId(Ref), PolicyName, PolicyDocument });
  }
}

function isReference(value: unknown, logicalId: string): boolean {
  return typeof value === 'object' && value !== null && 'Ref' in value && value.Ref === logicalId;
}
