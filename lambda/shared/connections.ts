import type http from 'node:http';
import type https from 'node:https';
import type { Socket } from 'node:net';
import type { EgressGuard } from './egress-guard';
import { KeptSockets } from './kept-agent';

/** One request over a connection that is kept for the next one. */
export interface Exchange {
  readonly url: URL;
  readonly method: 'GET' | 'POST' | 'PUT';
  /** By name, or as names and values in turn with `host` among them, which costs half as much. */
  readonly headers: { readonly [name: string]: string } | readonly string[];
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

  constructor(readonly code: string, readonly syscall: string | undefined, readonly stale: boolean, cause?: unknown) {
    super(`no response (${code})`, { cause });
  }
}

/** A connection that was idle may have died unseen, for one while the function was frozen. These are the ways to find out. */
const DEAD_SOCKET_CODES = new Set(['ECONNRESET', 'EPIPE']);

/** What all connections have in common. */
export interface ConnectionOptions {
  readonly maxSockets?: number;
  /** A connection that carries nothing for so long is closed, in milliseconds. */
  readonly timeout?: number;
  /** What a client shows in a TLS handshake, PEM. */
  readonly cert?: string;
  readonly key?: string;
}

/** Makes what checks the connections of one protocol. */
export type GuardFor = (protocol: string) => EgressGuard;

/**
 * Keep-alive connections to HTTP and HTTPS servers. Redirects are not followed, bodies not decompressed and proxy variables
 * not read, because node:http with an agent of one's own does none of that.
 */
export class Connections {
  readonly #options: ConnectionOptions;
  readonly #guardFor: GuardFor | undefined;
  readonly #routes = new Map<string, Route>();

  /** Without a guard every address is reached: AWS services may be at private addresses. */
  constructor(options: ConnectionOptions, guardFor?: GuardFor) {
    this.#options = options;
    this.#guardFor = guardFor;
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
    for (const { sockets } of this.#routes.values()) sockets.drop();
  }

  #attempt({ url, method, headers, body, signal, maxResponseBytes, drainMs }: Exchange): Promise<Exchanged> {
    return new Promise((resolve, reject) => {
      if (signal.aborted) return reject(new ConnectionError('ABORT_ERR', undefined, false));
      const route = this.#routeTo(url);
      route.guard?.checkUrl(url);
      const request = startRequest(route, url, method, headers);
      let answered = false;
      const settled = (): void => signal.removeEventListener('abort', abort);
      const fail = (code: string, error?: NodeJS.ErrnoException): void => {
        settled();
        const silent = (request.socket?.bytesRead ?? 0) === bytesBefore;
        reject(new ConnectionError(code, error?.syscall, request.reusedSocket && silent && DEAD_SOCKET_CODES.has(code), error));
      };
      const done = (exchanged: Exchanged): void => {
        settled();
        resolve(exchanged);
      };
      const abort = (): void => {
        request.destroy();
        // Of a request that waits for a socket nothing else is heard before it has one.
        if (!answered) fail('ABORT_ERR');
      };
      signal.addEventListener('abort', abort);

      let bytesBefore = 0;
      request.once('socket', (socket) => { bytesBefore = socket.bytesRead; });
      // Node tells of another status below 200 elsewhere, and goes on to wait for the answer.
      request.once('response', (response) => {
        answered = true;
        readResponse(request, response, { maxResponseBytes, drainMs }, done);
      });
      // 101 makes no response: https://nodejs.org/api/http.html#event-upgrade
      request.once('upgrade', ({ statusCode = 101, headers: told }, socket) => {
        socket.destroy();
        done({ status: statusCode, headers: told, body: Buffer.alloc(0), complete: true });
      });
      // Stays on after a response: an error that comes late must not become an uncaught one.
      request.on('error', (error: NodeJS.ErrnoException) => fail(signal.aborted ? 'ABORT_ERR' : error.code ?? error.name, error));
      // Whatever ends a request ends the wait for it.
      request.once('close', () => { if (!answered) fail('ECONNRESET'); });
      request.end(body);
    });
  }

  #routeTo(url: URL): Route {
    let route = this.#routes.get(url.origin);
    if (!route) this.#routes.set(url.origin, route = makeRoute(url, this.#options, this.#guardFor?.(url.protocol)));
    return route;
  }
}

/** The way to one origin. */
interface Route {
  readonly module: typeof http | typeof https;
  readonly agent: http.Agent;
  readonly sockets: KeptSockets;
  readonly guard: EgressGuard | undefined;
  readonly target: { readonly protocol: string; readonly hostname: string; readonly port: string };
}

function makeRoute({ protocol, hostname, port }: URL, { timeout, ...options }: ConnectionOptions, guard: EgressGuard | undefined): Route {
  const module = moduleFor(protocol);
  const agent = new module.Agent({ keepAlive: true, ...options, ...(guard && { lookup: guard.lookup }) });
  const sockets = new KeptSockets(agent);
  // Every socket of the agent is made here.
  const connect = agent.createConnection.bind(agent);
  agent.createConnection = (target, callback) => {
    const socket = connect(target, callback) as Socket;
    guard?.watch(socket, target.host ?? hostname);
    sockets.adopt(socket, timeout);
    return socket;
  };
  return { module, agent, sockets, guard, target: { protocol, hostname: hostname.replace(/^\[(.*)\]$/, '$1'), port } };
}

/** With lines for headers the URL is not taken apart again either: together a quarter of a small POST's CPU. */
function startRequest({ module, agent, target }: Route, url: URL, method: string, headers: Exchange['headers']): http.ClientRequest {
  if (!Array.isArray(headers)) return module.request(url, { method, headers: headers as http.OutgoingHttpHeaders, agent, rejectUnauthorized: true });
  const { protocol, hostname, port } = target;
  const path = url.pathname + url.search;
  return module.request({ protocol, hostname, port, path, method, headers, agent, rejectUnauthorized: true });
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
