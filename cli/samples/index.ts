import type { Scheme } from '../../lib/contract/scheme';
import { generalSample } from './general';
import { github } from './github';
import type { Sample } from './sample';
import { standardWebhooks } from './standard-webhooks';
import { stripe } from './stripe';

/** By the name of the scheme; a scheme without one of its own gets the general sample. */
const SAMPLES: { readonly [scheme: string]: Sample } = { github, stripe, 'standard-webhooks': standardWebhooks };

export function sampleFor(scheme: Scheme): Sample {
  return Object.hasOwn(SAMPLES, scheme.name) ? SAMPLES[scheme.name] as Sample : generalSample(scheme);
}
