import { FilterError } from './filter-error';

/**
 * `*` stands for any run of characters. `\*` is an asterisk and `\\` a backslash; nothing else may be escaped, and two asterisks in a
 * row are an error, as in EventBridge.
 */
export function compileWildcard(pattern: string, path: string): (text: string) => boolean {
  return inOrder(pieces(pattern, path));
}

/** Whether a text is these pieces with anything between them. Searches for one after the other, so that no text can make it slow. */
export function inOrder([first = '', ...others]: readonly string[]): (text: string) => boolean {
  const last = others.pop();
  if (last === undefined) return (text) => text === first;
  const least = first.length + last.length + others.reduce((sum, piece) => sum + piece.length, 0);
  return (text) => {
    if (text.length < least || !text.startsWith(first) || !text.endsWith(last)) return false;
    const end = text.length - last.length;
    let from = first.length;
    for (const piece of others) {
      const at = text.indexOf(piece, from);
      if (at < 0 || at + piece.length > end) return false;
      from = at + piece.length;
    }
    return true;
  };
}

/** What stands between the asterisks. */
function pieces(pattern: string, path: string): string[] {
  const found = [''];
  let starred = false;
  for (let i = 0; i < pattern.length; i++) {
    const character = pattern[i] as string;
    if (character === '*') {
      if (starred) throw new FilterError(path, `has the wildcard ${JSON.stringify(pattern)} with two asterisks in a row: one stands for any run of characters`);
      found.push('');
      starred = true;
      continue;
    }
    starred = false;
    found[found.length - 1] += character === '\\' ? escaped(pattern, ++i, path) : character;
  }
  return found;
}

function escaped(pattern: string, index: number, path: string): string {
  const character = pattern[index];
  if (character === '*' || character === '\\') return character;
  throw new FilterError(path, `has the wildcard ${JSON.stringify(pattern)} with a backslash before ${JSON.stringify(character ?? '')}: only "\\*" and "\\\\" may be escaped`);
}
