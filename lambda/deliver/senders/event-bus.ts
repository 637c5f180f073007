import { EventBridgeClient, PutEventsCommand, type PutEventsRequestEntry } from '@aws-sdk/client-eventbridge';
import type { EventBusSettings } from '../../../lib/contract/aws-settings';
import type { Delivery, Sender, SenderContext } from '../../../lib/contract/sender';
import { Batcher } from '../aws/batcher';
import { orderedResults } from '../aws/call';
import { clientOptions } from '../aws/client';
import { detailOf } from '../aws/document';
import { tooBig } from '../aws/failure';
import { wellFormed } from '../aws/text';

const CALL = 'EventBridge PutEvents';

/** All entries of a call together must stay below 1 MiB: https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html */
const MAX_BYTES = 1_048_575;
const LIMITS = { entries: 10, bytes: MAX_BYTES };

/** In characters: https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEventsRequestEntry.html */
const MAX_DETAIL_TYPE = 128;

/** EventBridge wants a detail type, and not every sender has one. */
const NO_TYPE = 'webhook';

/** A time counts as so many bytes: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-putevents.html#eb-putevent-size */
const TIME_BYTES = 14;

/** Puts events onto an EventBridge bus. An answer of 200 may hold entries that failed, and says of each how it went. */
export function createSender({ settings, environment }: SenderContext): Sender {
  const bus = settings as unknown as EventBusSettings;
  const client = new EventBridgeClient(clientOptions('EVENTBRIDGE', environment, bus.eventBusName));
  const batcher = new Batcher<PutEventsRequestEntry>(CALL, LIMITS, async (entries, abortSignal) => {
    const { Entries } = await client.send(new PutEventsCommand({ Entries: [...entries] }), { abortSignal });
    return orderedResults(CALL, entries.length, Entries);
  });
  return {
    async send(delivery) {
      const entry = entryFor(delivery, bus);
      const bytes = TIME_BYTES + [entry.Source, entry.DetailType, entry.Detail].reduce((sum, text) => sum + Buffer.byteLength(text), 0);
      if (bytes > MAX_BYTES) return tooBig('the entry', bytes, MAX_BYTES);
      return batcher.send(entry, bytes, delivery.signal);
    },
  };
}

function entryFor(delivery: Delivery, { eventBusName, eventSource, detailType }: EventBusSettings) {
  return {
    EventBusName: eventBusName,
    Source: eventSource ?? `webhooks.${delivery.source}`,
    DetailType: detailType ?? [...wellFormed(delivery.type ?? NO_TYPE)].slice(0, MAX_DETAIL_TYPE).join(''),
    Detail: detailOf(delivery),
    Time: new Date(delivery.time),
  };
}
