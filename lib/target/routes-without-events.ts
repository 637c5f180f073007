import * as path from 'path';
import { Stack } from 'aws-cdk-lib';
import type { SourceConfig } from '../contract/config';
import type { Scheme } from '../contract/scheme';
import { bundleDirectory } from '../private/assets';
import { listNames } from '../private/checks';
import type { SourceEndpoint } from '../source/source-endpoint';
import type { DeliveryQueue } from './delivery-queue';
import { takesSource } from './webhook-filter';

/** What a target asks for and no source that it takes can give. One that takes no new events asks for nothing. */
export function routesWithoutEvents(sources: SourceEndpoint[], targets: DeliveryQueue[]): string[] {
  return targets.filter((target) => !target.retired).flatMap((target) => {
    const named = sources.filter(({ sourceName }) => target.sources?.includes(sourceName) ?? true);
    return problems(target, named).map((problem) => `target ${JSON.stringify(target.targetName)} ${problem}`);
  });
}

function problems(target: DeliveryQueue, named: SourceEndpoint[]): string[] {
  if (target.sources?.length === 0) return ['has an empty list of sources and would get nothing: name a source, leave sources out for all, or set `retired`'];
  // That there are none is said elsewhere.
  if (named.length === 0) return [];
  const taken = named.filter(({ sourceName }) => takesSource(target.wanted.filter, sourceName, Stack.of(target)));
  if (taken.length === 0) {
    return [`has a filter whose metadata.source matches none of its sources, so that it would get nothing: they are ${listNames(named.map(({ sourceName }) => sourceName))}`];
  }
  const configs = taken.map((source) => source.config());
  const arrives = (header: string): boolean => configs.some((config) => config.verifications.some(({ scheme }) => travels(scheme, config, header)));
  const ordering = target.orderingHeader;
  return [
    ...target.forwardHeaders.filter((header) => !arrives(header))
      .map((header) => `forwards the header ${JSON.stringify(header)}, which never comes: signatures, tokens and cookies stay behind; leave it out`),
    ...(ordering !== undefined && !arrives(ordering)
      ? [`keeps order by the header ${JSON.stringify(ordering)}, which belongs to no event: signatures, tokens and cookies stay behind; name another place`]
      : []),
  ];
}

/** By the function's own judgement. */
function travels(scheme: Scheme, config: SourceConfig, header: string): boolean {
  const { travellingHeaders } = require(path.join(bundleDirectory('tools'), 'travelling-headers.cjs')) as Tool;
  return travellingHeaders(scheme, config, [header]).includes(header);
}

interface Tool {
  travellingHeaders(scheme: Scheme, config: SourceConfig, forwarded: string[]): string[];
}
