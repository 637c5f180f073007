/** Does a thing for each of the items, for so many of them at a time. */
export async function eachAtMost<Item>(items: readonly Item[], atATime: number, act: (item: Item) => Promise<void>): Promise<void> {
  const left = items.values();
  await Promise.all(Array.from({ length: Math.min(atATime, items.length) }, async () => {
    for (const item of left) await act(item);
  }));
}
