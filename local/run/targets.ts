import { TARGET_URL_VARIABLE } from '../../lib/contract/config';
import type { TargetPart } from '../../lib/contract/parts';
import type { DeployedStack } from '../assembly/deployed-stack';
import { LocalRunError } from '../local-run-error';
import type { Part } from './gateways';

/** What a run tells of a target. */
export interface ReadyTarget {
  readonly kind: string;
  /** Without user and query, which carry passwords and tokens. */
  readonly url?: string;
  readonly queueUrl: string;
  readonly deadLetterQueueUrl: string;
}

/** The variables of the functions of targets that are sent elsewhere, by the function's ARN. */
export function targetOverrides(
  targets: ReadonlyMap<string, Part<TargetPart>>, urls: { readonly [name: string]: string },
): Map<string, { [name: string]: string }> {
  const overrides = new Map<string, { [name: string]: string }>();
  for (const [name, url] of Object.entries(urls)) {
    const { gateway: { stack }, part } = httpTarget(name, targets);
    checkUrl(name, url);
    overrides.set(stack.identity(part.function).attributes.Arn as string, { [TARGET_URL_VARIABLE]: url });
  }
  return overrides;
}

export function readyTarget({ gateway: { stack }, part }: Part<TargetPart>, override: string | undefined): ReadyTarget {
  const url = override ?? part.url;
  return {
    kind: part.kind,
    ...(url !== undefined && { url: shown(url) }),
    queueUrl: queueUrl(stack, part.queue),
    deadLetterQueueUrl: queueUrl(stack, part.deadLetterQueue),
  };
}

function httpTarget(name: string, targets: ReadonlyMap<string, Part<TargetPart>>): Part<TargetPart> {
  const target = targets.get(name);
  if (!target) {
    const known = [...targets.keys()].map((key) => JSON.stringify(key)).join(', ');
    throw new LocalRunError('unknown-target', `there is no target ${JSON.stringify(name)} to send elsewhere: the targets are ${known}`);
  }
  if (target.part.kind !== 'http') {
    throw new LocalRunError('invalid-target', `the target ${JSON.stringify(name)} is of the kind ${JSON.stringify(target.part.kind)}: only one of the kind "http" has a URL`);
  }
  return target;
}

function checkUrl(name: string, url: string): void {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  const subject = `the URL of target ${JSON.stringify(name)}`;
  if (parsed?.protocol !== 'http:' && parsed?.protocol !== 'https:') {
    // Of a URL that another program might understand only the scheme is told: the rest may have a password in it.
    const why = parsed ? `starts with ${JSON.stringify(parsed.protocol)}` : `is ${JSON.stringify(url)}`;
    throw new LocalRunError('invalid-target', `${subject} ${why}, not with http:// or https://: write e.g. "http://127.0.0.1:3000/hooks"`);
  }
  if (parsed.username || parsed.password) {
    throw new LocalRunError('invalid-target', `${subject} has a user name or password before its host ${JSON.stringify(parsed.host)}: leave it out`);
  }
}

function shown(url: string): string {
  if (!URL.canParse(url)) return url;
  const { protocol, host, pathname } = new URL(url);
  return `${protocol}//${host}${pathname}`;
}

function queueUrl(stack: DeployedStack, logicalId: string): string {
  return stack.identity(logicalId).ref;
}
