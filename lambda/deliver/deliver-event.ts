import { isUnavailable } from '../../lib/contract/breaker';
import type { Envelope } from '../../lib/contract/envelope';
import { attempt, type Attempt } from './attempt';
import { secondsSince, type Batch } from './batch';
import { readBody } from './body';
import { judge } from './judge';
import type { Message } from './message';
import { openEnvelope } from './open';
import { drop, hide, hideUntil, moveAway, settle, type EventName } from './settle';
import { shapeSeconds } from './shape';
import type { Content } from './transform/transform';

/** No attempt begins unless it can also be dealt with: a function that is killed forgets what its whole batch has achieved. */
const AFTER_ATTEMPT_MS = 2_000;

/** The way of one message: open, wait for its turn, read the body, shape, send, judge, settle. */
export async function deliverEvent(message: Message, batch: Batch): Promise<void> {
  const opened = openEnvelope(message.body);
  if (opened.kind === 'garbage') return moveAway(message, unnamed(message), { reason: 'invalid', detail: opened.detail, status: null }, batch);
  if (opened.kind === 'newer') return waitForDeployment(message, opened.version, batch);

  const { envelope } = opened;
  const event = nameOf(envelope);
  if (spareMs(batch) <= 0) return waitForTime(message, event, batch);
  const turn = batch.pacer.take(batch.now(), batch.now() + spareMs(batch));
  if (turn === undefined) return waitForTurn(message, batch);

  const startedAt = performance.now();
  const body = await readBody(opened, batch.readPayload);
  if (body.kind === 'missing') return moveAway(message, event, { reason: 'payload-missing', detail: body.detail, status: null }, batch);
  if (body.kind === 'unreadable') {
    const ms = Math.round(performance.now() - startedAt);
    return judgeAndSettle(message, event, { outcome: 'aws', status: null, detail: body.detail, ms }, batch);
  }
  const pause = Math.max(0, turn - batch.now());
  if (spareMs(batch) < pause || spareMs(batch) <= 0) return waitForTime(message, event, batch);
  if (pause > 0) await batch.sleep(pause);
  return shapeAndSend(message, event, contentOf(envelope, body.bytes), batch);
}

/** How long an attempt can wait, so that it still ends in time, in milliseconds. */
function spareMs({ remainingMs, config }: Batch): number {
  return remainingMs() - (config.timeoutSeconds + shapeSeconds(config)) * 1_000 - AFTER_ATTEMPT_MS;
}

function nameOf({ id, source, type, time, replay }: Envelope): EventName {
  return { id, source, type, time, ...(replay !== undefined && { replay }), acceptedAt: Date.parse(time) };
}

function contentOf({ id, source, type, time, headers, providerId }: Envelope, body: Uint8Array): Content {
  return { id, source, type, time, headers, ...(providerId !== undefined && { providerId }), body };
}

async function shapeAndSend(message: Message, event: EventName, original: Content, batch: Batch): Promise<void> {
  const startedAt = performance.now();
  const shaped = await batch.shape?.(original) ?? { kind: 'event', content: original };
  if (shaped.kind === 'dropped') return drop(message, event, shaped.reason, batch);
  if (shaped.kind === 'failed') {
    const ms = Math.round(performance.now() - startedAt);
    return judgeAndSettle(message, event, { outcome: 'transform', status: null, detail: shaped.detail, ms }, batch);
  }
  return judgeAndSettle(message, event, await send(message, event, shaped.content, batch), batch);
}

async function send(message: Message, { replay }: EventName, content: Content, batch: Batch): Promise<Attempt> {
  const { sender, config } = batch;
  const { receives, groupId } = message;
  const delivery = {
    ...content, ...(replay !== undefined && { replay }), ...(groupId !== undefined && { orderingGroup: groupId }), attempt: receives,
  };
  const result = await attempt(sender, delivery, config.timeoutSeconds * 1_000);
  batch.measures.add('unavailable', isUnavailable(result) ? 1 : 0);
  return result;
}

async function judgeAndSettle(message: Message, event: EventName, result: Attempt, batch: Batch): Promise<void> {
  await settle(message, event, result, await judge(message, result, batch), batch);
}

function unnamed({ id, sentAt }: Message): EventName {
  return { id, source: 'unknown', type: null, acceptedAt: sentAt };
}

/** A newer function knows what to do with it. Only one that waits in vain for the whole retry window goes away. */
async function waitForDeployment(message: Message, version: number, batch: Batch): Promise<void> {
  const detail = `the envelope has version ${version}, which this function does not know`;
  if (secondsSince(message.sentAt, batch) > batch.config.retry.maxAgeSeconds) {
    return moveAway(message, unnamed(message), { reason: 'expired', detail, status: null }, batch);
  }
  batch.warn('envelope-newer', `message ${message.id} waits: ${detail}`);
  batch.measures.add('undeliveredAge', secondsSince(message.sentAt, batch));
  await hide(message, { slower: false }, batch);
}

/** For the pause of its age, not the queue's own: a message that is put off again and again must not run out of receives. */
async function waitForTime(message: Message, { id }: EventName, batch: Batch): Promise<void> {
  batch.warn('out-of-time', `event ${id} waits for its next receive: too little time is left for an attempt`);
  await hide(message, { slower: false }, batch);
}

/** The target's rate has no room within this invocation. No line says it: a burst would make one for each of its messages. */
async function waitForTurn(message: Message, batch: Batch): Promise<void> {
  await hideUntil(message, batch.pacer.roomAt(batch.now(), batch.deferred++), batch);
}
