import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { SQSClient } from '@aws-sdk/client-sqs';
import { AwsError } from '../../../../local/aws-service';
import { RealClock } from '../../../../local/clock';
import { SqsEngine } from '../../../../local/sqs/engine';
import type { Endpoint } from './endpoint';

/** An engine behind the least HTTP server that the SDK can talk to. */
export interface Loopback extends Endpoint {
  readonly clock: RealClock;
  readonly engine: SqsEngine;
  /** The last request body and the last answer, as they went over the wire. */
  readonly wire: { request: string; status: number; answer: string };
  close(): Promise<void>;
}

export async function startLoopback(): Promise<Loopback> {
  const clock = new RealClock();
  let origin = '';
  const engine = new SqsEngine({ clock, region: 'eu-west-1', account: '123456789012', origin: () => origin });
  const wire = { request: '', status: 0, answer: '' };
  const server = createServer((request, response) => void serve(engine, request, response, wire));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const sqs = new SQSClient({
    endpoint: origin, region: 'eu-west-1', useQueueUrlAsEndpoint: false, maxAttempts: 1,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
  let names = 0;
  return {
    sqs, clock, engine, wire,
    newName: (suffix = '') => `case-${++names}${suffix}`,
    close: async () => {
      sqs.destroy();
      engine.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function serve(engine: SqsEngine, request: IncomingMessage, response: ServerResponse, wire: Loopback['wire']): Promise<void> {
  const left = new AbortController();
  response.on('close', () => left.abort());
  wire.request = await text(request);
  const action = String(request.headers['x-amz-target']).slice(`${engine.prefix}.`.length);
  const answer = (status: number, body: object, headers: { [name: string]: string } = {}): void => {
    wire.status = status;
    wire.answer = JSON.stringify(body);
    response.writeHead(status, { 'content-type': engine.contentType, ...headers }).end(wire.answer);
  };
  try {
    answer(200, await engine.call(action, JSON.parse(wire.request) as { [name: string]: unknown }, left.signal));
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    answer(error.status, { __type: error.type, message: error.message }, { 'x-amzn-query-error': error.queryError ?? '' });
  }
}
