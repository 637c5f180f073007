import * as path from 'path';
import { Stack, Token } from 'aws-cdk-lib';
import { RouteConfig } from '../contract/config';
import { bundleDirectory } from '../private/assets';
import { isIntrinsic } from '../private/config-values';
import { WebhookFilter, WebhookRouteOptions } from './target-options';

/**
 * What a target says of the events that it takes, for the ingest function's file. Throws for what is wrong and for what could never
 * match, and names the target. Tokens stay in it: they are replaced when the file is written.
 */
export function checkRoute(
  targetName: string, { eventTypes, filter }: Pick<WebhookRouteOptions, 'eventTypes' | 'filter'>, stack: Stack,
): Pick<RouteConfig, 'eventTypes' | 'filter'> {
  try {
    if (eventTypes) checkEventTypes(readable(eventTypes, stack));
    if (filter) filterTool().compileFilter(readable(filter, stack));
  } catch (error) {
    throw new Error(`target ${JSON.stringify(targetName)}: ${(error as Error).message}`);
  }
  return { ...(eventTypes && { eventTypes }), ...(filter && { filter }) };
}

/** Whether a filter lets anything of a source through, as far as its pattern for `metadata.source` says. */
export function takesSource(filter: WebhookFilter | undefined, source: string, stack: Stack): boolean {
  const { metadata } = (filter ? readable(filter, stack) : {}) as WebhookFilter;
  const pattern: unknown = metadata?.['source'];
  if (pattern === undefined || JSON.stringify(pattern).includes(UNKNOWN)) return true;
  return filterTool().compileFilter({ metadata: { source: pattern } })({ body: () => undefined, headers: {}, metadata: { source } });
}

/** Ingest reads no longer type from an event: what is longer is a part of a payload, not a name. */
const MAX_TYPE_LENGTH = 256;

function checkEventTypes(types: unknown): void {
  if (!Array.isArray(types) || types.length === 0) {
    throw new Error(`eventTypes ${JSON.stringify(types)} would match no event: name a type such as "invoice.paid" or "invoice.*", or leave it out`);
  }
  for (const type of types as unknown[]) {
    const length = typeof type === 'string' ? type.replaceAll('*', '').length : NaN;
    if (type === '' || !(length <= MAX_TYPE_LENGTH)) {
      throw new Error(`eventTypes has ${JSON.stringify(type)}, which is no event's type: a type has 1 to ${MAX_TYPE_LENGTH} characters; "*" stands for any of them`);
    }
  }
}

/** The function's own compiler. Loaded when the first filter is checked: most gateways have none. */
function filterTool(): { compileFilter(filter: unknown): (event: object) => boolean } {
  return require(path.join(bundleDirectory('tools'), 'filter.cjs'));
}

/** What stands for a text that only the deployment knows. */
const UNKNOWN = '(known at deployment)';

/** The value with its tokens resolved, such as those of `Match`. */
function readable(value: unknown, stack: Stack): unknown {
  if (Token.isUnresolved(value)) {
    if (typeof value === 'number') throw new Error('a number of the filter is known only at deployment, and it is checked at synth: give a plain number');
    return withoutIntrinsics(stack.resolve(value));
  }
  return mapMembers(value, (member) => readable(member, stack));
}

function withoutIntrinsics(value: unknown): unknown {
  return isIntrinsic(value) ? UNKNOWN : mapMembers(value, withoutIntrinsics);
}

function mapMembers(value: unknown, map: (member: unknown) => unknown): unknown {
  if (Array.isArray(value)) return value.map(map);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => {
    if (!Token.isUnresolved(key)) return [key, map(member)];
    throw new Error('a name of a field in the filter is known only at deployment, and it is checked at synth: give a plain name');
  }));
}
