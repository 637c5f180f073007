import { createServer, type IncomingHttpHeaders, type OutgoingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Webhook } from 'standardwebhooks';

export interface Arrival {
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** A target on loopback that keeps what arrives and answers as it is told. */
export class Receiver {
  readonly arrivals: Arrival[] = [];
  /** Statuses of the next answers; 200 when there is none. */
  statuses: number[] = [];
  /** The status of every answer, before `statuses`. */
  always: number | undefined;
  /** Headers of every answer. */
  answers: OutgoingHttpHeaders = {};
  private readonly server: Server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      this.arrivals.push({ headers: request.headers, body: Buffer.concat(chunks) });
      response.writeHead(this.always ?? this.statuses.shift() ?? 200, this.answers);
      response.end();
    });
  });

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/hooks`;
  }

  reset(): void {
    this.arrivals.length = 0;
    this.statuses = [];
    this.always = undefined;
    this.answers = {};
  }

  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.server.close(resolve));
    this.server.closeAllConnections();
    await closed;
  }
}

/** The official library's verdict on an arrival, at this time of the run; throws when it does not verify. */
export function verifyArrival({ headers, body }: Arrival, secret: string, time: number): void {
  const clock = jest.spyOn(Date, 'now').mockReturnValue(time);
  try {
    new Webhook(secret).verify(body, headers as { [name: string]: string });
  } finally {
    clock.mockRestore();
  }
}
