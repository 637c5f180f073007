import http from 'node:http';
import https from 'node:https';
import type { LookupFunction } from 'node:net';
import type { Headers } from './senders';

export interface Reply {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: string;
}

/** Posts bytes with exactly these headers to an address of this machine, and to no other. */
export function post(url: URL, headers: Headers, body: Uint8Array): Promise<Reply> {
  if (!isLoopback(url.hostname)) throw new Error(`${JSON.stringify(url.host)} is not this machine: these checks post nowhere else`);
  const { request } = url.protocol === 'https:' ? https : http;
  return new Promise((resolve, reject) => {
    const sent = request(url, { method: 'POST', headers: { ...headers, 'content-length': body.length }, agent: false, lookup: loopback }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk)).once('error', reject);
      response.once('end', () => resolve({ status: response.statusCode as number, headers: response.headers, body: Buffer.concat(chunks).toString() }));
    });
    sent.once('error', reject).end(body);
  });
}

export function isLoopback(host: string): boolean {
  return /^(localhost|.+\.localhost|127(\.\d+){3}|\[::1\])$/.test(host);
}

/** Names below `localhost` are this machine's by RFC 6761, but not every resolver says so. */
const loopback: LookupFunction = (_host, { all }, callback) => {
  if (all) callback(null, [{ address: '127.0.0.1', family: 4 }]);
  else callback(null, '127.0.0.1', 4);
};
