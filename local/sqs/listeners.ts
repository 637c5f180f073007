/** Listeners that are called once per turn of the event loop, however often something happens in it, and never synchronously. */
export class Listeners {
  private readonly listeners = new Set<() => void>();
  private called = false;

  /** Returns what ends it. */
  add(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => {
      this.listeners.delete(listener);
    };
  }

  call(): void {
    if (this.called || this.listeners.size === 0) return;
    this.called = true;
    queueMicrotask(() => {
      this.called = false;
      for (const listener of [...this.listeners]) if (this.listeners.has(listener)) listener();
    });
  }
}
