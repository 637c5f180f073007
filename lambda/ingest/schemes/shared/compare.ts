import { createHash, timingSafeEqual } from 'node:crypto';

/** Compares texts whose length is no secret, such as signatures, in constant time. */
export function sameText(expected: string, given: string): boolean {
  const left = Buffer.from(expected, 'utf8');
  const right = Buffer.from(given, 'utf8');
  return left.length === right.length && timingSafeEqual(left, right);
}

/** Compares secrets: their hashes are equally long, so that not even the length of the right one shows. */
export function sameSecret(expected: string, given: string): boolean {
  return timingSafeEqual(sha256(expected), sha256(given));
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
