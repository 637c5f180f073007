import type { IngestConfig } from '../../lib/contract/config';

/** One queue that takes an event. */
export interface Route {
  readonly target: string;
  readonly queueUrl: string;
}

/** The targets that take a source's events, in the order of the configuration. */
export function routesOf({ targets }: IngestConfig, source: string): Route[] {
  return Object.entries(targets)
    .filter(([, { sources }]) => sources === undefined || sources.includes(source))
    .map(([target, { queueUrl }]) => ({ target, queueUrl }));
}
