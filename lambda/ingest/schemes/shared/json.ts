/** The value at a path of own members; undefined where there is none. Never reads what an object inherits. */
export function at(value: unknown, ...path: string[]): unknown {
  let found = value;
  for (const name of path) {
    if (typeof found !== 'object' || found === null || !Object.hasOwn(found, name)) return undefined;
    found = (found as { readonly [name: string]: unknown })[name];
  }
  return found;
}

/** The text at a path, or undefined where there is none. */
export function textAt(value: unknown, ...path: string[]): string | undefined {
  const found = at(value, ...path);
  return typeof found === 'string' ? found : undefined;
}

/** Undefined where the text is not JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Deeper than any webhook, and shallow enough to walk. */
const MAX_DEPTH = 64;

/**
 * True if any object of a valid JSON text has a name twice: parsers differ on which of the two counts, so that what was verified here
 * need not be what the target reads. True as well past `MAX_DEPTH`.
 */
export function hasRepeatedMembers(text: string): boolean {
  return findsRepeat(text, MAX_DEPTH, MAX_DEPTH);
}

/** True if the outermost object of a valid JSON text has a name twice, whatever is in it. */
export function repeatsName(text: string): boolean {
  return findsRepeat(text, 1, Infinity);
}

/** Compares the names of objects down to the depth `compared`. By hand, because one expression for strings backtracks over megabytes. */
function findsRepeat(text: string, compared: number, deepest: number): boolean {
  /** One for each open bracket: the names so far of an object that is compared, undefined for anything else. */
  const open: (Set<string> | undefined)[] = [];
  for (let at = 0; at < text.length; at++) {
    const character = text[at];
    if (character === '{' || character === '[') {
      if (open.push(character === '{' && open.length < compared ? new Set() : undefined) > deepest) return true;
    } else if (character === '}' || character === ']') {
      open.pop();
    } else if (character === '"') {
      const end = endOfString(text, at);
      const names = open.at(-1);
      if (names && isBeforeColon(text, end)) {
        const name = JSON.parse(text.slice(at, end)) as string;
        if (names.has(name)) return true;
        names.add(name);
      }
      at = end - 1;
    }
  }
  return false;
}

/** The index after the quote that closes the string. */
function endOfString(text: string, start: number): number {
  let at = start + 1;
  while (at < text.length && text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
  return at + 1;
}

function isBeforeColon(text: string, end: number): boolean {
  let at = end;
  while (text[at] === ' ' || text[at] === '\n' || text[at] === '\r' || text[at] === '\t') at++;
  return text[at] === ':';
}
