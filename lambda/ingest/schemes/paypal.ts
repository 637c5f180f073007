import { verify as verifySignature, type KeyObject } from 'node:crypto';
import { crc32 } from 'node:zlib';
import type { CodeVerifier, SchemeContext, SchemeRequest } from '../../../lib/contract/scheme-module';
import { isCanonicalBase64 } from './shared/base64';
import { isTrusted, namesOf, readCertificates, systemAnchors } from './shared/certificate';
import { refuse, type Refusal } from './shared/jwt';
import { KeyCache } from './shared/key-cache';
import { readText, readTexts } from './shared/settings';

export interface PaypalSettings {
  /** The id that PayPal gave the webhook. It is signed, and in no request. */
  readonly webhookId: string;
  /** Certificates (PEM) that PayPal's chain must lead to, instead of those that Node trusts for TLS. For tests. */
  readonly trustAnchors?: string[];
}

const ALGORITHM = 'SHA256withRSA';

/** PayPal's own hosts, live and sandbox, and only where certificates are: other paths hold what PayPal's users put there. */
const CERTIFICATE_URL = /^https:\/\/([a-z0-9-]{1,63}\.){1,4}paypal\.com\/v1\/notifications\/certs\/[\w-]{1,100}$/;
const PAYPAL_NAME = /^(\*\.)?([a-z0-9-]+\.)*paypal\.com$/;

/**
 * PayPal: an RSA signature over the transmission's id and time, the webhook's id and the CRC32 of the body, under a certificate that
 * a header links to. A CRC is no digest: whoever has one signed request can make another body that fits it, so ask PayPal before
 * money moves. Retries carry the time of the first transmission for three days, which is why no window is checked.
 * https://developer.paypal.com/api/rest/webhooks/rest/
 */
export function createVerifier(context: SchemeContext): CodeVerifier {
  const webhookId = readText(context, 'webhookId');
  let anchors = context.settings['trustAnchors'] === undefined ? undefined : readTexts(context, 'trustAnchors').flatMap(readCertificates);
  const certificates = new KeyCache(async (url, now): Promise<KeyObject | Refusal> => {
    const [leaf, ...others] = readCertificates(await context.fetch(url));
    if (!leaf || leaf.publicKey.asymmetricKeyType !== 'rsa' || !namesOf(leaf).some((name) => PAYPAL_NAME.test(name))) {
      return refuse('the certificate is not made out to PayPal');
    }
    return isTrusted(leaf, others, anchors ??= systemAnchors(), now) ? leaf.publicKey : refuse('the certificate has no valid chain to a trusted one');
  });

  return {
    async verify(request, _secrets, now) {
      const transmission = readTransmission(request);
      if ('valid' in transmission) return transmission;
      const { id, time, signature, certificateUrl } = transmission;
      const key = await certificates.get(certificateUrl, now);
      if ('valid' in key) return key;
      const signed = `${id}|${time}|${webhookId}|${crc32(request.body)}`;
      if (!verifySignature('sha256', Buffer.from(signed), key, Buffer.from(signature, 'base64'))) return refuse('the signature does not match');
      return { valid: true, fields: { transmissionId: id } };
    },
  };
}

interface Transmission {
  readonly id: string;
  readonly time: string;
  readonly signature: string;
  readonly certificateUrl: string;
}

/** None of the patterns has a comma, which is what a header that came twice has. */
function readTransmission({ headers }: SchemeRequest): Transmission | Refusal {
  const id = headers['paypal-transmission-id'] ?? '';
  const time = headers['paypal-transmission-time'] ?? '';
  const signature = headers['paypal-transmission-sig'] ?? '';
  const certificateUrl = headers['paypal-cert-url'] ?? '';
  if (!/^[\w-]{1,100}$/.test(id)) return refuse('the header paypal-transmission-id is missing or malformed');
  if (!/^[\dTZ:.+-]{1,40}$/.test(time)) return refuse('the header paypal-transmission-time is missing or malformed');
  if (headers['paypal-auth-algo'] !== ALGORITHM) return refuse(`the header paypal-auth-algo is not ${ALGORITHM}`);
  if (!isCanonicalBase64(signature)) return refuse('the header paypal-transmission-sig is missing or malformed');
  if (!CERTIFICATE_URL.test(certificateUrl)) return refuse('the header paypal-cert-url does not lead to a certificate of PayPal');
  return { id, time, signature, certificateUrl };
}
