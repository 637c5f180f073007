import type { IncomingMessage } from 'node:http';
import type { AddressInfo, Server } from 'node:net';
import { hostAllowed } from './http-api/host-check';
import { LocalRunError } from './local-run-error';

/** Listens on 127.0.0.1 only and gives the port; 0 takes any that is free. `what` names the server in the error of a port that cannot be had. */
export function listen(server: Server, port: number, what: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const fail = (error: NodeJS.ErrnoException): void => reject(listenError(error, port, what));
    server.once('error', fail);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', fail);
      resolve((server.address() as AddressInfo).port);
    });
  });
}

/** Why a request may not be served: it was sent to another name than this machine's, or by a page of another origin. */
export function foreignRequest(request: IncomingMessage, port: number): string | undefined {
  const { host, origin } = request.headers;
  if (!hostAllowed(host, port)) return `the host ${JSON.stringify(host ?? '')} is not this server: use 127.0.0.1:${port}`;
  if (origin !== undefined && !isOwnOrigin(origin, port)) return `a page of ${JSON.stringify(origin)} may not use this server`;
  return undefined;
}

export class BodyTooLargeError extends Error {}

/** The whole body, if it has no more than `limit` bytes. */
export async function readBody(request: IncomingMessage, limit: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  // Not `for await`: leaving that loop destroys the socket, and with it the answer.
  await new Promise<void>((resolve, reject) => {
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes <= limit) chunks.push(chunk);
      else reject(new BodyTooLargeError(`the body is larger than ${limit} bytes`));
    });
    request.on('end', resolve);
    request.on('error', reject);
  });
  return Buffer.concat(chunks);
}

function isOwnOrigin(origin: string, port: number): boolean {
  return origin.startsWith('http://') && hostAllowed(origin.slice('http://'.length), port);
}

function listenError(error: NodeJS.ErrnoException, port: number, what: string): Error {
  if (error.code === 'EADDRINUSE') {
    return new LocalRunError('port-taken', `port ${port} for ${what} is taken: stop what listens on it, or choose another port, or 0 for any that is free`);
  }
  if (error.code === 'EACCES') return new LocalRunError('port-denied', `port ${port} for ${what} is not allowed: choose one from 1024 up, or 0 for any that is free`);
  return error;
}
