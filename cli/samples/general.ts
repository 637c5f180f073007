import { randomUUID } from 'node:crypto';
import type { FieldLocation, Scheme } from '../../lib/contract/scheme';
import { jsonPath } from '../fields';
import { formatTimestamp } from '../sign';
import type { Sample, SampleEvent } from './sample';

/** An event for a scheme that is described by data alone: id, type and time stand where the scheme looks for them. */
export function generalSample(scheme: Scheme): Sample {
  const form = [...scheme.id ?? [], ...scheme.type ?? [], ...scheme.timestamp ? [scheme.timestamp.from] : []].some((place) => 'form' in place);
  return {
    type: 'sample.event',
    headers: { 'user-agent': 'cdk-webhooks-send', 'content-type': form ? 'application/x-www-form-urlencoded' : 'application/json' },
    form,
    id: () => randomUUID(),
    body: (event) => {
      const body: { [name: string]: unknown } = { message: 'a sample event of cdk-webhooks send', sentAt: event.time.toISOString() };
      for (const [location, value] of fields(scheme, event)) setField(body, location, value);
      return body;
    },
  };
}

function fields(scheme: Scheme, { id, type, time }: SampleEvent): [FieldLocation, string][] {
  const places: [FieldLocation | undefined, string][] = [
    [scheme.id?.[0], id],
    [scheme.type?.[0], type],
    [scheme.timestamp?.from, scheme.timestamp ? formatTimestamp(scheme.timestamp.unit, time.getTime()) : ''],
  ];
  return places.filter((each): each is [FieldLocation, string] => each[0] !== undefined);
}

/** Header and query places are not the body's. */
function setField(body: { [name: string]: unknown }, location: FieldLocation, value: string): void {
  if ('form' in location) body[location.form] = value;
  if (!('json' in location)) return;
  const keys = jsonPath(location.json);
  let at: { [key: string]: unknown } = body;
  for (const [i, key] of keys.slice(0, -1).entries()) {
    at[key] ??= /^\d+$/.test(keys[i + 1] as string) ? [] : {};
    at = at[key] as { [key: string]: unknown };
  }
  at[keys.at(-1) as string] = value;
}
