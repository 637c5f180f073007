import { createHash } from 'node:crypto';
import type { StoreConfig } from '../../lib/contract/config';
import { describe, type LogFields } from '../shared/log';
import type { RecordedEvent } from '../shared/store/event-row';
import type { StoreTable } from '../shared/store/table';
import { accepted, type Answer } from './answer';
import type { IngestDependencies } from './handler';
import type { Identity } from './identify';
import { ID_COLLISION, STORE_FAILED } from './measures';
import type { Authentic } from './prove';
import { Rejection } from './rejection';
import { pickHeaders, type WebhookRequest } from './request';
import type { Route, RoutedEvent } from './route';
import { sameBytes } from './same-body';
import type { Source } from './sources';

/** How a request ended well. */
export interface End {
  readonly answer: Answer;
  /** What happened, in the order in which it did. */
  readonly lines: readonly LogFields[];
}

export type Say = (line: LogFields) => void;

/** An authentic request on its way to become an event. */
export interface Arrival {
  readonly source: Source;
  readonly request: WebhookRequest;
  readonly authentic: Authentic;
  readonly identity: Identity;
  /** Milliseconds since 1970. */
  readonly now: number;
  readonly dependencies: IngestDependencies;
  /** For what happens on the way. */
  readonly say: Say;
}

export interface Store {
  readonly config: StoreConfig;
  readonly table: StoreTable;
}

/** The event as its row has it. */
export function nameEvent(arrival: Arrival): RecordedEvent {
  const { source, request, authentic: { verification }, identity: { id, type, providerId }, now } = arrival;
  return {
    id, source: source.name, type, ...(providerId !== undefined && { providerId }), time: new Date(now).toISOString(), bytes: request.body.length,
    hash: bodyHash(arrival),
    headers: pickHeaders(request.headers, verification.travellingHeaders),
    unverified: verification.scheme.kind === 'open',
  };
}

/** SHA-256, hex. What it tells apart are two bodies, not two deliveries of one. */
export function bodyHash({ request, authentic: { verification } }: Arrival): string {
  return createHash('sha256').update(sameBytes(request.body, verification.scheme.volatile)).digest('hex');
}

/** The same request as the event that it is known as. */
export function knownAs(arrival: Arrival, { id }: RecordedEvent): Arrival {
  return id === arrival.identity.id ? arrival : { ...arrival, identity: { ...arrival.identity, id } };
}

/** The event as routes see it. Its body is parsed when the first filter looks into it. */
export function routed({ source, request, authentic: { verification }, identity: { id, type, providerId }, now }: Arrival): RoutedEvent {
  return {
    type,
    metadata: { id, source: source.name, type, time: new Date(now).toISOString(), providerId },
    headers: pickHeaders(request.headers, verification.filteredHeaders),
    body: () => request.json,
  };
}

export function end({ source, authentic }: Arrival, lines: readonly LogFields[]): End {
  return { answer: accepted(source.response ?? authentic.verification.scheme.acknowledgement), lines };
}

export function acceptedLine(arrival: Arrival, routes: readonly Route[], duplicate: boolean): LogFields {
  const { source, request, authentic, identity: { id, type } } = arrival;
  return {
    event: 'accepted', id, source: source.name, type, bytes: request.body.length, targets: routes.map(({ target }) => target), duplicate,
    ...(authentic.verification.scheme.kind === 'open' ? { verified: false } : {}),
  };
}

/** The event store failed where the event can do without it. */
export function warnStore({ say, source }: Arrival, message: string): void {
  say({ event: 'warning', code: STORE_FAILED, message, source: source.name });
}

/** Said once: what comes again is known. */
export function sayCollision({ say, source }: Arrival, { id, collidesWith }: RecordedEvent): void {
  const message = `the sender gave event ${id} the id of event ${collidesWith}, which has another body; both are kept and go their ways`;
  say({ event: 'warning', code: ID_COLLISION, message, source: source.name });
}

/** The event store failed where it would have the only copy. */
export function notOnRecord({ id }: RecordedEvent, error: unknown): Rejection {
  return new Rejection('store', `event ${id} is not on record; ${describe(error)}`);
}
