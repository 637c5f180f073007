import type { IngestConfig, RouteConfig } from '../../lib/contract/config';

/** One queue that takes an event. */
export interface Route extends RouteConfig {
  readonly target: string;
}

/** The targets that take a source's events, in the order of the configuration. */
export function routesOf({ targets }: IngestConfig, source: string): Route[] {
  return Object.entries(targets)
    .filter(([, { sources }]) => sources === undefined || sources.includes(source))
    .map(([target, route]) => ({ target, ...route }));
}
