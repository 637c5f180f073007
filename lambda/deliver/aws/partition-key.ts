import { createHash } from 'node:crypto';
import type { StreamSettings } from '../../../lib/contract/aws-settings';
import type { Delivery } from '../../../lib/contract/sender';
import { asText, atPath } from '../../shared/json-path';
import { readJson } from '../format/read-json';
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
  return asText(atPath(readJson(body)?.value, place.json)[0]);
}
