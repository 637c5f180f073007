import { readFileSync } from 'node:fs';
import { usage, type Arguments } from './arguments';
import { findAccess } from './aws-access';
import { CliError, Exit } from './cli-error';
import { JSON_OPTION, type Command, type Context } from './command';
import { curlLine } from './curl';
import { draftEvent } from './draft';
import { eventId } from './event-id';
import { readField, type OutgoingRequest } from './fields';
import { findSource, sourceUrl, type FoundSource } from './find-source';
import { GATEWAY_OPTIONS } from './gateway';
import { post, type PostResult } from './post';
import { jsonLine, printable } from './printable';
import { sourceTime } from './run-clock';
import { readSecret } from './secret';
import { sign } from './sign';

export const send: Command = {
  positionals: [{ name: 'SOURCE', description: 'name of the source' }],
  options: {
    type: { type: 'string', value: 'TYPE', description: 'event type, such as push or invoice.paid; default: the usual one of the sender' },
    body: { type: 'string', value: 'FILE', description: 'send the bytes of this file, - for stdin, as they are; default: a sample event of the sender' },
    url: { type: 'string', value: 'URL', description: 'where to post; default: the URL of the source' },
    secret: { type: 'string', value: 'ID', description: 'name or ARN of the secret to sign with; default: the secret of the source' },
    curl: { type: 'boolean', description: 'post nothing and print the signed request as a curl command' },
    ...GATEWAY_OPTIONS,
    json: JSON_OPTION,
  },
  notes: 'The event is signed with the current secret of the source, read with your credentials, and at the time that a local run shows.',
  run: runSend,
};

async function runSend(args: Arguments, context: Context): Promise<Exit> {
  const url = readUrl(args.text('url'));
  const body = readBody(args.text('body'));
  const access = findAccess(args.text('endpoint'), process.cwd(), process.env);
  const source = await findSource(access, args.text('stack'), args.positionals[0] as string);
  const now = await sourceTime(access.run);
  context.now = () => now;
  const target = url ?? await sourceUrl(access, source);
  const draft = draftEvent(source.part.scheme, target, { type: args.text('type'), body, now });
  const request = sign(source.part.scheme, await readSecret(access, source, args.text('secret')), draft, now);
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

function readBody(file: string | undefined): Buffer | undefined {
  if (file === undefined) return undefined;
  try {
    return readFileSync(file === '-' ? process.stdin.fd : file);
  } catch (error) {
    throw new CliError(Exit.USAGE, `cannot read --body ${JSON.stringify(file)}: ${(error as NodeJS.ErrnoException).code}`);
  }
}

function show(json: boolean, { name, part }: FoundSource, request: OutgoingRequest, { status, ms, text }: PostResult, now: number): Exit {
  const type = readField(part.scheme, part.scheme.type, request) ?? null;
  const providerId = readField(part.scheme, part.scheme.id, request);
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
