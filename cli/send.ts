import { readFileSync } from 'node:fs';
import type { VerificationPart } from '../lib/contract/parts';
import { usage, type Arguments } from './arguments';
import { findAccess } from './aws-access';
import { CliError, Exit } from './cli-error';
import { JSON_OPTION, type Command, type Context } from './command';
import { curlLine } from './curl';
import { draftEvent } from './draft';
import { eventId } from './event-id';
import { readField, readId, type OutgoingRequest } from './fields';
import { findSource, sourceUrl, type FoundSource } from './find-source';
import { GATEWAY_OPTIONS } from './gateway';
import { post, type PostResult } from './post';
import { jsonLine, printable } from './printable';
import { sourceTime } from './run-clock';
import { readSecret, secretId } from './secret';
import { sign } from './sign';

export const send: Command = {
  positionals: [{ name: 'SOURCE', description: 'name of the source' }],
  options: {
    type: { type: 'string', value: 'TYPE', description: 'event type, such as push or invoice.paid; default: the usual one of the sender' },
    body: { type: 'string', value: 'FILE', description: 'send the bytes of this file, - for stdin, as they are; default: a sample event of the sender' },
    url: { type: 'string', value: 'URL', description: 'where to post; default: the URL of the source' },
    secret: { type: 'string', value: 'ID', description: 'name or ARN of the secret, or name of the parameter, to sign with; default: that of the source' },
    'private-key': { type: 'string', value: 'FILE', description: 'private key in PEM to sign with, for a source with a public key; default: the one of the local run' },
    curl: { type: 'boolean', description: 'post nothing and print the signed request as a curl command' },
    ...GATEWAY_OPTIONS,
    json: JSON_OPTION,
  },
  notes: `
The event is signed with the current secret of the source, read with your credentials, and at the time that a local run shows.
Needs secretsmanager:GetSecretValue, or ssm:GetParameter where the secret is a parameter, and kms:Decrypt where its key is your own.`,
  run: runSend,
};

async function runSend(args: Arguments, context: Context): Promise<Exit> {
  const url = readUrl(args.text('url'));
  const body = readInput('body', args.text('body'));
  const privateKey = readInput('private-key', args.text('private-key'))?.toString();
  const access = findAccess(args.text('endpoint'), process.cwd(), process.env);
  const source = await findSource(access, args.text('stack'), args.positionals[0] as string);
  const now = await sourceTime(access.run);
  context.now = () => now;
  const target = url ?? await sourceUrl(access, source);
  const verification = source.part.verifications[0] as VerificationPart;
  const draft = draftEvent(verification.scheme, target, { type: args.text('type'), body, now });
  const keys = {
    secret: needsSecret(verification) ? await readSecret(access, await secretId(source, verification, args.text('secret')), verification.secret) : '',
    ...privateKey !== undefined && { privateKey },
    ...access.run?.testAuthority && { authority: access.run.testAuthority },
  };
  const request = sign(verification, keys, draft, { now, publicUrl: source.part.publicUrl ?? withoutQuery(await sourceUrl(access, source)) });
  if (args.flag('curl')) {
    process.stdout.write(`${curlLine(request)}\n`);
    return Exit.DONE;
  }
  return show(args.flag('json'), source, request, await post(request), now);
}

function readUrl(text: string | undefined): URL | undefined {
  if (text === undefined) return undefined;
  if (URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)) return new URL(text);
  throw usage('send', `--url is ${JSON.stringify(text)}; write an absolute URL that starts with http:// or https://`);
}

function needsSecret({ scheme }: VerificationPart): boolean {
  if (scheme.kind === 'code') return scheme.key !== undefined;
  return scheme.kind === 'hmac' || scheme.kind === 'hash' || scheme.kind === 'token' || scheme.kind === 'basic';
}

function withoutQuery(url: URL): string {
  return url.href.replace(/\?.*$/, '');
}

function readInput(option: string, file: string | undefined): Buffer | undefined {
  if (file === undefined) return undefined;
  try {
    return readFileSync(file === '-' ? process.stdin.fd : file);
  } catch (error) {
    throw new CliError(Exit.USAGE, `cannot read --${option} ${JSON.stringify(file)}: ${(error as NodeJS.ErrnoException).code}`);
  }
}

function show(json: boolean, { name, part }: FoundSource, request: OutgoingRequest, { status, ms, text }: PostResult, now: number): Exit {
  const { scheme } = part.verifications[0] as VerificationPart;
  const type = readField(scheme, scheme.type, request) ?? null;
  const providerId = readId(scheme, request);
  const id = providerId === undefined ? null : eventId(name, providerId);
  if (json) {
    const time = new Date(now).toISOString();
    process.stdout.write(jsonLine({ event: 'sent', time, source: name, type, url: request.url.href, status, id, ms, providerId: providerId ?? null }));
  } else {
    const answer = text ? `: ${printable(text)}` : '';
    process.stdout.write(`${printable(`${name} ${type ?? 'event'} ${id ?? ''}`.trim())} → ${request.url.href} answered ${status} in ${ms} ms${answer}\n`);
  }
  return status < 300 ? Exit.DONE : Exit.FAILED;
}
