import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import type { IngestConfig } from '../../lib/contract/config';
import { MAX_BODY_BYTES, SQS_MAX_MESSAGE_BYTES } from '../../lib/contract/envelope';
import type { Handshake } from '../../lib/contract/scheme';
import type { KeyFetch } from '../../lib/contract/scheme-module';
import { describe, timed, type Log, type LogFields } from '../shared/log';
import type { WriteMetrics } from '../shared/metrics';
import { isSecretError } from '../shared/secret-error';
import type { RefreshableSecretReader } from '../shared/secrets';
import type { StoreTable } from '../shared/store/table';
import { accept } from './accept';
import { accepted, headerAnswer, rejected, type Answer } from './answer';
import type { End, Say } from './arrival';
import { eventRequest } from './event-request';
import { readField } from './field';
import { answerHandshake, answerKey, findHandshake, isSigned, needsKey } from './handshake';
import { measure } from './measures';
import { readPairingKey, type Pair } from './pairing';
import type { PutPayload } from './payload';
import { checkVerifyToken, prove, type Authentic } from './prove';
import { Rejection } from './rejection';
import { readPath, readRequest, type WebhookRequest } from './request';
import type { FilterModule } from './route';
import type { Send } from './send';
import { compileSources, type CompileSchema, type Source, type Verification } from './sources';
import type { SchemeModules } from './verify';

/** What the handler needs of the world. */
export interface IngestDependencies {
  readonly config: IngestConfig;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly secrets: RefreshableSecretReader;
  /** The modules of the schemes that have code, by name. */
  readonly schemes: SchemeModules;
  readonly fetch: KeyFetch;
  /** Absent where no target has a filter. */
  readonly filters?: FilterModule | undefined;
  readonly pair: Pair;
  readonly send: Send;
  /** Absent where there is no payload bucket: a message is the limit then. */
  readonly putPayload?: PutPayload;
  /** Absent where there is no event store. */
  readonly table?: StoreTable;
  /** Absent where no source has a schema. */
  readonly compileSchema?: CompileSchema | undefined;
  readonly log: Log;
  readonly metrics: WriteMetrics;
}

export type IngestHandler = (event: APIGatewayProxyEventV2) => Promise<Answer>;

/** Takes webhooks in. Never throws: what goes wrong is an answer that makes the sender try again. */
export function createHandler(dependencies: IngestDependencies): IngestHandler {
  const { config, now, metrics } = dependencies;
  const sources = compileSources(config, dependencies);
  const log = timed(dependencies.log, now);
  return async (event) => {
    const said: LogFields[] = [];
    const say: Say = (line) => { said.push(line); log(line); };
    let source: Source | undefined;
    try {
      source = sources.get(readPath(event));
      const { answer, lines } = await take(source, readRequest(event, source?.publicUrl), dependencies, say);
      lines.forEach(say);
      return answer;
    } catch (error) {
      const { reason, detail, answer: name } = classify(error);
      const answer = rejected(name, source?.methods);
      say({ event: 'rejected', source: source?.name ?? null, status: answer.statusCode, reason, ...(detail === undefined ? {} : { detail }) });
      return answer;
    } finally {
      const line = measure(said, source?.name, config, now());
      if (line) metrics(line);
    }
  };
}

/** The way of one request. Whatever ends it early is thrown. */
async function take(
  source: Source | undefined, request: WebhookRequest, dependencies: IngestDependencies, say: Say,
): Promise<End> {
  if (!source) throw new Rejection('route');
  if (!source.methods.includes(request.method)) throw new Rejection('method');
  checkSize(request, dependencies.putPayload ? MAX_BODY_BYTES : SQS_MAX_MESSAGE_BYTES);
  const checked = await answerUnsigned(source, request, dependencies.secrets);
  if (checked) return checked;
  const authentic = await proveOrPair(source, request, dependencies);
  if ('answer' in authentic) return authentic;
  return await answerSigned(source, request, authentic) ?? accept(source, eventRequest(source, request), authentic, dependencies, say);
}

/** Before the signature: what can go nowhere needs no verifying. Whether the rest fits into a message shows when it is written. */
function checkSize({ body }: WebhookRequest, limit: number): void {
  if (body.length > limit) throw new Rejection('size', `the body has ${body.length} bytes, and ${limit} are allowed`);
}

/** Checks of the URL that senders do not sign. */
async function answerUnsigned(source: Source, request: WebhookRequest, secrets: RefreshableSecretReader): Promise<End | undefined> {
  for (const verification of source.verifications) {
    const handshake = findHandshake(verification.scheme, request, false);
    if (!handshake || isSigned(source, request)) continue;
    if (handshake.token) await checkVerifyToken(verification, readField(handshake.token, request), secrets);
    const { secret, previousSecretOverlapSeconds } = verification;
    const text = secret && needsKey(handshake) ? (await secrets.read(secret, previousSecretOverlapSeconds))[0] : undefined;
    return shake(source, verification, handshake, request, { secret: text });
  }
  return undefined;
}

/** Who has the key is in. Who brings one, while the source waits for it, has it stored. */
async function proveOrPair(source: Source, request: WebhookRequest, { secrets, now, pair }: IngestDependencies): Promise<Authentic | End> {
  try {
    return await prove(source.verifications, request, secrets, now());
  } catch (error) {
    const key = source.pairing && error instanceof Rejection && error.reason === 'signature' ? readPairingKey(source.pairing, request) : undefined;
    const secret = source.verifications[0]?.secret;
    if (key === undefined || !secret) throw error;
    if (!await pair(secret, key)) throw new Rejection('signature', 'the request brings a key, and no pairing is open for this source; open one and try again');
    const echo = source.pairing?.echoHeader;
    return { answer: headerAnswer(200, echo === undefined ? {} : { [echo]: key }), lines: [{ event: 'handshake', source: source.name, handshake: 'pairing' }] };
  }
}

/** Checks of the URL that senders sign like an event. */
function answerSigned(source: Source, request: WebhookRequest, { verification, proof }: Authentic): End | undefined {
  const handshake = findHandshake(verification.scheme, request, true, proof);
  if (handshake) return shake(source, verification, handshake, request, proof);
  return proof.handshake ? { answer: accepted(), lines: [{ event: 'handshake', source: source.name, handshake: verification.scheme.name }] } : undefined;
}

function shake(
  source: Source, { scheme, secret }: Verification, handshake: Handshake, request: WebhookRequest, proof: Authentic['proof'],
): End {
  const key = secret && proof.secret !== undefined && needsKey(handshake) ? answerKey(scheme, secret.id, proof.secret) : undefined;
  return { answer: answerHandshake(handshake.answer, request, proof, key), lines: [{ event: 'handshake', source: source.name, handshake: scheme.name }] };
}

function classify(error: unknown): Pick<Rejection, 'reason' | 'detail' | 'answer'> {
  if (error instanceof Rejection) return error;
  if (isSecretError(error)) return { reason: 'secret', detail: error.message, answer: 'secret' };
  return { reason: 'internal', detail: describe(error), answer: 'internal' };
}
