import http from 'node:http';
import https from 'node:https';
import type { LookupFunction } from 'node:net';
import { checkHeaders } from './check-headers';
import { CliError, Exit } from './cli-error';
import type { OutgoingRequest } from './fields';

export interface PostResult {
  readonly status: number;
  readonly ms: number;
  /** The start of the response's body. */
  readonly text: string;
}

/** API Gateway answers after 30 s at most: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html */
const TIMEOUT_MS = 35_000;

/** How much of a response is kept, in bytes. */
const MAX_TEXT = 2_000;

/**
 * Posts a request as it is. node:http and not fetch, because fetch adds headers of a browser that no sender sends.
 * A redirect is an answer like any other. Fails where no status has come in time; a body that is not whole by then is cut off.
 */
export function post({ url, headers, body }: OutgoingRequest, timeoutMs = TIMEOUT_MS): Promise<PostResult> {
  const started = performance.now();
  const client = url.protocol === 'https:' ? https : http;
  const lookup = url.hostname.endsWith('.localhost') ? loopback : undefined;
  return new Promise((resolve, reject) => {
    checkHeaders(headers);
    const request = client.request(url, { method: 'POST', headers: { ...headers, 'content-length': body.length }, agent: false, lookup });
    // In all, however slowly an answer drips in.
    let giveUp = (): unknown => request.destroy(new Error(`no answer within ${timeoutMs / 1000} s`));
    const timer = setTimeout(() => giveUp(), timeoutMs);
    request.once('close', () => clearTimeout(timer));
    request.once('error', (error: NodeJS.ErrnoException) => {
      reject(new CliError(Exit.NO_ACCESS, `cannot post to ${url.origin}${url.pathname}: ${error.code ?? error.message}`));
    });
    request.once('response', (response) => {
      giveUp = () => response.destroy();
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => {
        text = (text + chunk).slice(0, MAX_TEXT);
      });
      // With its status the request is answered, whatever becomes of the rest.
      const answered = (): void => resolve({ status: response.statusCode as number, ms: Math.round(performance.now() - started), text });
      for (const event of ['end', 'error', 'close']) response.once(event, answered);
    });
    request.end(body);
  });
}

/** Emulators name APIs below `localhost`, which is this machine (RFC 6761, 6.3), but Node asks a resolver that may not know it. */
const loopback: LookupFunction = (_host, { all }, callback) => {
  if (all) callback(null, [{ address: '127.0.0.1', family: 4 }]);
  else callback(null, '127.0.0.1', 4);
};
