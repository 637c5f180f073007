import { Duration } from 'aws-cdk-lib';
import { seconds } from '../private/checks';
import { SourceDefinition } from './source-definition';

const SHORTEST = Duration.minutes(1);

/** For how many seconds a source's event is known again. Undefined: for as long as it is on record. */
export function deduplicationWindow(source: string, definition: SourceDefinition, retentionSeconds: number | undefined): number | undefined {
  const { options: { deduplicationWindow: window }, verifications } = definition;
  if (!window) return undefined;
  const what = `deduplicationWindow of source ${JSON.stringify(source)}`;
  if (retentionSeconds === undefined) {
    throw new Error(`${what} is set, but with EventStore.none() no duplicate is known: leave it out, or use EventStore.dynamoDb()`);
  }
  if (!verifications.some(({ scheme }) => scheme.id && scheme.id.length > 0)) {
    throw new Error(`${what} is set, but its events have no ids to be known by: leave it out, or say where the id is, with \`eventId\` where the source takes it`);
  }
  // What is on record no longer cannot be known.
  return seconds(window, what, { min: SHORTEST, max: Duration.seconds(retentionSeconds) });
}
