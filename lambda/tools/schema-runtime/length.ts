/** The length of a text in characters, which is what JSON Schema counts: the two halves of a pair are one. */
export function lengthOf(text: string): number {
  let length = text.length;
  for (let at = 0; at < text.length - 1; at++) {
    if (isHalf(text, at, 0xd800) && isHalf(text, at + 1, 0xdc00)) {
      length--;
      at++;
    }
  }
  return length;
}

const isHalf = (text: string, at: number, first: number): boolean => (text.charCodeAt(at) & 0xfc00) === first;
