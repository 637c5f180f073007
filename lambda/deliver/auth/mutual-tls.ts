import { createPrivateKey, X509Certificate, type KeyObject } from 'node:crypto';
import type { HttpAuthSettings } from '../../../lib/contract/config';
import type { SecretReader } from '../../../lib/contract/sender';
import type { AddressPolicy } from '../../shared/address';
import { Egress, type ClientCertificate } from '../../shared/egress';
import { SecretError } from '../../shared/secret-error';
import type { Authorization } from './authorization';

/** A client certificate, shown in the TLS handshake. New versions of the secrets get new connections. */
export function mutualTls(
  { certificate, privateKey }: Extract<HttpAuthSettings, { kind: 'mutual-tls' }>, overlapSeconds: number, secrets: SecretReader, policy: AddressPolicy,
): Authorization {
  let known: { readonly versions: string; readonly egress: Egress } | undefined;
  return {
    headers: [],
    lines: async (_request, round) => round === 0 ? [] : undefined,
    async egress() {
      const [certificates, keys] = await Promise.all([secrets.read(certificate, overlapSeconds), secrets.read(privateKey, overlapSeconds)]);
      const versions = JSON.stringify([certificates, keys]);
      if (known?.versions === versions) return known.egress;
      const egress = new Egress(policy, choosePair(certificates, keys, certificate.id, privateKey.id));
      known?.egress.close();
      known = { versions, egress };
      return egress;
    },
  };
}

/**
 * The newest certificate and key that belong together. They are two secrets: between the rotation of one and that of the other, the
 * pair is still the previous one.
 */
function choosePair(certificates: string[], keys: string[], certificateId: string, keyId: string): ClientCertificate {
  for (const cert of certificates) {
    const leaf = readCertificate(cert, certificateId);
    const key = keys.find((text) => leaf.checkPrivateKey(readKey(text, keyId)));
    if (key !== undefined) return { cert, key };
  }
  throw new SecretError('unusable', keyId, `it is not the key of the certificate in secret ${JSON.stringify(certificateId)}`);
}

function readCertificate(text: string, id: string): X509Certificate {
  try {
    return new X509Certificate(text);
  } catch {
    throw new SecretError('unusable', id, 'it is not a certificate in PEM');
  }
}

function readKey(text: string, id: string): KeyObject {
  try {
    return createPrivateKey(text);
  } catch {
    throw new SecretError('unusable', id, 'it is not a private key in PEM without a passphrase');
  }
}
