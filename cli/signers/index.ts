import { adyen, braintree, dropboxSign, mailgun, msgraph } from './body';
import { paypal, sns } from './certificate';
import { box, docusign, hook0, pusher } from './header';
import { jwt, livekit, messagebird, netlify, plaid, qstash, vonage } from './jwt';
import type { Signer } from './signer';
import { contentful, mandrill, plivo, twilio } from './url';

/** By the name of the scheme's module. A module without one here can verify, and nothing signs for it. */
export const SIGNERS: { readonly [module: string]: Signer } = {
  adyen, box, braintree, contentful, docusign, 'dropbox-sign': dropboxSign, hook0, jwt, livekit, mailgun, mandrill, messagebird, msgraph, netlify,
  paypal, plaid, plivo, pusher, qstash, sns, twilio, vonage,
};
