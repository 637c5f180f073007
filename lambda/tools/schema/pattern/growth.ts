import type { Automaton } from './automaton';
import { components } from './components';

/** How the time of a pattern grows with the length of the text at worst. `many`: it does not, but is long from the start. */
export type Growth = 'linear' | 'quadratic' | 'cubic' | 'exponential' | 'many';

/** So many ways to match the same text may lead to one place. An engine that goes back tries them all. */
const MAX_WAYS = 10_000;

/**
 * An engine that goes back takes time for each way in which a part of the text can be matched. The ways grow exponentially where a state has two
 * ways back to itself over one text, and by a power of the length for each pair of states of which the first and the second keep themselves
 * and the first leads to the second, all over one text: A. Weber, H. Seidl, On the degree of ambiguity of finite automata, 1991.
 */
export function growthOf(automaton: Automaton): Growth {
  const { component, cyclic } = components(automaton.next);
  if (isExponential(automaton, component, cyclic)) return 'exponential';
  if (waysOf(automaton) > MAX_WAYS) return 'many';
  const degree = degreeOf(automaton, component, cyclic);
  return degree === 0 ? 'linear' : degree === 1 ? 'quadratic' : 'cubic';
}

function isExponential(automaton: Automaton, component: readonly number[], cyclic: readonly boolean[]): boolean {
  const { next, twice } = automaton;
  const inside = (from: number, to: number): boolean => cyclic[from] === true && component[from] === component[to];
  if (next.some((_, state) => [...twice[state] as ReadonlySet<number>].some((to) => inside(state, to)))) return true;
  return partings(automaton, inside).size > 0;
}

/**
 * Pairs of states that two ways over one text are in between a state where they part and one where they meet, by the key
 * `a * states + b`. Only edges that `allowed` takes are walked.
 */
function partings({ next, together, step }: Automaton, allowed: (from: number, to: number) => boolean): ReadonlySet<number> {
  const count = next.length;
  const before = new Map<number, number[]>();
  const reached = new Set<number>(next.map((_, state) => state * count + state));
  for (const pair of reached) {
    const [a, b] = [Math.floor(pair / count), pair % count];
    for (const toA of next[a] as number[]) {
      if (!allowed(a, toA)) continue;
      for (const toB of next[b] as number[]) {
        step();
        if (!allowed(b, toB) || !together(toA, toB)) continue;
        const to = toA * count + toB;
        reached.add(to);
        before.set(to, [...before.get(to) ?? [], pair]);
      }
    }
  }
  const meeting = new Set<number>(next.map((_, state) => state * count + state));
  for (const pair of meeting) for (const from of before.get(pair) ?? []) meeting.add(from);
  return new Set([...meeting].filter((pair) => Math.floor(pair / count) !== pair % count));
}

/** At most so many ways lead to one state over one text, loops apart: each state where ways part multiplies them. */
function waysOf(automaton: Automaton): number {
  const { next, twice } = automaton;
  const parted = partings(automaton, () => true);
  return next.reduce((ways, targets, state) => {
    const parting = targets.filter((a) => targets.some((b) => parted.has(a * next.length + b))).length;
    const doubled = (twice[state] as ReadonlySet<number>).size;
    return ways * Math.max(1, parting) * 2 ** doubled;
  }, 1);
}

/** The most pairs in a row of which the first leads to the second while both keep themselves. */
function degreeOf(automaton: Automaton, component: readonly number[], cyclic: readonly boolean[]): number {
  const { next } = automaton;
  const loops = next.flatMap((_, state) => (cyclic[state] ? [state] : []));
  const degrees = new Map<number, number>();
  // Components are numbered so that whatever one leads to has a lower number.
  const inOrder = [...loops].sort((a, b) => (component[a] as number) - (component[b] as number));
  const reach = reachableFrom(automaton);
  for (const p of inOrder) {
    let degree = degrees.get(component[p] as number) ?? 0;
    for (const q of loops) {
      if (component[p] === component[q] || !(reach[p] as ReadonlySet<number>).has(q)) continue;
      const beyond = degrees.get(component[q] as number) ?? 0;
      if (beyond + 1 > degree && overlap(automaton, component, p, q)) degree = beyond + 1;
      else degree = Math.max(degree, beyond);
    }
    degrees.set(component[p] as number, degree);
  }
  return Math.max(0, ...degrees.values());
}

function reachableFrom({ next }: Automaton): ReadonlySet<number>[] {
  return next.map((targets) => {
    const reached = new Set(targets);
    for (const state of reached) for (const to of next[state] as number[]) reached.add(to);
    return reached;
  });
}

/** Whether there is a text over which `p` leads to `p`, `p` to `q` and `q` to `q`. */
function overlap({ next, together, step }: Automaton, component: readonly number[], p: number, q: number): boolean {
  const count = next.length;
  const key = (a: number, b: number, c: number): number => (a * count + b) * count + c;
  const goal = key(p, q, q);
  const reached = new Set([key(p, p, q)]);
  for (const triple of reached) {
    const [a, b, c] = [Math.floor(triple / count / count), Math.floor(triple / count) % count, triple % count];
    for (const toA of next[a] as number[]) {
      if (component[toA] !== component[p]) continue;
      for (const toC of next[c] as number[]) {
        if (component[toC] !== component[q] || !together(toA, toC)) continue;
        for (const toB of next[b] as number[]) {
          step();
          if (!together(toA, toB) || !together(toB, toC)) continue;
          if (key(toA, toB, toC) === goal) return true;
          reached.add(key(toA, toB, toC));
        }
      }
    }
  }
  return false;
}
