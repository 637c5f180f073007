import { ANY, intersects, type CharSet } from './char-set';
import { Undecidable, type Node } from './parse';

/** Which characters may follow which in a pattern: a state is a character of the pattern that was just matched. State 0 is the start. */
export interface Automaton {
  readonly sets: readonly CharSet[];
  /** By state: the states that may come next. */
  readonly next: readonly (readonly number[])[];
  /** By state: next states that the engine gets to in two ways without taking a character in between. */
  readonly twice: readonly ReadonlySet<number>[];
  /** Whether two states can take the same character. */
  readonly together: (a: number, b: number) => boolean;
  /** Counts a step of whoever reads it. Throws where the pattern asks for too many. */
  readonly step: () => void;
}

const MAX_STATES = 600;
const MAX_PLACES = 5_000;
const MAX_STEPS = 5_000_000;

/**
 * Repetitions are written out up to here. More of them are taken for any number, in which every way of the written out ones is a way too.
 */
const MAX_COPIES = { character: 64, group: 8 };

function copiesOf(node: Node): number {
  // Of rounds that may take nothing, the engine tries each as the one that does, and a loop would hide that.
  if (canBeEmpty(node)) return Infinity;
  return node.kind === 'chars' ? MAX_COPIES.character : MAX_COPIES.group;
}

function canBeEmpty(node: Node): boolean {
  switch (node.kind) {
    case 'chars': return false;
    case 'choice': return node.nodes.some(canBeEmpty);
    case 'sequence': return node.nodes.every(canBeEmpty);
    case 'repeat': return node.min === 0 || canBeEmpty(node.node);
    default: return true;
  }
}

/** With a state of its own for "not yet begun", unless the pattern begins with `^`: a search begins at each character. */
export function buildAutomaton(node: Node): Automaton {
  return new Builder().build(node);
}

class Builder {
  private readonly sets: CharSet[] = [];
  /** By place: the places that are reached without a character. */
  private readonly empty: number[][] = [];
  /** By place: the state that takes a character there. */
  private readonly takes: (number | undefined)[] = [];
  /** By state: the place after its character. */
  private readonly after: number[] = [];
  private steps = 0;

  build(node: Node): Automaton {
    const start = this.place();
    this.after.push(start);
    this.sets.push([]);
    this.add(node, beginsWithStart(node) ? start : this.loop({ kind: 'chars', set: ANY }, start, 0));
    const follow = this.after.map((place) => this.follow(place));
    const together = this.sets.map((a) => this.sets.map((b) => intersects(a, b)));
    return {
      sets: this.sets,
      next: follow.map((counts) => [...counts.keys()]),
      twice: follow.map((counts) => new Set([...counts].flatMap(([state, count]) => (count > 1 ? [state] : [])))),
      together: (a, b) => together[a]?.[b] as boolean,
      step: () => this.step(),
    };
  }

  /** Adds what a node matches after a place. Returns the place after it. */
  private add(node: Node, from: number): number {
    switch (node.kind) {
      case 'chars': return this.character(node.set, from);
      case 'sequence': return node.nodes.reduce((place, part) => this.add(part, place), from);
      case 'choice': return this.join(node.nodes.map((part) => this.add(part, this.place(from))));
      case 'repeat': return this.repeat(node.node, node.min, node.max, from);
      case 'look':
        // What is looked for is matched on the side, and what follows begins at the same place.
        this.add(node.node, this.place(from));
        return from;
      default: return from;
    }
  }

  private character(set: CharSet, from: number): number {
    if (this.sets.length >= MAX_STATES) throw new Undecidable(`it has more than ${MAX_STATES} characters, repetitions written out`);
    const [before, after] = [this.place(from), this.place()];
    this.takes[before] = this.sets.length;
    this.sets.push(set);
    this.after.push(after);
    return after;
  }

  private repeat(node: Node, min: number, max: number, from: number): number {
    const copies = copiesOf(node);
    const [least, most] = [min > copies ? 1 : min, max > copies ? Infinity : max];
    let place = from;
    const certain = most === Infinity ? least - 1 : least;
    for (let i = 0; i < certain; i++) place = this.copy(node, place);
    if (most === Infinity) return this.loop(node, place, Math.min(least, 1));
    const ends = [place];
    for (let i = least; i < most; i++) ends.push(place = this.copy(node, this.place(place)));
    return this.join(ends);
  }

  private copy(node: Node, from: number): number {
    this.step();
    return this.add(node, from);
  }

  /** A round begins at another place than the loop, so that a round that took nothing is not mistaken for none. */
  private loop(node: Node, from: number, min: number): number {
    const round = this.place(from);
    const end = this.add(node, round);
    const again = this.place(end);
    (this.empty[again] as number[]).push(round);
    return this.join(min === 0 ? [again, from] : [again]);
  }

  private join(places: readonly number[]): number {
    const joined = this.place();
    for (const place of places) (this.empty[place] as number[]).push(joined);
    return joined;
  }

  private place(from?: number): number {
    const place = this.empty.push([]) - 1;
    if (place >= MAX_PLACES) throw new Undecidable('it is too long, repetitions written out');
    if (from !== undefined) (this.empty[from] as number[]).push(place);
    return place;
  }

  /** The states that may take the next character after a place, and in how many ways each is reached: one, or more. */
  private follow(from: number): Map<number, number> {
    const counts = new Map<number, number>();
    const path = new Set<number>();
    const visit = (place: number): void => {
      this.step();
      if (path.has(place)) return;
      path.add(place);
      const state = this.takes[place];
      if (state !== undefined) counts.set(state, (counts.get(state) ?? 0) + 1);
      for (const next of this.empty[place] as number[]) visit(next);
      path.delete(place);
    };
    visit(from);
    return counts;
  }

  private step(): void {
    if (++this.steps > MAX_STEPS) throw new Undecidable(`its time cannot be told in ${MAX_STEPS} steps`);
  }
}

/** Whether no match begins anywhere but at the start of the text. */
function beginsWithStart(node: Node): boolean {
  switch (node.kind) {
    case 'start': return true;
    case 'choice': return node.nodes.every(beginsWithStart);
    case 'repeat': return node.min > 0 && beginsWithStart(node.node);
    case 'sequence': {
      const first = node.nodes.find(({ kind }) => kind !== 'assertion' && kind !== 'look');
      return first !== undefined && beginsWithStart(first);
    }
    default: return false;
  }
}
