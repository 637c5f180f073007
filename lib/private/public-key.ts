import { createPublicKey } from 'crypto';
import { Token } from 'aws-cdk-lib';
import { PublicKeyScheme } from '../contract/scheme';

const EXPECTED: { readonly [format in PublicKeyScheme['publicKey']]: string } = {
  hex: '64 hexadecimal digits',
  base64: '32 bytes in base64',
  whpk: '"whpk_" and 32 bytes in base64',
  spki: 'a P-256 key in base64 (SPKI) or PEM',
};

/** A key that cannot be one would refuse every request, from the first deployment on. */
export function checkPublicKey(scheme: PublicKeyScheme, key: string): void {
  if (Token.isUnresolved(key) || isKey(scheme.publicKey, key)) return;
  throw new Error(`publicKey ${JSON.stringify(key)} is no key of ${scheme.name}: it is ${EXPECTED[scheme.publicKey]}`);
}

function isKey(format: PublicKeyScheme['publicKey'], key: string): boolean {
  if (format === 'hex') return /^[0-9a-f]{64}$/i.test(key);
  if (format === 'spki') return isP256(key);
  return isRawKey(format === 'whpk' ? key.replace(/^whpk_/, '') : key);
}

function isRawKey(base64: string): boolean {
  return /^[A-Za-z0-9+/]{43}=?$/.test(base64);
}

function isP256(key: string): boolean {
  try {
    const parsed = key.includes('-----BEGIN') ? createPublicKey(key) : createPublicKey({ key: Buffer.from(key, 'base64'), format: 'der', type: 'spki' });
    return parsed.asymmetricKeyDetails?.namedCurve === 'prime256v1';
  } catch {
    return false;
  }
}
