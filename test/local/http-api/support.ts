import { Agent, request, type IncomingHttpHeaders } from 'node:http';
import { connect } from 'node:net';
import type { LogLine } from '../../../lib/contract/log';
import { ManualClock } from '../../../local/clock';
import type { HttpApiEvent } from '../../../local/http-api/event';
import { HttpApi, type HttpApiOptions } from '../../../local/http-api/http-api';
import type { RouteResult } from '../../../local/http-api/routes';

export interface TestApi {
  readonly api: HttpApi;
  readonly clock: ManualClock;
  readonly port: number;
  /** The events that the function was called with. */
  readonly events: HttpApiEvent[];
  readonly lines: LogLine[];
}

const apis: HttpApi[] = [];

/** An API with the route `ANY /github`, whose function answers as told. */
export async function newApi(answer: (event: HttpApiEvent) => RouteResult | Promise<RouteResult> = () => returning({ statusCode: 200 }),
  options: Partial<HttpApiOptions> = {}): Promise<TestApi> {
  const events: HttpApiEvent[] = [];
  const lines: LogLine[] = [];
  const clock = new ManualClock(Date.parse('2026-03-02T09:08:07.123Z'));
  const target = { invoke: async (event: unknown) => {
    events.push(event as HttpApiEvent);
    return answer(event as HttpApiEvent);
  } };
  const api = new HttpApi({
    id: 'a1b2c3', stage: '$default', account: '000000000000', clock,
    routes: [{ method: 'ANY', path: '/github', function: target }],
    onLine: (line) => lines.push(line),
    ...options,
  });
  apis.push(api);
  return { api, clock, events, lines, port: await api.listen(0) };
}

export async function closeApis(): Promise<void> {
  await Promise.all(apis.splice(0).map((api) => api.close()));
}

export function returning(value: unknown): RouteResult {
  return { outcome: 'success', payload: JSON.stringify(value) };
}

export interface Reply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

export interface Call {
  readonly method?: string;
  readonly path?: string;
  /** Name and value in turn, so that a name can come twice. */
  readonly headers?: readonly string[];
  readonly body?: string | Uint8Array;
}

const agent = new Agent({ keepAlive: false });

/** One request, with these headers and no others but Host and Content-Length. */
export function call(port: number, { method = 'POST', path = '/github', headers = [], body }: Call = {}): Promise<Reply> {
  const all = [...headers];
  if (!all.some((name) => name.toLowerCase() === 'host')) all.push('Host', `127.0.0.1:${port}`);
  if (body !== undefined && !all.some((name) => name.toLowerCase() === 'transfer-encoding')) all.push('Content-Length', String(Buffer.byteLength(body)));
  return new Promise((resolve, reject) => {
    const outgoing = request({ host: '127.0.0.1', port, path, method, agent, headers: all as unknown as undefined }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks) }));
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

/** Bytes on a socket, and all that comes back until the server closes. */
export function callRaw(port: number, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(text, 'latin1'));
    let received = '';
    socket.setEncoding('latin1').on('data', (chunk: string) => {
      received += chunk;
    });
    socket.on('close', () => resolve(received));
    socket.on('error', reject);
  });
}

export function json(reply: Reply): unknown {
  return JSON.parse(reply.body.toString());
}
