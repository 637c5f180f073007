const DECODER = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * What may be in a message of SQS, and in an attribute of one; SNS hands its messages on to queues:
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html
 */
const FORBIDDEN = /[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/u;

/** The text of bytes that are UTF-8, letter for letter. */
export function utf8Text(bytes: Uint8Array): string | undefined {
  try {
    return DECODER.decode(bytes);
  } catch {
    return undefined;
  }
}

export function isMessageText(text: string): boolean {
  return !FORBIDDEN.test(text);
}

/** Half a surrogate pair, which JSON may hold, has no bytes. */
export function wellFormed(text: string): string {
  return Buffer.from(text).toString();
}

/** As it is where the place takes it, else percent-encoded. */
export function encodedUnless(isAllowed: (text: string) => boolean, text: string): string {
  return isAllowed(text) ? text : encodeURIComponent(wellFormed(text));
}
