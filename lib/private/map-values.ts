/** An object of what becomes of a map's values. What becomes undefined is left out. */
export function mapValues<T, U>(map: Map<string, T>, change: (value: T) => U | undefined): { [name: string]: U } {
  return Object.fromEntries([...map].flatMap(([name, value]) => {
    const changed = change(value);
    return changed === undefined ? [] : [[name, changed]];
  }));
}
