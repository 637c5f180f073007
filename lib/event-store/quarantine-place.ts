import type { SourceEndpoint } from '../source/source-endpoint';

/** Sources that quarantine what fails their schema, in a gateway that has no place for it. */
export function sourcesWithoutQuarantine(sources: SourceEndpoint[]): string[] {
  return sources.filter((source) => source.config().schema?.onInvalid === 'quarantine').map(({ sourceName }) => (
    `source ${JSON.stringify(sourceName)} quarantines events that fail its schema, but EventStore.none() keeps none: `
      + 'set its `onInvalid` to InvalidEventAction.REJECT, or give the gateway an event store'));
}
