import type { Scheme } from '../../lib/contract/scheme';
import { sample, type Sample } from './sample';

/** An event for a scheme without a sample of its own: whoever drafts it writes id, type and time where the scheme looks for them. */
export function generalSample(scheme: Scheme): Sample {
  const timestamp = 'timestamp' in scheme && scheme.timestamp ? [scheme.timestamp.from] : [];
  const form = [...scheme.id ?? [], ...scheme.type ?? [], ...timestamp].some((place) => 'form' in place);
  return sample('sample.event', ({ time }) => ({ message: 'a sample event of cdk-webhooks send', sentAt: time.toISOString() }), { form });
}
