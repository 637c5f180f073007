import { overlap, type Path, pathText } from './path';
import type { Scope } from './scope';
import { Tokens } from './tokens';

/** Reads a ProjectionExpression: the paths that an answer has, of which none leads into another. */
export function parseProjection(text: string, scope: Scope): Path[] {
  const tokens = new Tokens('ProjectionExpression', text, scope);
  const paths = tokens.list(() => tokens.path());
  tokens.end();
  for (const [i, path] of paths.entries()) {
    const other = paths.slice(0, i).find((earlier) => overlap(earlier, path));
    if (other) {
      throw tokens.error(`Two document paths overlap with each other; must remove or rewrite one of these paths; path one: ${pathText(other)}, `
        + `path two: ${pathText(path)}`);
    }
  }
  return paths;
}
