import { CLASSES, complement, DOT, property, union, type CharSet } from './char-set';

/** What a pattern matches, as far as its time goes. */
export type Node =
  | { readonly kind: 'chars'; readonly set: CharSet }
  | { readonly kind: 'sequence'; readonly nodes: readonly Node[] }
  | { readonly kind: 'choice'; readonly nodes: readonly Node[] }
  | { readonly kind: 'repeat'; readonly node: Node; readonly min: number; readonly max: number }
  /** Looked for without being taken. */
  | { readonly kind: 'look'; readonly node: Node }
  /** `^` */
  | { readonly kind: 'start' }
  /** What is asked of a place: `$`, `\b`, `\B`. It can only make a match end sooner. */
  | { readonly kind: 'assertion' };

/** A pattern that has something whose time cannot be told. */
export class Undecidable extends Error {}

const CONTROLS: { readonly [letter: string]: number } = { t: 9, n: 10, v: 11, f: 12, r: 13, 0: 0 };

/** Parses a pattern that `new RegExp(source, 'u')` takes. Throws `Undecidable`. */
export function parsePattern(source: string): Node {
  return new Parser(source).disjunction();
}

class Parser {
  private at = 0;

  constructor(private readonly source: string) {}

  disjunction(): Node {
    const nodes = [this.sequence()];
    while (this.take('|')) nodes.push(this.sequence());
    return nodes.length === 1 ? nodes[0] as Node : { kind: 'choice', nodes };
  }

  private sequence(): Node {
    const nodes: Node[] = [];
    while (this.at < this.source.length && !this.sees('|') && !this.sees(')')) nodes.push(this.quantified(this.atom()));
    return { kind: 'sequence', nodes };
  }

  private atom(): Node {
    if (this.take('^')) return { kind: 'start' };
    if (this.take('$')) return { kind: 'assertion' };
    if (this.take('.')) return { kind: 'chars', set: DOT };
    if (this.take('(')) return this.group();
    if (this.take('[')) return { kind: 'chars', set: this.characterClass() };
    if (this.take('\\b') || this.take('\\B')) return { kind: 'assertion' };
    if (/^\\(?:[1-9]|k<)/.test(this.source.slice(this.at, this.at + 3))) {
      throw new Undecidable('it refers back to what a group has matched');
    }
    return { kind: 'chars', set: this.character() };
  }

  private group(): Node {
    if (this.take('?=') || this.take('?!')) return { kind: 'look', node: this.closed() };
    if (this.take('?<=') || this.take('?<!')) {
      if (isBounded(this.closed())) return { kind: 'assertion' };
      throw new Undecidable('it looks back without an end');
    }
    if (!this.take('?:') && this.take('?')) {
      const name = /^<[^>]+>/.exec(this.source.slice(this.at))?.[0];
      if (name === undefined) throw new Undecidable('a group has flags of its own');
      this.at += name.length;
    }
    return this.closed();
  }

  private closed(): Node {
    const node = this.disjunction();
    this.take(')');
    return node;
  }

  private quantified(node: Node): Node {
    const [text, simple, low, comma, high] = /^(?:([*+?])|\{(\d+)(,(\d*))?\})\??/.exec(this.source.slice(this.at)) ?? [];
    if (text === undefined) return node;
    this.at += text.length;
    if (simple !== undefined) return { kind: 'repeat', node, min: simple === '+' ? 1 : 0, max: simple === '?' ? 1 : Infinity };
    const min = Number(low);
    return { kind: 'repeat', node, min, max: comma === undefined ? min : high === '' ? Infinity : Number(high) };
  }

  private characterClass(): CharSet {
    const negated = this.take('^');
    const sets: CharSet[] = [];
    while (!this.take(']')) {
      const from = this.character();
      const next = this.source[this.at + 1];
      if (this.sees('-') && next !== ']' && next !== undefined) {
        this.at++;
        const to = this.character();
        sets.push([[from[0]?.[0] as number, to[0]?.[0] as number]]);
      } else {
        sets.push(from);
      }
    }
    const set = union(...sets);
    return negated ? complement(set) : set;
  }

  /** One character, or a class by its escape. */
  private character(): CharSet {
    if (!this.take('\\')) return this.point(this.next());
    const letter = this.next();
    const set = CLASSES[letter];
    if (set) return set;
    if (letter === 'p' || letter === 'P') return property(`\\${letter}${this.match(/^\{[^}]*\}/)}`);
    if (letter === 'b') return this.point('\b');
    if (letter === 'c') return [[this.next().charCodeAt(0) % 32, this.source.charCodeAt(this.at - 1) % 32]];
    if (letter === 'x') return this.code(this.match(/^[0-9a-fA-F]{2}/));
    if (letter === 'u') return this.unicode();
    const control = CONTROLS[letter];
    return control === undefined ? this.point(letter) : [[control, control]];
  }

  /** `\u{1f600}`, `\u00e9`, or the two halves of a pair. */
  private unicode(): CharSet {
    const braced = /^\{([0-9a-fA-F]+)\}/.exec(this.source.slice(this.at));
    if (braced) {
      this.at += braced[0].length;
      return this.code(braced[1] as string);
    }
    const first = this.match(/^[0-9a-fA-F]{4}/);
    const second = /^\\u([dD][c-fC-F][0-9a-fA-F]{2})/.exec(this.source.slice(this.at));
    if (!second || !/^[dD][89abAB]/.test(first)) return this.code(first);
    this.at += second[0].length;
    return this.point(String.fromCharCode(parseInt(first, 16), parseInt(second[1] as string, 16)));
  }

  private code(hex: string): CharSet {
    const value = parseInt(hex, 16);
    return [[value, value]];
  }

  private point(character: string): CharSet {
    const value = character.codePointAt(0) as number;
    return [[value, value]];
  }

  private next(): string {
    const character = String.fromCodePoint(this.source.codePointAt(this.at) as number);
    this.at += character.length;
    return character;
  }

  private match(pattern: RegExp): string {
    const [text = ''] = pattern.exec(this.source.slice(this.at)) ?? [];
    this.at += text.length;
    return text;
  }

  private sees(text: string): boolean {
    return this.source.startsWith(text, this.at);
  }

  private take(text: string): boolean {
    if (!this.sees(text)) return false;
    this.at += text.length;
    return true;
  }
}

function isBounded(node: Node): boolean {
  switch (node.kind) {
    case 'repeat': return node.max <= 8 && isBounded(node.node);
    case 'sequence': case 'choice': return node.nodes.every(isBounded);
    case 'look': return false;
    default: return true;
  }
}
