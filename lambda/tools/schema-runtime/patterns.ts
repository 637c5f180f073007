import { checkTime, MAX_QUADRATIC_TEXT, TooMuch } from './effort';

export type MakePattern = (source: string, flags: string) => Pick<RegExp, 'test'>;

/**
 * Makes the patterns of a schema.
 *
 * @param quadratic those whose time grows with the square of the text: they are asked of short texts only
 */
export function createPatterns(quadratic: readonly string[]): MakePattern {
  return (source, flags) => {
    const pattern = new RegExp(source, flags);
    const square = quadratic.includes(source);
    const limit = square ? MAX_QUADRATIC_TEXT : Infinity;
    return {
      test(text) {
        // Neither yes nor no: a `not` around the pattern would turn a no into a yes.
        if (text.length > limit) throw new TooMuch(`a text of ${text.length} characters is too long for the pattern ${JSON.stringify(source)}, which takes ${limit}`);
        checkTime(square ? text.length ** 2 : text.length);
        return pattern.test(text);
      },
    };
  };
}
