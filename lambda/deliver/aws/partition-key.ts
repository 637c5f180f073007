import { createHash } from 'node:crypto';
import type { StreamSettings } from '../../../lib/contract/aws-settings';
import type { Delivery } from '../../../lib/contract/sender';
import { jsonText } from '../format/json-text';
import { wellFormed } from './text';

/** In characters: https://docs.aws.amazon.com/kinesis/latest/APIReference/API_PutRecordsRequestEntry.html */
const MAX_KEY_LENGTH = 256;

/** What decides the shard. Records of the same key stay in order. */
export function partitionKeyOf(delivery: Delivery, place: StreamSettings['partitionKey']): string {
  const value = (place && valueAt(place, delivery)) || delivery.orderingGroup || delivery.id;
  const key = wellFormed(value);
  return [...key].length <= MAX_KEY_LENGTH ? key : createHash('sha256').update(key).digest('hex');
}

function valueAt(place: NonNullable<StreamSettings['partitionKey']>, { headers, body }: Delivery): string | undefined {
  if ('header' in place) return headers[place.header];
  const json = jsonText(body);
  const value = json === undefined ? undefined : atPath(JSON.parse(json), place.json);
  return typeof value === 'string' ? value : Number.isSafeInteger(value) ? String(value) : undefined;
}

/** `.name`, `[0]` and `['name']`, one after the other, as in the places of schemes. */
const SEGMENT = /\.([^.[\]]+)|\[(\d+)\]|\['([^']*)'\]/y;

/** Own properties only. */
function atPath(root: unknown, path: string): unknown {
  let value = root;
  SEGMENT.lastIndex = path.startsWith('$') ? 1 : 0;
  while (SEGMENT.lastIndex < path.length) {
    const match = SEGMENT.exec(path);
    const name = match?.[1] ?? match?.[2] ?? match?.[3];
    if (name === undefined || typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
    value = (value as { [name: string]: unknown })[name];
  }
  return value;
}
