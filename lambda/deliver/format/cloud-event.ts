import type { Delivery } from '../../../lib/contract/sender';
import { readJson } from './read-json';

/** What becomes a CloudEvent. */
export type Formatted = Pick<Delivery, 'id' | 'source' | 'type' | 'time' | 'headers' | 'body'>;

export const CLOUD_EVENT_CONTENT_TYPE = 'application/cloudevents+json; charset=utf-8';

/** CloudEvents wants a type, and not every sender has one. */
const NO_TYPE = 'webhook';

/** What a string of a CloudEvent must not have in it: https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/spec.md#type-system */
const FORBIDDEN = /[\p{Cc}\p{Cs}\p{Noncharacter_Code_Point}]/gu;

/** https://www.rfc-editor.org/rfc/rfc2045#section-5.1 */
const MEDIA_TYPE = /^[!#$%&'*+\-.^_`|~\w]+\/([!#$%&'*+\-.^_`|~\w]+)[ \t]*(;|$)/;

/**
 * A CloudEvent 1.0 in structured mode: https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/formats/json-format.md
 * JSON that says so is put in as it came, letter for letter; everything else goes in as `data_base64`, which keeps its bytes too.
 * `contentencoding` is an extension of ours, for bodies whose bytes cannot be understood without it.
 */
export function cloudEvent({ id, source, type, time, headers, body }: Formatted, gateway: string): string {
  const encoding = headers['content-encoding'];
  const contentType = MEDIA_TYPE.test(headers['content-type'] ?? '') ? headers['content-type'] : undefined;
  const json = saysJson(contentType) ? readJson(body)?.text : undefined;
  const head = JSON.stringify({
    specversion: '1.0',
    id,
    source: `/${[...gateway.split('/'), source].map(encodeURIComponent).join('/')}`,
    type: allowed(type ?? '') || NO_TYPE,
    time,
    // An absent one would stand for JSON.
    ...(body.length > 0 && { datacontenttype: allowed(contentType ?? (json === undefined ? 'application/octet-stream' : 'application/json')) }),
    ...(encoding !== undefined && encoding !== '' && { contentencoding: allowed(encoding) }),
  });
  if (body.length === 0) return head;
  const data = json === undefined ? `"data_base64":${JSON.stringify(Buffer.from(body).toString('base64'))}` : `"data":${json}`;
  return `${head.slice(0, -1)},${data}}`;
}

/** By its type, or by having none. */
function saysJson(contentType: string | undefined): boolean {
  const subtype = contentType === undefined ? 'json' : MEDIA_TYPE.exec(contentType)?.[1]?.toLowerCase() ?? '';
  return subtype === 'json' || subtype.endsWith('+json');
}

function allowed(text: string): string {
  return text.replace(FORBIDDEN, '\uFFFD');
}
