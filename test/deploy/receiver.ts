import { createServer as createHttpServer, type IncomingHttpHeaders, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { isIPv6, type AddressInfo } from 'node:net';

export interface Arrival {
  readonly target: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  /** What it was answered. */
  readonly status: number;
  /** Milliseconds since 1970, on the deployment's clock. */
  readonly time: number;
}

export interface ReceiverOptions {
  /** An address of this machine. */
  readonly host: string;
  /** Absent: plain HTTP. */
  readonly tls?: { readonly key: string; readonly cert: string };
  readonly now: () => number;
}

export interface Answer {
  readonly status: number;
  readonly headers?: { readonly [name: string]: string };
}

/** What is behind every target: keeps what arrives, and answers 200 unless it was told otherwise for that body or that target. */
export class Receiver {
  /** All that was sent, also what was refused. */
  readonly arrivals: Arrival[] = [];
  private readonly always = new Map<string, Answer>();
  private readonly answers = new Map<string, number[]>();

  private constructor(private readonly server: Server, private readonly origin: string, private readonly now: () => number) {
    server.on('request', (request, response) => void this.take(request, response));
  }

  static async listen({ host, tls, now }: ReceiverOptions): Promise<Receiver> {
    const server = tls ? createHttpsServer(tls) : createHttpServer();
    await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, host, resolve));
    return new Receiver(server, `${tls ? 'https' : 'http'}://${isIPv6(host) ? `[${host}]` : host}:${(server.address() as AddressInfo).port}`, now);
  }

  url(target: string): string {
    return `${this.origin}/${target}`;
  }

  /** What has arrived of one event, in order. */
  of(target: string, body: Buffer): Arrival[] {
    return this.arrivals.filter((arrival) => arrival.target === target && arrival.body.equals(body));
  }

  /** The statuses of the next answers to one event at one target. */
  answer(target: string, body: Buffer, ...statuses: number[]): void {
    this.answers.set(key(target, body), statuses);
  }

  /** What a target answers from now on to what has no answer of its own; 200 again without one. */
  answerAll(target: string, answer: Answer = { status: 200 }): void {
    this.always.set(target, answer);
  }

  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.server.close(resolve));
    this.server.closeAllConnections();
    await closed;
  }

  private async take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks);
    const target = (request.url as string).slice(1);
    const once = this.answers.get(key(target, body))?.shift();
    const { status, headers } = once === undefined ? this.always.get(target) ?? { status: 200 } : { status: once };
    this.arrivals.push({ target, headers: request.headers, body, status, time: this.now() });
    response.writeHead(status, headers).end();
  }
}

function key(target: string, body: Buffer): string {
  return `${target} ${body.toString('base64')}`;
}
