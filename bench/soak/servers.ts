import http from 'node:http';
import https from 'node:https';
import net, { type AddressInfo, type Server, type Socket } from 'node:net';

/** What a server does with a request that came whole. */
export type Answer = (response: http.ServerResponse, socket: Socket) => void;

export async function listen(server: Server, protocol = 'http'): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `${protocol}://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

export function httpServer(answer: Answer): http.Server {
  return http.createServer(whole(answer));
}

export function httpsServer(certificate: { key: string; cert: string }, answer: Answer): https.Server {
  return https.createServer(certificate, whole(answer));
}

/** A server below HTTP: `speak` runs once the first bytes of a connection have come. */
export function rawServer(speak: (socket: Socket) => void): net.Server {
  return net.createServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', () => {
      socket.resume();
      speak(socket);
    });
  });
}

function whole(answer: Answer): http.RequestListener {
  return (request, response) => {
    response.on('error', () => undefined);
    request.on('error', () => undefined);
    request.resume().on('end', () => answer(response, request.socket));
  };
}

/** Writes the text byte by byte, and its last byte again and again, until the other side has enough. */
export function drip(out: { write(text: string): unknown; once(event: 'close', listener: () => void): unknown }, text: string, everyMs: number): void {
  let at = 0;
  const timer = setInterval(() => {
    out.write(text.charAt(Math.min(at, text.length - 1)));
    at++;
  }, everyMs);
  out.once('close', () => clearInterval(timer));
}

/** Streams so many bytes of zeros, as fast as they are taken. */
export function flood(response: http.ServerResponse, bytes: number): void {
  let left = bytes;
  const write = (): void => {
    while (left > 0 && !response.destroyed) {
      left -= CHUNK.length;
      if (!response.write(CHUNK)) return void response.once('drain', write);
    }
    response.end();
  };
  write();
}

const CHUNK = Buffer.alloc(64 * 1024);
