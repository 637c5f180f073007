import { describe } from '../shared/log';
import { RowConflictError, type RowChange } from '../shared/store/change';
import type { RecordedEvent, RecordedFate } from '../shared/store/event-row';
import { end, knownAs, nameEvent, notOnRecord, routed, sayCollision, warnStore, type Arrival, type End, type Say, type Store } from './arrival';
import { collided, lookUp, wasAccepted, type Earlier, type LookedUp } from './duplicates';
import { comeAgain, handOver, handOverUnrecorded } from './hand-over';
import type { IngestDependencies } from './handler';
import { identify } from './identify';
import type { Authentic } from './prove';
import { bodyKeeper, keepBody, NOWHERE, record } from './record';
import { Rejection } from './rejection';
import type { WebhookRequest } from './request';
import { chooseRoutes } from './route';
import type { Source } from './sources';

/** Names an event, and hands it to whoever keeps it: the queues of the targets that want it, or the event store where there are none. */
export async function accept(
  source: Source, request: WebhookRequest, authentic: Authentic, dependencies: IngestDependencies, say: Say,
): Promise<End> {
  const arrival: Arrival = {
    source, request, authentic, dependencies, say,
    identity: identify(source.name, authentic.verification.scheme, request, authentic.proof),
    now: dependencies.now(),
  };
  const objection = objectionOf(arrival);
  const { config: { store }, table } = dependencies;
  return store && table ? acceptOnRecord(arrival, objection, { config: store, table }) : acceptUnrecorded(arrival, objection);
}

/** What the source's schema says against the event. Throws where that is to be said to the sender. */
function objectionOf({ source: { validate, onInvalid }, request, identity }: Arrival): string | undefined {
  const rejects = onInvalid === 'reject';
  let objection: string | undefined;
  try {
    objection = validate?.(request, identity.type);
  } catch (error) {
    // What could not be judged is not the sender's fault.
    if (rejects || error instanceof Rejection) throw error;
    return `the schema could not judge it: ${describe(error)}`;
  }
  if (objection !== undefined && rejects) throw new Rejection('schema', objection);
  return objection;
}

/** A 2xx would say that the event is kept, and there is nothing that keeps it. */
const UNROUTED = 'no target takes the events of this source, and nothing keeps them';
const UNKEPT = 'the event is not what its schema asks for, and there is no event store to keep it in';

/** Without an event store, what no queue takes is not kept. */
async function acceptUnrecorded(arrival: Arrival, objection: string | undefined): Promise<End> {
  const { source, say, identity: { id, type } } = arrival;
  if (objection !== undefined) throw new Rejection('store', `${UNKEPT}: ${objection}`);
  if (source.routes.length === 0) {
    say({ event: 'unrouted', id, source: source.name, type, reason: UNROUTED });
    throw new Rejection('store', UNROUTED);
  }
  const { wanted, unrouted } = chooseRoutes(source.routes, routed(arrival));
  // The gateway's own filters say that nobody wants it, so the sender has nothing to try again.
  if (unrouted !== undefined) return end(arrival, [{ event: 'unrouted', id, source: source.name, type, reason: unrouted }]);
  return handOverUnrecorded(arrival, wanted);
}

const NO_ROUTES = 'no target takes the events of this source';

/** With one: look up, enqueue what is missing, record. Only what is in a queue is ever recorded as being there. */
async function acceptOnRecord(asked: Arrival, objection: string | undefined, store: Store): Promise<End> {
  const first = nameEvent(asked);
  const { event: named, earlier, note }: LookedUp<RecordedEvent> = asked.identity.named
    ? await lookUp(first, store.table, asked.source.deduplicationWindowSeconds) : { event: first, earlier: NOTHING };
  const arrival = knownAs(asked, named);
  const { source } = arrival;
  if (note) await noteRepeat(arrival, note, store);
  if (earlier.kind === 'unknown') warnStore(arrival, `event ${named.id} may be a duplicate: ${earlier.why}`);
  if (named.collidesWith !== undefined && earlier.kind !== 'known') sayCollision(arrival, named);
  // What came first is the event's time, also for targets that get it later.
  const event = earlier.kind === 'known' ? { ...named, time: earlier.row.time } : named;
  const { wanted, unrouted = NO_ROUTES } = source.routes.length === 0 ? { wanted: [] } : chooseRoutes(source.routes, routed(arrival));
  const names = wanted.map(({ target }) => target);
  // What its sender was asked to send again goes on, whatever has changed since: some of its targets have it.
  const resumed = earlier.kind === 'known' && !wasAccepted(earlier.row);
  if (objection !== undefined && !(resumed && wanted.length > 0)) {
    return quarantine(arrival, event, earlier, { ...NOWHERE, targets: names, quarantined: objection }, store);
  }
  if (wanted.length === 0) return keepUnrouted(arrival, event, earlier, unrouted, store);
  return handOver(arrival, event, earlier, wanted, store);
}

const NOTHING: Earlier = { kind: 'nothing' };

/** Before the event has a row: what has none is looked for in vain, and what is not noted would be delivered once more. */
async function noteRepeat(arrival: Arrival, note: RowChange, { table }: Store): Promise<void> {
  try {
    await table.update(note);
  } catch (error) {
    // The first event is on record no longer.
    if (error instanceof RowConflictError) return;
    warnStore(arrival, `event ${arrival.identity.id} may not be known when it comes again: ${describe(error)}`);
  }
}

/** Kept for a person to look at, and to release to who wants it once the schema is right. */
async function quarantine(
  arrival: Arrival, event: RecordedEvent, earlier: Earlier, fate: RecordedFate & { readonly quarantined: string }, store: Store,
): Promise<End> {
  if (earlier.kind === 'known') return comeAgain(arrival, event, earlier.row, store);
  const { id, type } = await recordOnlyCopy(arrival, event, earlier, fate, store);
  return end(arrival, [{ event: 'quarantined', id, source: event.source, type, reason: fate.quarantined }]);
}

async function keepUnrouted(arrival: Arrival, event: RecordedEvent, earlier: Earlier, reason: string, store: Store): Promise<End> {
  if (earlier.kind === 'known') return comeAgain(arrival, event, earlier.row, store);
  const { id, type } = await recordOnlyCopy(arrival, event, earlier, NOWHERE, store);
  return end(arrival, [{ event: 'unrouted', id, source: event.source, type, reason }]);
}

/**
 * The row is there before the answer. Whether the id is taken must be known: the row of a delivered event would say something else of it.
 * Resolves to the event as it is on record.
 */
async function recordOnlyCopy(arrival: Arrival, event: RecordedEvent, earlier: Earlier, fate: RecordedFate, store: Store): Promise<RecordedEvent> {
  const { request, now, dependencies } = arrival;
  if (earlier.kind === 'unknown') throw new Rejection('store', `event ${event.id} is not on record; ${earlier.why}`);
  const bodyOf = bodyKeeper(undefined, () => keepBody(event, request.body, fate.targets, dependencies.putPayload));
  try {
    await record({ event, earlier, fate, bodyOf, now }, store.config, store.table);
    return event;
  } catch (error) {
    if (!(error instanceof RowConflictError)) throw notOnRecord(event, error);
  }
  const second = collided(event);
  sayCollision(arrival, second);
  return recordOnlyCopy(knownAs(arrival, second), second, NOTHING, fate, store);
}
