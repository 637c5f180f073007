import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Told {
  /** The queue's name. */
  readonly queue: string;
  readonly kind: 'batch' | 'start' | 'end';
  readonly records: readonly SqsRecord[];
}

/** A record as a function was given it. */
export interface SqsRecord {
  readonly messageId: string;
  readonly body: string;
  readonly attributes: { readonly [name: string]: string };
  readonly messageAttributes: { readonly [name: string]: { readonly [field: string]: unknown } };
}

/** Functions tell it what they were given. */
export class Recorder {
  readonly told: Told[] = [];
  private readonly server = createServer(async (request, response) => {
    let text = '';
    for await (const chunk of request) text += String(chunk);
    this.told.push(JSON.parse(text) as Told);
    response.end();
  });

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  batches(queue: string): readonly (readonly SqsRecord[])[] {
    return this.told.filter((each) => each.kind === 'batch' && each.queue === queue).map(({ records }) => records);
  }

  /** How many invocations for one queue there were at the same time, at most, and how many have ended. */
  invocations(queue: string): { peak: number; ended: number } {
    let running = 0;
    let peak = 0;
    let ended = 0;
    for (const { kind } of this.told.filter((each) => each.queue === queue)) {
      if (kind === 'start') peak = Math.max(peak, ++running);
      if (kind === 'end') {
        running--;
        ended++;
      }
    }
    return { peak, ended };
  }

  close(): void {
    this.server.close();
    this.server.closeAllConnections();
  }
}
