import type { Scheme } from '../../lib/contract/scheme';
import { business } from './business';
import { chat } from './chat';
import { developer } from './developer';
import { generalSample } from './general';
import { github } from './github';
import { messages } from './messages';
import { payments } from './payments';
import { platform } from './platform';
import type { Sample } from './sample';
import { stripe } from './stripe';

/** By the name of the scheme; a scheme without one of its own gets the general sample. */
export const SAMPLES: { readonly [scheme: string]: Sample } = {
  github, stripe, ...developer, ...chat, ...messages, ...payments, ...business, ...platform,
};

export function sampleFor(scheme: Scheme): Sample {
  return Object.hasOwn(SAMPLES, scheme.name) ? SAMPLES[scheme.name] as Sample : generalSample(scheme);
}
