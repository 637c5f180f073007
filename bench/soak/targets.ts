import http from 'node:http';
import https from 'node:https';
import type { Server, Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import type { AttemptOutcome } from '../../lib/contract/sender';
import { selfSigned } from '../../test/lambda/support/certificate';
import { drip, flood, httpServer, httpsServer, listen, rawServer } from './servers';

/** One kind of target. */
export interface SoakTarget {
  readonly name: string;
  readonly url: string;
  /** Of 100 deliveries. */
  readonly share: number;
  readonly timeoutSeconds: number;
  /** What an attempt may end with. */
  readonly outcomes: readonly AttemptOutcome[];
  /** A certificate, in PEM, that the delivery function trusts. */
  readonly trusted?: string;
}

type Kind = Omit<SoakTarget, 'name' | 'url' | 'timeoutSeconds'> & { readonly server: Server; readonly timeoutSeconds?: number };

const MEGABYTE = 1024 * 1024;
const HUGE_BYTES = 200 * MEGABYTE;
const AMPLE_SECONDS = 15;
const SHORT_SECONDS = 0.3;

function kinds(): { readonly [name: string]: Kind } {
  const trusted = selfSigned();
  const bomb = gzipSync(Buffer.alloc(HUGE_BYTES));
  return {
    'healthy': { share: 30, outcomes: ['delivered'], server: httpServer((response) => response.end('{}')) },
    'healthy-tls': { share: 10, outcomes: ['delivered'], trusted: trusted.cert, server: httpsServer(trusted, (response) => response.end('{}')) },
    'slow': { share: 8, outcomes: ['delivered'], server: httpServer((response) => void setTimeout(() => response.end('{}'), 100)) },
    'error-page': { share: 4, outcomes: ['status'], server: httpServer((response) => response.writeHead(503).end(Buffer.alloc(2 * MEGABYTE))) },
    'redirect': {
      share: 4, outcomes: ['status'], server: httpServer((response) => response.writeHead(307, { location: 'http://169.254.169.254/' }).end()),
    },
    'reset': { share: 5, outcomes: ['reset'], server: httpServer((_response, socket) => socket.resetAndDestroy()) },
    // The reset may overtake the status.
    'reset-midway': { share: 5, outcomes: ['delivered', 'reset'], server: httpServer((response, socket) => {
      response.writeHead(200, { 'content-length': 1_000 }).write('x', () => socket.resetAndDestroy());
    }) },
    'silent': { share: 5, outcomes: ['timeout'], timeoutSeconds: SHORT_SECONDS, server: httpServer(() => undefined) },
    'huge': { share: 4, outcomes: ['delivered'], server: httpServer((response) => flood(response, HUGE_BYTES)) },
    'gzip-bomb': {
      share: 5, outcomes: ['delivered'], server: httpServer((response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end(bomb)),
    },
    'self-signed': { share: 7, outcomes: ['tls'], server: httpsServer(selfSigned(), (response) => response.end()) },
    'expired': { share: 4, outcomes: ['tls'], server: httpsServer(selfSigned({ notAfter: new Date('2021-01-01') }), (response) => response.end()) },
    'head-byte-by-byte': {
      share: 3, outcomes: ['timeout'], timeoutSeconds: SHORT_SECONDS, server: rawServer((socket) => drip(socket, 'HTTP/1.1 200 OK\r\nx-slow: y', 20)),
    },
    'body-byte-by-byte': {
      share: 3, outcomes: ['delivered'], server: httpServer((response) => { response.writeHead(200); drip(response, 'xy', 50); }),
    },
    'not-http': { share: 3, outcomes: ['reset'], server: rawServer((socket) => void socket.write('220 mail.example.com ESMTP\r\n')) },
  };
}

export interface SoakTargets {
  readonly all: SoakTarget[];
  /** Resolves to how many connections are open once idle ones have had their time, without waiting longer than needed. */
  quiet(): Promise<number>;
  close(): void;
}

/** Idle connections are closed after 4 seconds, and after a second more if one carried the end of an answer. */
const QUIET_MS = 15_000;

export async function openTargets(): Promise<SoakTargets> {
  const open = new Set<Socket>();
  let closed = (): void => undefined;
  const servers: Server[] = [];
  const all: SoakTarget[] = [];
  for (const [name, { server, timeoutSeconds = AMPLE_SECONDS, ...kind }] of Object.entries(kinds())) {
    server.on('connection', (socket: Socket) => {
      open.add(socket);
      socket.on('error', () => undefined);
      socket.once('close', () => { open.delete(socket); closed(); });
    });
    // A server that closed idle connections would do the functions' work, and may do it under a request.
    if (server instanceof http.Server || server instanceof https.Server) server.keepAliveTimeout = 0;
    server.on('tlsClientError', () => undefined);
    servers.push(server);
    all.push({ name, url: `${await listen(server, server instanceof https.Server ? 'https' : 'http')}/hooks`, timeoutSeconds, ...kind });
  }
  return {
    all,
    quiet: () => new Promise((resolve) => {
      const timer = setTimeout(() => resolve(open.size), QUIET_MS);
      closed = () => {
        if (open.size > 0) return;
        clearTimeout(timer);
        resolve(0);
      };
      closed();
    }),
    close: () => {
      for (const server of servers) server.close();
      for (const socket of open) socket.destroy();
    },
  };
}
