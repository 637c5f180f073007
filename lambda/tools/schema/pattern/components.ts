export interface Components {
  /** By state: the number of its component. Whatever a component leads to has a lower number. */
  readonly component: readonly number[];
  /** By state: whether it leads back to itself. */
  readonly cyclic: readonly boolean[];
}

/** The strongly connected components of a graph (R. Tarjan, 1972). */
export function components(next: readonly (readonly number[])[]): Components {
  const order: number[] = [];
  const low: number[] = [];
  const component: number[] = [];
  const stack: number[] = [];
  let visited = 0;
  let found = 0;
  const visit = (state: number): void => {
    order[state] = low[state] = visited++;
    stack.push(state);
    for (const to of next[state] as number[]) {
      if (order[to] === undefined) visit(to);
      if (component[to] === undefined) low[state] = Math.min(low[state] as number, low[to] as number);
    }
    if (low[state] !== order[state]) return;
    for (let member: number | undefined; member !== state;) {
      member = stack.pop() as number;
      component[member] = found;
    }
    found++;
  };
  next.forEach((_, state) => {
    if (order[state] === undefined) visit(state);
  });
  const sizes = new Map<number, number>();
  for (const number of component) sizes.set(number, (sizes.get(number) ?? 0) + 1);
  return { component, cyclic: next.map((targets, state) => (sizes.get(component[state] as number) as number) > 1 || targets.includes(state)) };
}
