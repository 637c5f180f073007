import type http from 'node:http';
import type { Socket } from 'node:net';

/** How http.request and an agent talk to each other: not in Node's types, but the same since Node 0.12, and agents of others live by it. */
interface WaitingRequest extends http.ClientRequest {
  onSocket(socket: Socket): void;
}
interface RequestingAgent extends http.Agent {
  addRequest(request: WaitingRequest, options: object): void;
}

/**
 * Makes an agent of one origin hand an idle socket to the next request as it is. http.Agent itself asks at each request which of its many
 * origins a socket belongs to, moves it between lists and makes a system call for its keep-alive: a third of the CPU of a small POST.
 */
export class KeptSockets {
  readonly #idle: Socket[] = [];

  constructor(agent: http.Agent) {
    const patched = agent as RequestingAgent;
    const makeSocket = patched.addRequest.bind(agent);
    patched.addRequest = (request, options) => {
      const socket = this.#idle.pop();
      if (!socket) return makeSocket(request, options);
      agent.reuseSocket(socket, request);
      request.onSocket(socket);
    };

    const settle = agent.listeners('free') as ((socket: Socket, options: object) => void)[];
    agent.removeAllListeners('free');
    agent.on('free', (socket: Socket, options: object) => {
      const wanted = Object.keys(agent.requests).length > 0;
      if (wanted || socket.connecting || socket.destroyed || !socket.writable) {
        for (const listener of settle) listener.call(agent, socket, options);
      } else {
        socket.unref();
        this.#idle.push(socket);
      }
    });
  }

  /** To be called with every socket that the agent makes. One that is idle for `idleMs` is closed. */
  adopt(socket: Socket, idleMs: number | undefined): void {
    // What happens to an idle socket is nobody's failure, and must not be an uncaught one.
    socket.on('error', () => undefined);
    socket.once('close', () => { this.#forget(socket); });
    if (idleMs === undefined) return;
    socket.setTimeout(idleMs);
    socket.on('timeout', () => { if (this.#forget(socket)) socket.destroy(); });
  }

  /** Closes what carries nothing. */
  drop(): void {
    for (const socket of this.#idle.splice(0)) socket.destroy();
  }

  #forget(socket: Socket): boolean {
    const index = this.#idle.indexOf(socket);
    if (index !== -1) this.#idle.splice(index, 1);
    return index !== -1;
  }
}
