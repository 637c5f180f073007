import { PutSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { setTimeout as wait } from 'node:timers/promises';
import { PAIRINGS } from '../lib/contract/schemes';
import { usage, type Arguments } from './arguments';
import { awsFailure, findAccess } from './aws-access';
import { CliError, Exit } from './cli-error';
import { JSON_OPTION, type Command, type Context } from './command';
import { findSource } from './find-source';
import { GATEWAY_OPTIONS } from './gateway';
import { jsonLine, printable } from './printable';
import { sourceTime } from './run-clock';
import { secretId } from './secret';

/** An ingest function takes no longer for open, whatever the secret says. */
const MAX_HOURS = 24;

/** A function that has just refused a key asks after no other for a second; whoever makes the webhook after `pair` has ended must not meet that. */
const SETTLE_MS = 1_500;

export const pair: Command = {
  positionals: [{ name: 'SOURCE', description: 'name of the source' }],
  options: {
    hours: { type: 'string', value: 'N', description: `how long the source waits for its sender's key, up to ${MAX_HOURS}; default: 1` },
    ...GATEWAY_OPTIONS,
    json: JSON_OPTION,
  },
  notes: `
Until the key has come, or the time is over, anybody who knows the URL can send one. One key is taken, and
it replaces the one that the source has now. From 5 minutes after this command until a key comes, signed
events are answered 503, so that the sender sends them again; if none comes, put a key into the secret.
Needs secretsmanager:PutSecretValue.`,
  run: runPair,
};

async function runPair(args: Arguments, context: Context): Promise<Exit> {
  const hours = readHours(args.text('hours') ?? '1');
  const access = findAccess(args.text('endpoint'), process.cwd(), process.env);
  const source = await findSource(access, args.text('stack'), args.positionals[0] as string);
  const verification = source.part.verifications.find(({ scheme }) => Object.hasOwn(PAIRINGS, scheme.name));
  if (!verification) {
    throw new CliError(Exit.USAGE, `the source ${JSON.stringify(source.name)} does not pair: only ${Object.keys(PAIRINGS).sort().join(' and ')} bring their key;`
      + ' put the value that the sender shows into its secret');
  }
  const now = await sourceTime(access.run);
  context.now = () => now;
  const until = new Date(now + hours * 3_600_000).toISOString();
  const id = await secretId(source, verification);
  try {
    const state = JSON.stringify({ pairingUntil: until });
    await new SecretsManagerClient(access.client).send(new PutSecretValueCommand({ SecretId: id, SecretString: state }));
  } catch (error) {
    throw awsFailure(error, `secret ${JSON.stringify(id)}`, access);
  }
  await wait(SETTLE_MS);
  process.stdout.write(args.flag('json')
    ? jsonLine({ event: 'pairing', time: new Date(now).toISOString(), source: source.name, until })
    : `${printable(source.name)} takes its sender's key until ${until}: make the webhook there now\n`);
  return Exit.DONE;
}

function readHours(text: string): number {
  const hours = Number(text);
  if (/^\d+(\.\d+)?$/.test(text) && hours > 0 && hours <= MAX_HOURS) return hours;
  throw usage('pair', `--hours is ${JSON.stringify(text)}; write a number above 0 and up to ${MAX_HOURS}`);
}
