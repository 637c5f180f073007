import http from 'node:http';
import type { AddressInfo, Server, Socket } from 'node:net';

export interface Received {
  readonly method: string;
  readonly url: string;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: Buffer;
  /** Counts the connections of the server from 1. */
  readonly connection: number;
}

export type Answer = (request: Received, response: http.ServerResponse, socket: Socket) => void;

/** An HTTP server on loopback that keeps what it received. */
export async function httpServer(answer: Answer = (_request, response) => response.end('{}')) {
  const received: Received[] = [];
  const connections: Socket[] = [];
  const server = http.createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { method = '', url = '', headers, socket } = request;
      const one = { method, url, headers, body: Buffer.concat(chunks), connection: connections.indexOf(socket) + 1 };
      received.push(one);
      answer(one, response, socket);
    });
    request.on('error', () => undefined);
  });
  server.on('connection', (socket) => { connections.push(socket); });
  const origin = await listen(server);
  return { origin, received, connections, close: () => { server.closeAllConnections(); server.close(); } };
}

export async function listen(server: Server, protocol = 'http'): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `${protocol}://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
