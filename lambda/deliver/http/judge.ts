import type { SendResult } from '../../../lib/contract/sender';
import type { EgressAnswer, EgressResult } from '../../shared/egress';
import { readRetryAfter } from '../retry-after';

/** A receiver's wishes, by a header of its answer: https://docs.svix.com/receiving/delivery-control */
const CONTROL_HEADER = 'webhook-delivery';
const NO_MORE_EVENTS = 'disable';
const NOT_THIS_EVENT = 'abort-message';

/** What an answer, or the lack of one, means. */
export function judge(result: EgressResult, now: number): SendResult {
  if (result.outcome !== 'status') return { outcome: result.outcome, status: null, detail: result.detail };
  const { status, headers } = result;
  const wish = single(headers[CONTROL_HEADER])?.trim().toLowerCase();
  const gone = wish === NO_MORE_EVENTS ? { gone: true } : undefined;
  if (status >= 200 && status <= 299) return gone ? { outcome: 'delivered', status, ...gone } : { outcome: 'delivered', status };
  const retryAfterSeconds = readRetryAfter(single(headers['retry-after']), now);
  return {
    outcome: 'status', status, detail: sentence(result, wish), ...gone,
    ...(wish === NOT_THIS_EVENT && { permanent: true }),
    ...(retryAfterSeconds !== undefined && { retryAfterSeconds }),
  };
}

function sentence({ status }: EgressAnswer, wish: string | undefined): string {
  const redirect = status >= 300 && status <= 399 ? ', and redirects are not followed' : '';
  const wanted = wish === NO_MORE_EVENTS || wish === NOT_THIS_EVENT ? ` with "${CONTROL_HEADER}: ${wish}"` : '';
  return `the target answered ${status}${wanted}${redirect}`;
}

function single(value: string | string[] | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
