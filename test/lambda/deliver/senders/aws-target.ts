import type { Delivery, Sender, SendResult } from '../../../../lib/contract/sender';
import { httpServer, type Received } from '../../support/server';
import { KINDS, type Kind, type Reply } from './aws-kinds';

export const EVENT: Omit<Delivery, 'signal'> = {
  id: 'evt_abcdefghijklmnopqrstuvwxyz', source: 'stripe', type: 'invoice.paid', time: '2026-01-02T03:04:05.678Z',
  headers: { 'content-type': 'application/json' }, body: Buffer.from('{"total": 1.00, "für": "ü"}'), attempt: 1,
};

const SECRET = 'wJalrXUtnFEMIK7MDENGbPxRfiCYEXAMPLEKEY';

export interface Options {
  readonly settings?: { readonly [key: string]: unknown };
  /** By the server's origin. */
  readonly environment?: (origin: string) => { readonly [name: string]: string };
  /** Undefined: no answer at all. */
  readonly answer?: (request: Received, count: number, kind: Kind) => Reply | 'reset' | undefined;
}

export interface AwsTarget {
  readonly kind: Kind;
  readonly received: readonly Received[];
  readonly send: (difference?: Partial<Delivery>) => Promise<SendResult>;
  /** All events of all requests. */
  readonly arrived: () => ReturnType<Kind['read']>;
  readonly close: () => void;
}

/** A sender before a server that keeps the real bytes, and answers as the service of its kind does. */
export async function awsTarget(name: string, options: Options = {}): Promise<AwsTarget> {
  const { settings, environment, answer = (request, _count, kind) => kind.taken(request) } = options;
  const kind = KINDS[name]!;
  const server = await httpServer((request, response, socket) => {
    const reply = answer(request, server.received.length, kind);
    if (reply === 'reset') socket.resetAndDestroy();
    else if (reply) response.writeHead(reply.status, reply.headers).end(reply.body);
  });
  const sender: Sender = await kind.createSender({
    target: 'audit',
    settings: { ...kind.settings, ...settings },
    environment: {
      AWS_REGION: 'eu-north-1', AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE', AWS_SECRET_ACCESS_KEY: SECRET, AWS_ENDPOINT_URL: server.origin,
      ...environment?.(server.origin),
    },
    secrets: { read: () => Promise.reject(new Error('an AWS service needs no secret')) },
  });
  const send = async (difference: Partial<Delivery> = {}): Promise<SendResult> => {
    const result = await sender.send({ ...EVENT, signal: new AbortController().signal, ...difference });
    if (JSON.stringify(result).includes(SECRET)) throw new Error('a result holds the secret key');
    return result;
  };
  return { kind, received: server.received, send, arrived: () => server.received.flatMap(kind.read), close: server.close };
}
