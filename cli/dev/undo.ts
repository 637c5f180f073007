/** What a run has started and must end, the last one first. */
export class Undo {
  private readonly steps: (() => unknown)[] = [];

  add(step: () => unknown): void {
    this.steps.unshift(step);
  }

  /** Carries out every step, also after one that failed. Gives up waiting after `patienceMs`: the process is about to end anyway. */
  async all(patienceMs: number): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const patience = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, patienceMs);
    });
    await Promise.race([this.inTurn(), patience]);
    clearTimeout(timer);
  }

  private async inTurn(): Promise<void> {
    for (const step of this.steps.splice(0)) {
      try {
        await step();
      } catch (error) {
        process.stderr.write(`cdk-webhooks: while ending the run: ${(error as Error).message}\n`);
      }
    }
  }
}
