import type { PairingConfig } from '../config';
import type { Scheme } from '../scheme';
import { business } from './business';
import { chat } from './chat';
import { developer } from './developer';
import { payments } from './payments';
import { generic, platform } from './platform';

export { DEFAULT_TOLERANCE_SECONDS } from './make';
export { signsUrl } from './signs-url';

const BY_NAME = { ...developer, ...chat, ...payments, ...business, ...platform, ...generic };

/** The schemes that are known by name. Where each fact comes from: the sender's own documentation, linked at its factory. */
export const SCHEMES: typeof BY_NAME & { readonly [name: string]: Scheme } = BY_NAME;

/** The schemes whose sender makes up the key and brings it in its first request. */
export const PAIRINGS: { readonly [scheme: string]: PairingConfig } = {
  notion: { key: { json: '$.verification_token' } },
  asana: { key: { header: 'x-hook-secret' }, echoHeader: 'x-hook-secret' },
};
