import { X509Certificate } from 'node:crypto';

/** More certificates than any chain between a sender and a root has. */
const MAX_CHAIN = 8;

const PEM = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

/** The certificates in a text, in their order. Throws where there is none, or one that cannot be read. */
export function readCertificates(text: string): X509Certificate[] {
  const certificates = (text.match(PEM) ?? []).slice(0, MAX_CHAIN).map((pem) => new X509Certificate(pem));
  if (certificates.length === 0) throw new Error('there is no certificate in what was fetched');
  return certificates;
}

/** Whether a chain of valid certificates leads from `leaf` to one of `anchors`; `others` may be links of it. */
export function isTrusted(leaf: X509Certificate, others: X509Certificate[], anchors: X509Certificate[], now: number): boolean {
  let current = leaf;
  for (let length = 0; length < MAX_CHAIN; length++) {
    if (!isValidAt(current, now)) return false;
    const { fingerprint256 } = current;
    if (anchors.some((anchor) => anchor.fingerprint256 === fingerprint256 || (isValidAt(anchor, now) && isIssuer(anchor, current)))) return true;
    const issuer = others.find((other) => other.fingerprint256 !== fingerprint256 && isIssuer(other, current));
    if (!issuer) return false;
    current = issuer;
  }
  return false;
}

function isValidAt({ validFrom, validTo }: X509Certificate, now: number): boolean {
  return Date.parse(validFrom) <= now && now <= Date.parse(validTo);
}

function isIssuer(issuer: X509Certificate, subject: X509Certificate): boolean {
  return issuer.ca && subject.checkIssued(issuer) && subject.verify(issuer.publicKey);
}

/** The host names that a certificate is for: the alternative names, or the common name where there are none. */
export function namesOf({ subject, subjectAltName }: X509Certificate): string[] {
  const names = subjectAltName === undefined ? subject.split('\n').map((line) => line.replace(/^CN=/, 'DNS:')) : subjectAltName.split(', ');
  return names.filter((name) => name.startsWith('DNS:')).map((name) => name.slice('DNS:'.length).toLowerCase());
}

/** What Node trusts for TLS. `node:tls` opens no socket here, and only a function with a source of PayPal's needs this of it. */
export function systemAnchors(): X509Certificate[] {
  return process.getBuiltinModule('node:tls').rootCertificates.map((pem) => new X509Certificate(pem));
}
