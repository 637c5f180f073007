import type { AttributeValue, Item } from '../value';

/** Names of attributes and of map entries, and indexes of lists. The first is an attribute's name. */
export type Path = readonly [string, ...Step[]];
type Step = string | number;
/** What is left of a path. */
type Rest = readonly Step[];

/** A name of an item that it has itself: `constructor` is none that every item has. */
export function attribute(item: Item, name: string): AttributeValue | undefined {
  return Object.hasOwn(item, name) ? item[name] : undefined;
}

export function valueAt(item: Item, path: Path): AttributeValue | undefined {
  let value = attribute(item, path[0]);
  for (let i = 1; value && i < path.length; i++) value = partOf(value, path[i]!);
  return value;
}

function partOf(value: AttributeValue, step: Step): AttributeValue | undefined {
  if (typeof step === 'number') return value.L?.[step];
  return value.M && attribute(value.M, step);
}

/** Undefined where the path leads nowhere: only its last step may be new. */
export function withValueAt(item: Item, path: Rest, value: AttributeValue): Item | undefined {
  return changed({ M: item }, path, () => value)?.M;
}

/** What is not there is no matter. */
export function withoutValueAt(item: Item, path: Rest): Item | undefined {
  return changed({ M: item }, path, () => undefined)?.M;
}

/** The same value with another at a path: what leads there is copied, all else is shared. */
function changed(value: AttributeValue | undefined, path: Rest, last: () => AttributeValue | undefined): AttributeValue | undefined {
  const [step, ...more] = path;
  if (step === undefined) return last();
  if (typeof step === 'number' ? !value?.L : !value?.M) return undefined;
  const part = partOf(value!, step);
  const next = more.length === 0 ? last() : changed(part, more, last);
  if (more.length > 0 && next === undefined) return undefined;
  return typeof step === 'number' ? { L: listWith(value!.L!, step, next) } : { M: mapWith(value!.M!, step, next) };
}

/** Past the end is at the end. */
function listWith(list: AttributeValue[], index: number, value: AttributeValue | undefined): AttributeValue[] {
  if (value === undefined) return list.filter((_, i) => i !== index);
  return index < list.length ? list.with(index, value) : [...list, value];
}

function mapWith(map: Item, name: string, value: AttributeValue | undefined): Item {
  if (value !== undefined) return { ...map, [name]: value };
  const { [name]: _gone, ...rest } = map;
  return rest;
}

/** Whether one is the other or leads to a part of it. */
export function overlap(a: Path, b: Path): boolean {
  const length = Math.min(a.length, b.length);
  return a.slice(0, length).every((step, i) => step === b[i]);
}

export function pathText(path: Path): string {
  return `[${path.map((step) => (typeof step === 'number' ? `[${step}]` : step)).join(', ')}]`;
}

/** The parts of an item that paths lead to. Members of a list close ranks. */
export function pick(item: Item, paths: readonly Path[]): Item {
  return pickParts(item, paths);
}

function pickParts(item: Item, paths: readonly Rest[]): Item {
  const picked: [string, AttributeValue][] = [];
  for (const [name, rests] of byFirstStep(paths)) {
    const value = attribute(item, String(name));
    const part = value && pickFrom(value, rests);
    if (part) picked.push([String(name), part]);
  }
  return Object.fromEntries(picked);
}

function pickFrom(value: AttributeValue, rests: readonly Rest[]): AttributeValue | undefined {
  if (rests.some((rest) => rest.length === 0)) return value;
  if (value.M) {
    const part = pickParts(value.M, rests);
    return Object.keys(part).length > 0 ? { M: part } : undefined;
  }
  if (!value.L) return undefined;
  const list = [...byFirstStep(rests)].sort(([a], [b]) => Number(a) - Number(b)).flatMap(([index, more]) => {
    const member = typeof index === 'number' ? value.L![index] : undefined;
    return (member && pickFrom(member, more)) ?? [];
  });
  return list.length > 0 ? { L: list } : undefined;
}

function byFirstStep(paths: readonly Rest[]): Map<Step, Rest[]> {
  const steps = new Map<Step, Rest[]>();
  for (const [first, ...rest] of paths) if (first !== undefined) steps.set(first, [...steps.get(first) ?? [], rest]);
  return steps;
}
