import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import type { IngestConfig } from '../../lib/contract/config';
import { SQS_MAX_MESSAGE_BYTES } from '../../lib/contract/envelope';
import { describe, timed, type Log, type LogFields } from '../shared/log';
import { SecretError } from '../shared/secret-error';
import type { RefreshableSecretReader } from '../shared/secrets';
import { accepted, rejected } from './answer';
import { enqueue, type Send } from './enqueue';
import { writeEnvelope } from './envelope';
import { identify } from './identify';
import { Rejection } from './rejection';
import { readRequest, type WebhookRequest } from './request';
import { compileSources, type Source } from './sources';
import type { Claim } from './verify';

/** What the handler needs of the world. */
export interface IngestDependencies {
  readonly config: IngestConfig;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly secrets: RefreshableSecretReader;
  readonly send: Send;
  readonly log: Log;
}

export type IngestHandler = (event: APIGatewayProxyEventV2) => Promise<APIGatewayProxyStructuredResultV2>;

/** Takes webhooks in. Never throws: what goes wrong is an answer that makes the sender try again. */
export function createHandler(dependencies: IngestDependencies): IngestHandler {
  const sources = compileSources(dependencies.config);
  const log = timed(dependencies.log, dependencies.now);
  return async (event) => {
    let source: Source | undefined;
    try {
      const request = readRequest(event);
      source = sources.get(request.path);
      log(await accept(source, request, dependencies, log));
      return accepted();
    } catch (error) {
      const { reason, detail } = classify(error);
      const answer = rejected(reason);
      log({ event: 'rejected', source: source?.name ?? null, status: answer.statusCode, reason, ...(detail === undefined ? {} : { detail }) });
      return answer;
    }
  };
}

/** The way of one webhook. Whatever ends it early is thrown. */
async function accept(
  source: Source | undefined, request: WebhookRequest, { now, secrets, send }: IngestDependencies, log: (line: LogFields) => void,
): Promise<LogFields> {
  if (!source) throw new Rejection('route');
  if (request.method !== 'POST') throw new Rejection('method');
  checkSize(request);
  const claim = await verify(source, request, secrets, now());
  const identity = identify(source.name, source.scheme, request, claim.header);
  const event = { id: identity.id, source: source.name, type: identity.type };
  if (source.routes.length === 0) {
    log({ event: 'unrouted', ...event, reason: UNROUTED });
    throw new Rejection('store', UNROUTED);
  }
  await enqueue(source.routes, writeEnvelope(source.name, identity, request, source.travellingHeaders, now()), send);
  return { event: 'accepted', ...event, bytes: request.body.length, targets: source.routes.map(({ target }) => target), duplicate: false };
}

/** A 2xx would say that the event is kept, and there is nothing that keeps it. */
const UNROUTED = 'no target takes the events of this source, and nothing keeps them';

/** Before the signature: what cannot fit into a message needs no verifying. Whether the rest fits shows when it is written. */
function checkSize({ body }: WebhookRequest): void {
  if (body.length <= SQS_MAX_MESSAGE_BYTES) return;
  throw new Rejection('size', `the body has ${body.length} bytes; a message has at most ${SQS_MAX_MESSAGE_BYTES}`);
}

/** Proves who sent the request and when. */
async function verify(
  { verifier, secret, previousSecretOverlapSeconds: overlap }: Source, request: WebhookRequest, secrets: RefreshableSecretReader, now: number,
): Promise<Claim> {
  const claim = verifier.claim(request);
  const prove = async (): Promise<boolean> => verifier.proves(claim, request, await secrets.read(secret, overlap));
  const proven = await againIfRefreshed(prove, () => secrets.refresh(secret, overlap));
  if (!proven) throw new Rejection('signature', 'no secret makes a signature that was sent');
  verifier.checkTime(claim, request, now);
  return claim;
}

/** A mismatch may be a rotation that the cache has not seen, and a secret that is none may have been put right. */
async function againIfRefreshed(prove: () => Promise<boolean>, refresh: () => Promise<boolean>): Promise<boolean> {
  let unusable: SecretError | undefined;
  try {
    if (await prove()) return true;
  } catch (error) {
    if (!(error instanceof SecretError) || error.kind !== 'unusable') throw error;
    unusable = error;
  }
  if (await refresh()) return prove();
  if (unusable) throw unusable;
  return false;
}

function classify(error: unknown): Pick<Rejection, 'reason' | 'detail'> {
  if (error instanceof Rejection) return error;
  if (error instanceof SecretError) return { reason: 'secret', detail: error.message };
  return { reason: 'internal', detail: describe(error) };
}
