import { generateKeyPair, generateKeyPairSync, randomBytes, type JsonWebKey, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import type { PublicKeyScheme } from '../../lib/contract/scheme';
import { selfSigned } from './certificate';
import type { Needs } from './needs';

/** The keys of one run, made when it starts and gone with it. */
export interface TestKeys {
  /** The `kid` of both keys. */
  readonly keyId: string;
  readonly rsaPrivateKey: string;
  readonly ecPrivateKey: string;
  /** Private keys in PEM, by the public key that a source has. */
  readonly privateKeys: { readonly [publicKey: string]: string };
}

/** What functions may know of them. */
export interface PublicTestKeys {
  readonly jwks: { readonly keys: readonly JsonWebKey[] };
  readonly certificate: string;
  /** The run's own public key beside each that a source has, in the same format. */
  readonly publicKeys: { readonly [publicKey: string]: string };
}

/** As RSA keys of senders are. */
const RSA_BITS = 2048;

export async function makeKeys({ publicKeys }: Needs): Promise<TestKeys & PublicTestKeys> {
  const keyId = `local-${randomBytes(8).toString('hex')}`;
  const rsa = await promisify(generateKeyPair)('rsa', { modulusLength: RSA_BITS });
  const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const own = publicKeys.map(({ text, scheme }) => ({ text, ...ownPair(scheme) }));
  return {
    keyId,
    rsaPrivateKey: pem(rsa.privateKey),
    ecPrivateKey: pem(ec.privateKey),
    privateKeys: Object.fromEntries(own.map(({ text, privateKey }) => [text, privateKey])),
    jwks: { keys: [jwk(rsa.publicKey, keyId, 'RS256'), jwk(ec.publicKey, keyId, 'ES256')] },
    certificate: selfSigned(rsa.publicKey, rsa.privateKey),
    publicKeys: Object.fromEntries(own.map(({ text, publicKey }) => [text, publicKey])),
  };
}

function ownPair({ kind, publicKey: format }: PublicKeyScheme): { publicKey: string; privateKey: string } {
  const pair = kind === 'ed25519' ? generateKeyPairSync('ed25519') : generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const spki = pair.publicKey.export({ type: 'spki', format: 'der' });
  const raw = Buffer.from(pair.publicKey.export({ format: 'jwk' }).x ?? '', 'base64url');
  const texts = { hex: raw.toString('hex'), base64: raw.toString('base64'), whpk: `whpk_${raw.toString('base64')}`, spki: spki.toString('base64') };
  return { publicKey: texts[format], privateKey: pem(pair.privateKey) };
}

function pem(key: KeyObject): string {
  return key.export({ type: 'pkcs8', format: 'pem' }).toString();
}

function jwk(key: KeyObject, kid: string, alg: string): JsonWebKey {
  return { ...key.export({ format: 'jwk' }), kid, alg, use: 'sig' };
}
