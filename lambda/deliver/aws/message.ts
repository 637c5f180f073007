import type { Delivery } from '../../../lib/contract/sender';
import { encodedUnless, isMessageText, utf8Text } from './text';

/** An event as a message of SQS or SNS. */
export interface ServiceMessage {
  readonly body: string;
  readonly attributes: { readonly [name: string]: MessageAttribute };
  /** What counts against the service's limit: body, and each attribute's name, type and value. */
  readonly bytes: number;
}

export interface MessageAttribute {
  readonly DataType: 'String';
  readonly StringValue: string;
}

/** No message is empty. `webhook-encoding` says that this one is. */
const INSTEAD_OF_NOTHING = ' ';

/**
 * The body is the very text that came. What is no text that a message may hold is base64, and `webhook-encoding` says so. An
 * attribute has no empty value: what the event does not have has no attribute. There are never more than eight; SQS takes ten.
 */
export function serviceMessage(delivery: Delivery): ServiceMessage {
  const { body, encoding } = messageBody(delivery.body);
  const values: { readonly [name: string]: string | null | undefined } = {
    'webhook-id': delivery.id,
    'webhook-source': delivery.source,
    'webhook-type': delivery.type,
    'webhook-time': delivery.time,
    'webhook-encoding': encoding,
    'content-type': delivery.headers['content-type'],
    'content-encoding': delivery.headers['content-encoding'],
  };
  const attributes: { [name: string]: MessageAttribute } = {};
  let bytes = Buffer.byteLength(body);
  for (const [name, value] of Object.entries(values)) {
    if (!value) continue;
    const attribute = { DataType: 'String', StringValue: encodedUnless(isMessageText, value) } as const;
    attributes[name] = attribute;
    bytes += name.length + attribute.DataType.length + Buffer.byteLength(attribute.StringValue);
  }
  return { body, attributes, bytes };
}

function messageBody(bytes: Uint8Array): { readonly body: string; readonly encoding?: 'base64' | 'empty' } {
  if (bytes.length === 0) return { body: INSTEAD_OF_NOTHING, encoding: 'empty' };
  const text = utf8Text(bytes);
  if (text !== undefined && isMessageText(text)) return { body: text };
  return { body: Buffer.from(bytes).toString('base64'), encoding: 'base64' };
}
