import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Clock, ManualClock } from './clock';
import { BodyTooLargeError, foreignRequest, listen, readBody } from './loopback';

/** Ten years, far above any time that the product waits for. */
const MAX_ADVANCE_SECONDS = 315_576_000;
const MAX_BODY_BYTES = 1024;

interface Answer {
  readonly status: number;
  readonly body: { readonly [name: string]: unknown };
}

/** Where a person or a test moves the clock of a local run. */
export class ControlServer {
  private readonly server = createServer((request, response) => void this.handle(request, response));
  private port = 0;

  constructor(private readonly clock: Clock) {}

  get origin(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  async listen(port: number): Promise<void> {
    this.port = await listen(this.server, port, 'the clock');
  }

  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.server.close(resolve));
    this.server.closeAllConnections();
    await closed;
  }

  private async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { status, body } = await this.answer(request).catch(failure);
    if (response.destroyed) return;
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(JSON.stringify(body));
    if (!request.complete) response.once('finish', () => request.destroy());
  }

  private async answer(request: IncomingMessage): Promise<Answer> {
    const foreign = foreignRequest(request, this.port);
    if (foreign) return refused(403, foreign);
    if (request.url?.split('?')[0] !== '/clock') return refused(404, 'there is only /clock here');
    if (request.method === 'GET') return { status: 200, body: this.tell() };
    if (request.method === 'POST') return this.move(request);
    return refused(405, `${request.method} is neither GET nor POST`);
  }

  private tell(): Answer['body'] {
    const { mode, due } = this.clock;
    return { mode, now: iso(this.clock.now()), due, nextDueAt: nextDueAt(this.clock) };
  }

  private async move(request: IncomingMessage): Promise<Answer> {
    // A page of another origin cannot send this content type without being asked for permission first.
    if (!/^application\/json\s*(;|$)/i.test(request.headers['content-type'] ?? '')) return refused(415, 'the content type must be application/json');
    const seconds = advanceSeconds(await readBody(request, MAX_BODY_BYTES));
    if (typeof seconds === 'string') return refused(400, seconds);
    if (this.clock.mode !== 'manual') return refused(409, 'this run is on the real clock, which cannot be moved: start it with --clock manual');
    const ran = await (this.clock as ManualClock).advance(Math.round(seconds * 1000));
    return { status: 200, body: { now: iso(this.clock.now()), ran, nextDueAt: nextDueAt(this.clock) } };
  }
}

/** The number of seconds, or what is wrong with it. */
function advanceSeconds(body: Buffer): number | string {
  let value: unknown;
  try {
    value = (JSON.parse(body.toString('utf8')) as { advanceSeconds?: unknown } | null)?.advanceSeconds;
  } catch {
    return 'the body is not JSON: give {"advanceSeconds": N}';
  }
  if (typeof value === 'number' && value >= 0 && value <= MAX_ADVANCE_SECONDS) return value;
  return `advanceSeconds must be a number from 0 to ${MAX_ADVANCE_SECONDS}, not ${JSON.stringify(value)}`;
}

function failure(error: unknown): Answer {
  if (error instanceof BodyTooLargeError) return refused(413, error.message);
  return refused(500, error instanceof Error ? error.message : String(error));
}

function refused(status: number, error: string): Answer {
  return { status, body: { error } };
}

function nextDueAt(clock: Clock): string | null {
  return clock.nextDueAt === null ? null : iso(clock.nextDueAt);
}

function iso(time: number): string {
  return new Date(time).toISOString();
}
