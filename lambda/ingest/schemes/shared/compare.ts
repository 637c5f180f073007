import { timingSafeEqual } from 'node:crypto';

/** Compares texts whose length is no secret, such as signatures, in constant time. */
export function sameText(expected: string, given: string): boolean {
  const left = Buffer.from(expected, 'utf8');
  const right = Buffer.from(given, 'utf8');
  return left.length === right.length && timingSafeEqual(left, right);
}
