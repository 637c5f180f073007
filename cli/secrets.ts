import type { SecretPart } from '../lib/contract/parts';
import { usage, type Arguments } from './arguments';
import { awsFailure, findAccess, type AwsAccess } from './aws-access';
import { CliError, Exit } from './cli-error';
import { JSON_OPTION, type Command, type Context } from './command';
import { findGateways, GATEWAY_OPTIONS, type Gateway } from './gateway';
import { jsonLine, printable } from './printable';
import { sourceTime } from './run-clock';
import { subjectOf } from './secret';
import { serviceOf } from './secret-services';

/** A secret that can be asked for. */
interface KnownSecret {
  readonly id: string;
  readonly service?: SecretPart['service'];
}

export const secrets: Command = {
  positionals: [
    { name: 'ACTION', description: 'revoke: end the previous version of the secrets, which else is taken until its overlap ends' },
    { name: 'NAME', description: 'name of the source, or of the target whose signing secret it is' },
  ],
  options: { ...GATEWAY_OPTIONS, json: JSON_OPTION },
  notes: `
An ingest function asks for the versions before it takes a previous one, at most every 30 seconds, so that none is taken
after that. A delivery function goes on signing with both keys for up to 5 minutes. While Secrets Manager or Parameter Store
does not answer, what was read holds for up to 24 hours. In Parameter Store the current value is put again, under the same
key, because a version counts as the previous one until the next is put.
Needs secretsmanager:DescribeSecret and secretsmanager:UpdateSecretVersionStage; for a parameter ssm:GetParameter,
ssm:GetParameterHistory and ssm:PutParameter, and where its key is your own kms:Decrypt and kms:Encrypt, or in the advanced
tier kms:GenerateDataKey.`,
  run: runSecrets,
};

async function runSecrets(args: Arguments, context: Context): Promise<Exit> {
  const [action, name] = args.positionals as [string, string];
  if (action !== 'revoke') throw usage('secrets', `unknown action ${JSON.stringify(action)}; write revoke`);
  const access = findAccess(args.text('endpoint'), process.cwd(), process.env);
  const found = await knownSecrets(await findGateways(access, args.text('stack')), name);
  const now = await sourceTime(access.run);
  context.now = () => now;
  for (const secret of found) {
    const { id } = secret;
    const revoked = await revoke(access, secret);
    process.stdout.write(args.flag('json')
      ? jsonLine({ event: 'revoked', time: new Date(now).toISOString(), name, secret: id, revoked })
      : `${printable(id)}: ${revoked ? 'the previous version is revoked; no source takes it after 30 seconds, and no target is signed for with it after 5 minutes' : 'there is no previous version'}\n`);
  }
  return Exit.DONE;
}

/** Every secret of the source and of the target of that name. Several gateways that have one are told apart by `--stack`. */
async function knownSecrets(gateways: readonly Gateway[], name: string): Promise<KnownSecret[]> {
  const found = gateways.map((gateway) => ({ gateway, parts: partsOf(gateway, name) })).filter(({ parts }) => parts.length > 0);
  const [first] = found;
  if (!first) throw new CliError(Exit.NO_MATCH, `there is no source or target ${JSON.stringify(name)} with a secret; name one that the gateway has`);
  if (found.length > 1) throw new CliError(Exit.USAGE, `${JSON.stringify(name)} is in several gateways; name the stack with --stack`);
  const idOf = async ({ id, logicalId }: SecretPart): Promise<string | undefined> =>
    id ?? (logicalId === undefined ? undefined : first.gateway.physicalId(logicalId));
  const secrets = await Promise.all(first.parts.map(async (part) => ({ id: await idOf(part), service: part.service })));
  const known = new Map(secrets.flatMap(({ id, service }) => id === undefined ? [] : [[JSON.stringify([service, id]), { id, service }]]));
  if (known.size > 0) return [...known.values()];
  throw new CliError(Exit.NO_MATCH, `the names of the secrets of ${JSON.stringify(name)} are not in its template, since another stack or the deployment has them; `
    + 'revoke them with the AWS CLI');
}

function partsOf({ parts }: Gateway, name: string): SecretPart[] {
  const source = Object.hasOwn(parts.sources, name) ? parts.sources[name] : undefined;
  const target = Object.hasOwn(parts.targets, name) ? parts.targets[name] : undefined;
  const own = source?.verifications.flatMap(({ secret, verifyToken }) => [secret, verifyToken]) ?? [];
  return [...own, target?.signingSecret].filter((part) => part !== undefined);
}

/** Whether there was a previous version. */
async function revoke(access: AwsAccess, secret: KnownSecret): Promise<boolean> {
  try {
    return await (await serviceOf(secret)).revoke(access, secret.id);
  } catch (error) {
    throw awsFailure(error, subjectOf(secret.id, secret), access);
  }
}
