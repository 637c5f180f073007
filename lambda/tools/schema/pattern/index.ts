import { buildAutomaton } from './automaton';
import { growthOf, type Growth } from './growth';
import { parsePattern, Undecidable, type Node } from './parse';

export { Undecidable };
export type { Growth };

/** How the time to search a text for a pattern grows with the text. Throws `Undecidable`. */
export function searchGrowth(source: string): Growth {
  return growthOf(buildAutomaton(withoutTail(parsePattern(source))));
}

/**
 * Without the repetitions of single characters at its end: whether there is a match does not depend on how far it goes, and the engine
 * takes each of their characters once.
 */
function withoutTail(node: Node): Node {
  switch (node.kind) {
    case 'choice': return { kind: 'choice', nodes: node.nodes.map(withoutTail) };
    case 'repeat': return node.node.kind === 'chars' ? { ...node, max: node.min } : node;
    case 'sequence': {
      const last = node.nodes.at(-1);
      if (!last) return node;
      const before: Node = { kind: 'sequence', nodes: node.nodes.slice(0, -1) };
      if (last.kind === 'repeat' && last.node.kind === 'chars' && last.min === 0) return withoutTail(before);
      return { kind: 'sequence', nodes: [...before.nodes, withoutTail(last)] };
    }
    default: return node;
  }
}
