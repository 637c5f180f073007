import { isObject, isScalar, someValue, type ScalarMatch } from './scalar';

/**
 * How a pattern fares with an object. `ABSENT` is a match that rests on nothing but fields that are not there: it holds for a list
 * only when it holds for all of its objects, while `FOUND` needs one of them.
 */
export const NO = 0;
export const ABSENT = 1;
export const FOUND = 2;
export type Verdict = typeof NO | typeof ABSENT | typeof FOUND;

/** Undefined stands for an object that is not there. */
export type Match = (object: unknown) => Verdict;

/** All fields must match in one and the same object, because members of a list are different things. */
export function every(matches: readonly Match[]): Match {
  return (object) => {
    let verdict: Verdict = ABSENT;
    for (const match of matches) {
      const one = match(object);
      if (one === NO) return NO;
      if (one === FOUND) verdict = FOUND;
    }
    return verdict;
  };
}

export function either(alternatives: readonly Match[]): Match {
  return (object) => {
    let verdict: Verdict = NO;
    for (const match of alternatives) {
      const one = match(object);
      if (one === FOUND) return FOUND;
      if (one === ABSENT) verdict = ABSENT;
    }
    return verdict;
  };
}

/** The objects of a field, be it one or a list. Without any, only a pattern of fields that must not exist can match. */
export function inObjects(inside: Match): Match {
  return (value) => {
    let objects = 0;
    let refused = false;
    const found = someValue(value, (member) => {
      if (!isObject(member)) return false;
      objects++;
      const verdict = inside(member);
      refused ||= verdict === NO;
      return verdict === FOUND;
    });
    if (found) return FOUND;
    if (objects === 0) return inside(undefined);
    return refused ? NO : ABSENT;
  };
}

export interface Leaf {
  /** One of them is enough. */
  readonly values: readonly ScalarMatch[];
  /** Any value will do. */
  readonly present: boolean;
  /** No value will do. */
  readonly absent: boolean;
}

/** The values of a field. An object is none. */
export function inValues({ values, present, absent }: Leaf): Match {
  return (value) => {
    let any = false;
    const found = someValue(value, (member) => {
      if (!isScalar(member)) return false;
      any = true;
      return present || values.some((match) => match(member));
    });
    if (found) return FOUND;
    return absent && !any ? ABSENT : NO;
  };
}

export function inField(name: string, match: Match): Match {
  return (object) => match(isObject(object) && Object.hasOwn(object, name) ? object[name] : undefined);
}
