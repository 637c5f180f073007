import type { SecretReference } from '../../lib/contract/config';
import { isSecretError, type SecretError } from '../shared/secret-error';
import { findSameText } from '../shared/same-text';
import type { RefreshableSecretReader } from '../shared/secrets';
import { Rejection } from './rejection';
import type { WebhookRequest } from './request';
import type { Verification } from './sources';
import type { Proof } from './verify';

/** A request of which one verification knows who sent it. */
export interface Authentic {
  readonly verification: Verification;
  readonly proof: Proof;
}

/** Proves who sent the request and when. Throws `Rejection` or `SecretError` where no verification does. */
export async function prove(
  verifications: Verification[], request: WebhookRequest, secrets: RefreshableSecretReader, now: number,
): Promise<Authentic> {
  const failures: unknown[] = [];
  for (const verification of verifications) {
    if (!verification.methods.includes(request.method)) continue;
    try {
      return { verification, proof: await proveBy(verification, request, secrets, now) };
    } catch (error) {
      failures.push(error);
    }
  }
  throw worst(failures);
}

/** What is not known, or went wrong, must not be answered by a refusal; and who has proven a signature should hear of the time. */
function worst(failures: unknown[]): unknown {
  return failures.find((error) => !(error instanceof Rejection) || (error.reason !== 'signature' && error.reason !== 'timestamp'))
    ?? failures.find((error) => error instanceof Rejection && error.reason === 'timestamp')
    ?? failures[0] ?? new Rejection('method');
}

async function proveBy(verification: Verification, request: WebhookRequest, secrets: RefreshableSecretReader, now: number): Promise<Proof> {
  const { verifier, secret } = verification;
  const claim = verifier.claim(request, now);
  return secret ? proveUnrevoked(verification, secret, secrets, (versions) => claim.prove(versions)) : claim.prove([]);
}

/** Checks the token of a handshake, which is a secret of its own. */
export async function checkVerifyToken(verification: Verification, token: string | undefined, secrets: RefreshableSecretReader): Promise<void> {
  const { verifyToken } = verification;
  if (token === undefined || !verifyToken) throw new Rejection('signature', `the handshake has no token${verifyToken ? '' : ' to be compared with'}`, 'forbidden');
  await proveUnrevoked(verification, verifyToken, secrets, (versions) => {
    const found = findSameText(token, versions.filter((version) => version !== ''));
    if (found === undefined) throw new Rejection('signature', 'the handshake has another token', 'forbidden');
    return { secret: found };
  });
}

/** A version that was replaced may have been revoked since it was read. While that cannot be known, what was read holds. */
async function proveUnrevoked(
  verification: Verification, secret: SecretReference, secrets: RefreshableSecretReader, attempt: (versions: string[]) => Proof | Promise<Proof>,
): Promise<Proof> {
  let current: string | undefined;
  const proof = await againIfRefreshed(verification, secret, secrets, (versions) => {
    current = versions[0];
    return attempt(versions);
  });
  if (proof.secret === undefined || proof.secret === current) return proof;
  const overlap = verification.previousSecretOverlapSeconds;
  const changed = await secrets.refresh(secret, overlap).catch(() => false);
  return changed ? attempt(await secrets.read(secret, overlap)) : proof;
}

/** A mismatch may be a rotation that the cache has not seen, and a secret that is none may have been put right. */
async function againIfRefreshed<Result>(
  { previousSecretOverlapSeconds: overlap }: Verification, secret: SecretReference, secrets: RefreshableSecretReader,
  attempt: (versions: string[]) => Result | Promise<Result>,
): Promise<Result> {
  try {
    return await attempt(await secrets.read(secret, overlap));
  } catch (error) {
    const mayPass = error instanceof Rejection ? error.reason === 'signature' : isSecretError(error) && (error as SecretError).kind === 'unusable';
    if (!mayPass || !await secrets.refresh(secret, overlap)) throw error;
  }
  return attempt(await secrets.read(secret, overlap));
}
