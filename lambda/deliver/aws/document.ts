import type { Delivery } from '../../../lib/contract/sender';
import { CLOUD_EVENT_CONTENT_TYPE } from '../format/cloud-event';
import { eventDocument } from '../format/event-document';
import { readJson } from '../format/read-json';
import { utf8Text } from './text';

/** The event as one JSON document. A CloudEvent that the target's format made is one already. */
export function documentOf(delivery: Delivery): string {
  return cloudEventText(delivery) ?? eventDocument(delivery);
}

/**
 * The detail of an EventBridge event. JSON stands in `data` as it came, so that rules can match what is in it; other text is a
 * string there, and `encoding` tells the two apart from each other and from base64.
 */
export function detailOf(delivery: Delivery): string {
  const { id, source, type, time, providerId, headers, body } = delivery;
  const made = cloudEventText(delivery);
  if (made !== undefined) return made;
  const json = readJson(body)?.text;
  const text = json ?? utf8Text(body);
  const encoding = json !== undefined ? 'json' : text !== undefined ? 'text' : 'base64';
  const head = JSON.stringify({ id, source, type, time, ...(providerId === undefined ? {} : { providerId }), headers, encoding });
  return `${head.slice(0, -1)},"data":${json ?? JSON.stringify(text ?? Buffer.from(body).toString('base64'))}}`;
}

/** Senders may post CloudEvents too, but none with the id that the event was given here. */
function cloudEventText({ id, headers, body }: Delivery): string | undefined {
  if (headers['content-type'] !== CLOUD_EVENT_CONTENT_TYPE) return undefined;
  const text = utf8Text(body);
  return text?.startsWith(`${JSON.stringify({ specversion: '1.0', id }).slice(0, -1)},`) ? text : undefined;
}
