import { DescribeSecretCommand, SecretsManagerClient, UpdateSecretVersionStageCommand } from '@aws-sdk/client-secrets-manager';
import type { SecretPart } from '../lib/contract/parts';
import { usage, type Arguments } from './arguments';
import { awsFailure, findAccess, type AwsAccess } from './aws-access';
import { CliError, Exit } from './cli-error';
import { JSON_OPTION, type Command, type Context } from './command';
import { findGateways, GATEWAY_OPTIONS, type Gateway } from './gateway';
import { jsonLine, printable } from './printable';
import { sourceTime } from './run-clock';

const PREVIOUS = 'AWSPREVIOUS';

export const secrets: Command = {
  positionals: [
    { name: 'ACTION', description: 'revoke: end the previous version of the secrets, which else is taken until its overlap ends' },
    { name: 'NAME', description: 'name of the source, or of the target whose signing secret it is' },
  ],
  options: { ...GATEWAY_OPTIONS, json: JSON_OPTION },
  notes: `
An ingest function asks Secrets Manager before it takes a previous version, at most every 30 seconds, so that none is taken
after that. A delivery function goes on signing with both keys for up to 5 minutes. While Secrets Manager does not answer,
what was read holds for up to 24 hours.
Needs secretsmanager:DescribeSecret and secretsmanager:UpdateSecretVersionStage.`,
  run: runSecrets,
};

async function runSecrets(args: Arguments, context: Context): Promise<Exit> {
  const [action, name] = args.positionals as [string, string];
  if (action !== 'revoke') throw usage('secrets', `unknown action ${JSON.stringify(action)}; write revoke`);
  const access = findAccess(args.text('endpoint'), process.cwd(), process.env);
  const ids = await secretIds(await findGateways(access, args.text('stack')), name);
  const now = await sourceTime(access.run);
  context.now = () => now;
  for (const id of ids) {
    const revoked = await revoke(access, id);
    process.stdout.write(args.flag('json')
      ? jsonLine({ event: 'revoked', time: new Date(now).toISOString(), name, secret: id, revoked })
      : `${printable(id)}: ${revoked ? 'the previous version is revoked; no source takes it after 30 seconds, and no target is signed for with it after 5 minutes' : 'there is no previous version'}\n`);
  }
  return Exit.DONE;
}

/** Every secret of the source and of the target of that name. Several gateways that have one are told apart by `--stack`. */
async function secretIds(gateways: readonly Gateway[], name: string): Promise<string[]> {
  const found = gateways.map((gateway) => ({ gateway, parts: partsOf(gateway, name) })).filter(({ parts }) => parts.length > 0);
  const [first] = found;
  if (!first) throw new CliError(Exit.NO_MATCH, `there is no source or target ${JSON.stringify(name)} with a secret; name one that the gateway has`);
  if (found.length > 1) throw new CliError(Exit.USAGE, `${JSON.stringify(name)} is in several gateways; name the stack with --stack`);
  const idOf = async ({ id, logicalId }: SecretPart): Promise<string | undefined> =>
    id ?? (logicalId === undefined ? undefined : first.gateway.physicalId(logicalId));
  const ids = await Promise.all(first.parts.map(idOf));
  const known = [...new Set(ids.filter((id) => id !== undefined))];
  if (known.length > 0) return known;
  throw new CliError(Exit.NO_MATCH, `the secrets of ${JSON.stringify(name)} belong to another stack, and their names are not in this one; revoke them with the AWS CLI`);
}

function partsOf({ parts }: Gateway, name: string): SecretPart[] {
  const source = Object.hasOwn(parts.sources, name) ? parts.sources[name] : undefined;
  const target = Object.hasOwn(parts.targets, name) ? parts.targets[name] : undefined;
  const own = source?.verifications.flatMap(({ secret, verifyToken }) => [secret, verifyToken]) ?? [];
  return [...own, target?.signingSecret].filter((part) => part !== undefined);
}

/** Whether there was a previous version. */
async function revoke(access: AwsAccess, id: string): Promise<boolean> {
  const client = new SecretsManagerClient(access.client);
  const subject = `secret ${JSON.stringify(id)}`;
  try {
    const { VersionIdsToStages = {} } = await client.send(new DescribeSecretCommand({ SecretId: id }));
    const [version] = Object.entries(VersionIdsToStages).find(([, stages]) => stages?.includes(PREVIOUS)) ?? [];
    if (version === undefined) return false;
    await client.send(new UpdateSecretVersionStageCommand({ SecretId: id, VersionStage: PREVIOUS, RemoveFromVersionId: version }));
    return true;
  } catch (error) {
    throw awsFailure(error, subject, access);
  }
}
