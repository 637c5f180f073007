import type http from 'node:http';
import type https from 'node:https';

/** One request over a connection that is kept for the next one. */
export interface Exchange {
  readonly url: URL;
  readonly method: 'GET' | 'POST';
  readonly headers: { readonly [name: string]: string };
  readonly body?: Uint8Array;
  /** The deadline. It covers everything: name lookup, connect, handshake, sending and the response. */
  readonly signal: AbortSignal;
  /** The connection is closed once so much of the response's body was read. */
  readonly maxResponseBytes: number;
  /** How long to wait for the response's body after its status. Absent: until the deadline. */
  readonly drainMs?: number;
}

export interface Exchanged {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: Buffer;
  /** False where the body was cut by its size, the deadline or the other side. */
  readonly complete: boolean;
}

/** No status line came. `code` is Node's, e.g. `ECONNREFUSED`; `ABORT_ERR` means that the deadline passed. */
export class ConnectionError extends Error {
  override readonly name = 'ConnectionError';

  constructor(readonly code: string, readonly syscall: string | undefined, readonly stale: boolean) {
    super(`no response (${code})`);
  }
}

/** A connection that was idle may have died unseen, for one while the function was frozen. These are the ways to find out. */
const DEAD_SOCKET_CODES = new Set(['ECONNRESET', 'EPIPE']);

/**
 * Keep-alive connections to HTTP and HTTPS servers. Redirects are not followed, bodies not decompressed and proxy variables
 * not read, because node:http does none of that.
 */
export class Connections {
  readonly #options: http.AgentOptions;
  readonly #agents = new Map<string, http.Agent>();

  constructor(options: http.AgentOptions) {
    this.#options = options;
  }

  /** Resolves once the status is known and the body was read, cut or given up; rejects with `ConnectionError` without a status. */
  async exchange(exchange: Exchange): Promise<Exchanged> {
    try {
      return await this.#attempt(exchange);
    } catch (error) {
      if (!(error instanceof ConnectionError && error.stale)) throw error;
      // The others have been idle for as long.
      this.dropIdle();
      return this.#attempt(exchange);
    }
  }

  /** Closes the connections that carry nothing. */
  dropIdle(): void {
    for (const agent of this.#agents.values()) {
      for (const sockets of Object.values(agent.freeSockets)) for (const socket of sockets ?? []) socket.destroy();
    }
  }

  #attempt({ url, method, headers, body, signal, maxResponseBytes, drainMs }: Exchange): Promise<Exchanged> {
    return new Promise((resolve, reject) => {
      if (signal.aborted) return reject(new ConnectionError('ABORT_ERR', undefined, false));
      const module = moduleFor(url.protocol);
      const request = module.request(url, { method, headers, agent: this.#agentFor(url.protocol, module), rejectUnauthorized: true });
      const abort = (): void => void request.destroy();
      const settled = (): void => signal.removeEventListener('abort', abort);
      signal.addEventListener('abort', abort);

      let bytesBefore = 0;
      request.once('socket', (socket) => { bytesBefore = socket.bytesRead; });
      request.once('response', (response) => readResponse(request, response, { maxResponseBytes, drainMs }, (exchanged) => {
        settled();
        resolve(exchanged);
      }));
      // Stays on after a response: an error that comes late must not become an uncaught one.
      request.on('error', (error: NodeJS.ErrnoException) => {
        settled();
        const code = signal.aborted ? 'ABORT_ERR' : error.code ?? error.name;
        const silent = (request.socket?.bytesRead ?? 0) === bytesBefore;
        reject(new ConnectionError(code, error.syscall, request.reusedSocket && silent && DEAD_SOCKET_CODES.has(code)));
      });
      request.end(body);
    });
  }

  #agentFor(protocol: string, module: typeof http | typeof https): http.Agent {
    let agent = this.#agents.get(protocol);
    if (!agent) this.#agents.set(protocol, agent = new module.Agent({ keepAlive: true, ...this.#options }));
    return agent;
  }
}

/** `import 'node:http'` loads undici on Node 22 and later: 30 ms of CPU at every cold start. This way in does not. */
function moduleFor(protocol: string): typeof http | typeof https {
  return process.getBuiltinModule(protocol === 'https:' ? 'node:https' : 'node:http');
}

function readResponse(
  request: http.ClientRequest,
  response: http.IncomingMessage,
  { maxResponseBytes, drainMs }: Pick<Exchange, 'maxResponseBytes' | 'drainMs'>,
  done: (exchanged: Exchanged) => void,
): void {
  const chunks: Buffer[] = [];
  let size = 0;
  let finished = false;
  const patience = drainMs === undefined ? undefined : setTimeout(() => request.destroy(), drainMs);
  const finish = (complete: boolean): void => {
    if (finished) return;
    finished = true;
    clearTimeout(patience);
    const body = Buffer.concat(chunks).subarray(0, maxResponseBytes);
    done({ status: response.statusCode ?? 0, headers: response.headers, body, complete });
  };
  response.on('data', (chunk: Buffer) => {
    chunks.push(chunk);
    size += chunk.length;
    if (size > maxResponseBytes) request.destroy();
  });
  response.once('end', () => finish(true));
  response.on('error', () => undefined);
  response.once('close', () => finish(false));
}
