import { describe, type LogFields } from '../shared/log';
import { RowConflictError } from '../shared/store/change';
import { laterRow, type KnownRow, type RecordedEvent, type RecordedFate } from '../shared/store/event-row';
import { acceptedLine, bodyHash, end, knownAs, notOnRecord, sayCollision, warnStore, type Arrival, type End, type Store } from './arrival';
import { collided, findMissing, wasAccepted, type Earlier, type Missing } from './duplicates';
import { enqueue, notEnqueued, type Refused } from './enqueue';
import { writeEnvelope, type Written } from './envelope';
import { orderOf } from './order';
import { storePayload } from './payload';
import { bodyKeeper, keepBody, NOWHERE, record, type BodyOf } from './record';
import type { Route } from './route';
import { recordUnavailable, recordWaiting, TARGET_UNAVAILABLE } from './unavailable';

/** Puts an event into the queues of all its targets. */
export async function handOverUnrecorded(arrival: Arrival, wanted: readonly Route[]): Promise<End> {
  const { message } = await seal(arrival, arrival.now, wanted.length);
  const hash = wanted.some(({ orderingKey }) => orderingKey) ? bodyHash(arrival) : '';
  const { failed, unavailable } = await enqueue(wanted, sender(arrival, message, hash));
  if (failed.length + unavailable.length > 0) throw notEnqueued([...failed, ...unavailable], wanted.length);
  return end(arrival, [acceptedLine(arrival, wanted, false)]);
}

/** Puts an event into the queues that have yet to get it, all at once, and then on record. */
export async function handOver(arrival: Arrival, event: RecordedEvent, earlier: Earlier, wanted: readonly Route[], store: Store): Promise<End> {
  const { request, dependencies: { putPayload } } = arrival;
  const missing = await missingOf(arrival, event, earlier, wanted, store);
  if (missing.length === 0 && earlier.kind === 'known') return comeAgain(arrival, event, earlier.row, store);
  const { message, payload } = await seal(arrival, Date.parse(event.time), missing.length);
  const sending = enqueue(missing.map(({ route }) => route), sender(arrival, message, event.hash, (route) => sequel(missing, route)));
  // While the requests are under way: most rows are new ones, and what takes time for them must not take it twice.
  const bodyOf = bodyKeeper(payload?.reference, () => keepBody(event, request.body, namesOf(wanted), putPayload));
  if (earlier.kind !== 'known') void bodyOf().catch(() => undefined);
  const { taken, failed, unavailable } = await sending;
  // With a failure the sender comes again, and meets what is unavailable again.
  const refused = failed.length > 0 ? [] : unavailable;
  const fate = { targets: namesOf(wanted), enqueued: namesOf(taken), unavailable: refused.map(({ route }) => route.target) };
  if (!await putOnRecord(arrival, event, earlier, fate, bodyOf, store)) return handOverAgain(arrival, event, wanted, store);
  await putTargetsOnRecord(arrival, event, refused, missing.filter(({ route }) => taken.includes(route)), store);
  if (failed.length > 0) throw notEnqueued([...failed, ...unavailable], missing.length);
  const known = earlier.kind === 'known' ? earlier.row : undefined;
  const newlyRefused = refused.filter(({ route }) => !known?.unavailable.has(route.target));
  return end(arrival, [
    acceptedLine(arrival, taken, known !== undefined && wasAccepted(known)),
    ...newlyRefused.map(({ route: { target } }): LogFields => (
      { event: 'quarantined', id: event.id, source: event.source, type: event.type, target, reason: TARGET_UNAVAILABLE })),
  ]);
}

/** A known event that no queue has to get now. Whoever had yet to get it wants it no longer, and its sender may have been asked to send it again. */
export async function comeAgain(arrival: Arrival, event: RecordedEvent, row: KnownRow, { config, table }: Store): Promise<End> {
  const accepted = wasAccepted(row);
  if (!accepted) {
    await table.update(laterRow(event, row, NOWHERE, arrival.now, config)).catch((error: unknown) => { throw notOnRecord(event, error); });
  }
  return end(arrival, [acceptedLine(arrival, [], accepted)]);
}

/** Another body has the id's row: this one goes out under an id of its own too. What the queues have of it by now is one more copy. */
function handOverAgain(arrival: Arrival, event: RecordedEvent, wanted: readonly Route[], store: Store): Promise<End> {
  const second = collided(event);
  sayCollision(arrival, second);
  return handOver(knownAs(arrival, second), second, { kind: 'nothing' }, wanted, store);
}

async function missingOf(arrival: Arrival, { id }: RecordedEvent, earlier: Earlier, wanted: readonly Route[], { table }: Store): Promise<Missing[]> {
  if (earlier.kind !== 'known') return wanted.map((route) => ({ route }));
  const { row } = earlier;
  try {
    return await findMissing(id, row, wanted, table);
  } catch (error) {
    warnStore(arrival, `whether targets gave event ${id} up is not known: ${describe(error)}`);
    return wanted.filter(({ target }) => !row.enqueued.has(target)).map((route) => ({ route }));
  }
}

/** The message for the queues. Where its body travels apart, the bucket has it by then: no message may point at what is not there. */
async function seal({ source, request, authentic, identity, dependencies: { putPayload } }: Arrival, time: number, queues: number): Promise<Written> {
  const written = writeEnvelope(source.name, identity, request, {
    headers: authentic.verification.travellingHeaders, now: time, queues, bucket: putPayload !== undefined,
  });
  if (written.payload && putPayload) await storePayload(written.payload, putPayload);
  return written;
}

function sender(arrival: Arrival, message: string, hash: string, again?: (route: Route) => string | undefined) {
  const { source, request, authentic, identity: { id }, dependencies: { send } } = arrival;
  const named = { source: source.name, id, hash };
  return (route: Route): Promise<unknown> => send(
    route.queueUrl, message, route.orderingKey && orderOf(route.orderingKey, named, request, authentic.proof, again?.(route)));
}

/** What tells a message of a FIFO queue from an earlier one of the same event, which SQS would take for the same for 5 minutes. */
function sequel(missing: readonly Missing[], route: Route): string | undefined {
  const endedAt = missing.find((one) => one.route === route)?.endedAt;
  return endedAt === undefined ? undefined : String(Date.parse(endedAt));
}

/**
 * A queue that has the event is enough to accept it. A target whose queue is not there has its copy in the store, or nowhere. False where the id
 * is another body's.
 */
async function putOnRecord(
  arrival: Arrival, event: RecordedEvent, earlier: Earlier, fate: RecordedFate, bodyOf: BodyOf, store: Store,
): Promise<boolean> {
  if (fate.enqueued.length + fate.unavailable.length === 0) return true;
  try {
    await record({ event, earlier, fate, bodyOf, now: arrival.now }, store.config, store.table);
  } catch (error) {
    if (error instanceof RowConflictError) return false;
    if (fate.unavailable.length > 0) throw notOnRecord(event, error);
    warnStore(arrival, `event ${event.id} is in its queues and not on record: ${describe(error)}`);
  }
  return true;
}

async function putTargetsOnRecord(
  arrival: Arrival, event: RecordedEvent, refused: readonly Refused[], taken: readonly Missing[], store: Store,
): Promise<void> {
  const { now } = arrival;
  await recordUnavailable(event, refused, now, store.config, store.table).catch((error: unknown) => { throw notOnRecord(event, error); });
  await recordWaiting(event, taken, now, store.config, store.table)
    .catch((error: unknown) => warnStore(arrival, `a target of event ${event.id} is on record as if it had given up: ${describe(error)}`));
}

function namesOf(routes: readonly Route[]): string[] {
  return routes.map(({ target }) => target);
}
