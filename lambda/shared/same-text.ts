import { createHash, timingSafeEqual } from 'node:crypto';

/** In constant time whatever the lengths: the hashes are compared. */
export function isSameText(given: string, expected: string): boolean {
  return timingSafeEqual(hash(given), hash(expected));
}

/** The secret that a text is. Looks at all of them. */
export function findSameText(given: string, secrets: string[]): string | undefined {
  let found: string | undefined;
  for (const secret of secrets) if (isSameText(given, secret)) found ??= secret;
  return found;
}

function hash(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
