import { Agent, request, type IncomingHttpHeaders } from 'node:http';

export interface NextInvocation {
  readonly headers: IncomingHttpHeaders;
  /** The event, as JSON text. */
  readonly body: string;
}

/** The runtime's side of the Runtime API. https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html */
export class RuntimeClient {
  private readonly agent = new Agent({ keepAlive: true, maxSockets: 1 });
  private readonly hostname: string;
  private readonly port: string;

  /** @param endpoint `host:port`, as in AWS_LAMBDA_RUNTIME_API */
  constructor(endpoint: string) {
    [this.hostname = '', this.port = ''] = endpoint.split(':');
  }

  /** Waits for the next invocation, however long it takes. */
  next(): Promise<NextInvocation> {
    return this.call('GET', 'invocation/next', {}, undefined);
  }

  /** Hands over a result; the answer is 413 when it is too large for Lambda. */
  respond(requestId: string, json: string, headers: { [name: string]: string }): Promise<NextInvocation> {
    return this.call('POST', `invocation/${requestId}/response`, headers, json);
  }

  fail(requestId: string, json: string, headers: { [name: string]: string }): Promise<NextInvocation> {
    return this.call('POST', `invocation/${requestId}/error`, headers, json);
  }

  failInit(json: string, headers: { [name: string]: string }): Promise<NextInvocation> {
    return this.call('POST', 'init/error', headers, json);
  }

  private call(method: string, path: string, headers: { [name: string]: string }, body: string | undefined): Promise<NextInvocation> {
    return new Promise((resolve, reject) => {
      const outgoing = request({ hostname: this.hostname, port: this.port, path: `/2018-06-01/runtime/${path}`, method, agent: this.agent,
        headers: body === undefined ? headers : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body), ...headers },
      }, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () => resolve({ headers: response.headers, body: Buffer.concat(chunks).toString() }));
        response.on('error', reject);
      });
      outgoing.on('error', reject);
      outgoing.end(body);
    });
  }
}
