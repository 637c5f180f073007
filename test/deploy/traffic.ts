import { event } from './checks';
import type { Deployment } from './deployment';

/** So many senders post at once, each its next event when the last was answered. */
const SENDERS = 2;

/** Webhooks that go on coming until they are told to stop. */
export class Traffic {
  private readonly accepted: Buffer[] = [];
  private refused = 0;
  private stopped = false;
  private readonly senders: Promise<void[]>;

  constructor(private readonly deployment: Deployment, private readonly source: string) {
    this.senders = Promise.all(Array.from({ length: SENDERS }, () => this.sendOn()));
  }

  /** What was answered 2xx, and how many were not. */
  async stop(): Promise<{ accepted: readonly Buffer[]; refused: number }> {
    this.stopped = true;
    await this.senders;
    return { accepted: this.accepted, refused: this.refused };
  }

  private async sendOn(): Promise<void> {
    const secret = await this.deployment.sourceSecret(this.source);
    while (!this.stopped) {
      const body = event();
      // Whoever gets no answer has none that is 2xx.
      const status = await this.deployment.send(this.source, body, { secret }).then((reply) => reply.status, () => 0);
      if (status >= 200 && status <= 299) this.accepted.push(body);
      else this.refused++;
    }
  }
}
