import type { EventFilter, IngestConfig, RouteConfig } from '../../lib/contract/config';
import { compileEventTypes } from './event-types';
import type { Filter, FilterInput } from './filter';
import { Rejection } from './rejection';

/** One queue that takes events of a source. */
export interface Route extends RouteConfig {
  readonly target: string;
  /** Why the target wants nothing of an event. Undefined: it wants it. */
  readonly refuses: (event: RoutedEvent) => 'eventTypes' | 'filter' | undefined;
}

/** `filter.mjs` beside the function, where a target has a filter. */
export interface FilterModule {
  compileFilter(filter: EventFilter): Filter;
}

/** What routes look at: an event, and its body where a filter does. */
export interface RoutedEvent extends FilterInput {
  readonly type: string | null;
}

/** The targets that take a source's events, in the order of the configuration, made ready once for all its requests. */
export function routesOf({ targets }: IngestConfig, source: string, filters: FilterModule | undefined): Route[] {
  return Object.entries(targets)
    .filter(([, { sources }]) => sources === undefined || sources.includes(source))
    .map(([target, route]) => ({ target, ...route, refuses: compileRoute(target, route, filters) }));
}

/** The routes that want an event, or for the log why there is none. */
export function chooseRoutes(routes: readonly Route[], event: RoutedEvent): { readonly wanted: Route[]; readonly unrouted?: string } {
  const refusals: string[] = [];
  const wanted = routes.filter(({ target, refuses }) => {
    const reason = refuses(event);
    if (reason) refusals.push(`${target} by its ${reason}`);
    return !reason;
  });
  return wanted.length > 0 ? { wanted } : { wanted, unrouted: `no target wants it: ${refusals.join(', ')}` };
}

/**
 * Synth has compiled the same filter. One that this function cannot read all the same leaves open whether the target wants an event,
 * so the senders of its sources are asked to come again, and the others go on.
 */
function compileRoute(target: string, { eventTypes, filter }: RouteConfig, filters: FilterModule | undefined): Route['refuses'] {
  try {
    const hasType = compileEventTypes(eventTypes);
    if (filter && !filters) throw new Error('the filter cannot be read, because filter.mjs is not beside the function; deploy the stack again');
    const matches = filter && filters?.compileFilter(filter);
    return (event) => {
      if (!hasType(event.type)) return 'eventTypes';
      return matches && !matches(event) ? 'filter' : undefined;
    };
  } catch (error) {
    return () => { throw new Rejection('internal', `target ${target}: ${(error as Error).message}`); };
  }
}
