import { credentialsOf } from './credentials';
import { placesOf } from './field';
import { WebhookRequest } from './request';
import type { Source } from './sources';

/** Methods whose requests have no body: what their sender says is in the query. */
const BODILESS = ['GET', 'DELETE'];

const FORM = 'application/x-www-form-urlencoded';

/**
 * The request as an event. The query of a GET without a body is the body of its event, byte for byte, but for tokens: queues and
 * store have no other place for it. Only after the verification, which is over what was sent.
 */
export function eventRequest(source: Pick<Source, 'verifications' | 'pairing'>, request: WebhookRequest): WebhookRequest {
  const { method, headers, body, rawQuery, publicUrl } = request;
  if (!BODILESS.includes(method) || body.length > 0 || rawQuery === '') return request;
  const query = withoutTokens(rawQuery, source);
  return new WebhookRequest(method, Object.assign(Object.create(null), headers, { 'content-type': FORM }), Buffer.from(query), rawQuery, publicUrl);
}

function withoutTokens(rawQuery: string, source: Pick<Source, 'verifications' | 'pairing'>): string {
  const tokens = new Set(placesOf(credentialsOf(source)).flatMap((place) => 'query' in place ? [place.query] : []));
  if (tokens.size === 0) return rawQuery;
  return rawQuery.split('&').filter((pair) => ![...new URLSearchParams(pair).keys()].some((name) => tokens.has(name))).join('&');
}
