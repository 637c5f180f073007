/** Code points as ranges, in order and apart. */
export type CharSet = readonly (readonly [from: number, to: number])[];

export const MAX_CODE_POINT = 0x10ffff;

export const ANY: CharSet = [[0, MAX_CODE_POINT]];

export function union(...sets: CharSet[]): CharSet {
  const merged: [number, number][] = [];
  for (const [from, to] of sets.flat().sort((a, b) => a[0] - b[0])) {
    const last = merged.at(-1);
    if (last && from <= last[1] + 1) last[1] = Math.max(last[1], to);
    else merged.push([from, to]);
  }
  return merged;
}

export function complement(set: CharSet): CharSet {
  const rest: [number, number][] = [];
  let next = 0;
  for (const [from, to] of set) {
    if (from > next) rest.push([next, from - 1]);
    next = to + 1;
  }
  if (next <= MAX_CODE_POINT) rest.push([next, MAX_CODE_POINT]);
  return rest;
}

export function intersects(a: CharSet, b: CharSet): boolean {
  for (let i = 0, j = 0; i < a.length && j < b.length;) {
    const [one, other] = [a[i] as [number, number], b[j] as [number, number]];
    if (one[1] < other[0]) i++;
    else if (other[1] < one[0]) j++;
    else return true;
  }
  return false;
}

const DIGITS: CharSet = [[0x30, 0x39]];
const WORDS: CharSet = [[0x30, 0x39], [0x41, 0x5a], [0x5f, 0x5f], [0x61, 0x7a]];
const LINE_ENDS: CharSet = [[0x0a, 0x0a], [0x0d, 0x0d], [0x2028, 0x2029]];
const SPACES: CharSet = [
  [0x09, 0x0d], [0x20, 0x20], [0xa0, 0xa0], [0x1680, 0x1680], [0x2000, 0x200a], [0x2028, 0x2029], [0x202f, 0x202f], [0x205f, 0x205f],
  [0x3000, 0x3000], [0xfeff, 0xfeff],
];

/** `.` without the flag `s`. */
export const DOT = complement(LINE_ENDS);

/** By the letter of the escape. */
export const CLASSES: { readonly [letter: string]: CharSet } = {
  d: DIGITS, D: complement(DIGITS), w: WORDS, W: complement(WORDS), s: SPACES, S: complement(SPACES),
};

const properties = new Map<string, CharSet>();

/** `\p{…}` or `\P{…}`: only the engine has the tables, so it is asked about every code point, once. */
export function property(escape: string): CharSet {
  const known = properties.get(escape);
  if (known) return known;
  const pattern = new RegExp(`^${escape}$`, 'u');
  const ranges: [number, number][] = [];
  for (let point = 0; point <= MAX_CODE_POINT; point++) {
    if (!pattern.test(String.fromCodePoint(point))) continue;
    const last = ranges.at(-1);
    if (last && last[1] === point - 1) last[1] = point;
    else ranges.push([point, point]);
  }
  properties.set(escape, ranges);
  return ranges;
}
