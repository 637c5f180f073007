import { Token } from 'aws-cdk-lib';
import { Acknowledgement } from '../contract/scheme';
import { showNumber } from '../private/checks';

const MEDIA_TYPE = /^[\w.+-]+\/[\w.+-]+(; ?[\w-]+=[\w.:-]+)*$/;

/**
 * An answer to an accepted event.
 */
export interface WebhookResponse {
  /**
   * The status, 200 to 299: senders take everything else for a failure and try again.
   *
   * @default 200
   */
  readonly statusCode?: number;

  /**
   * The media type of the body.
   *
   * @default 'text/plain'
   */
  readonly contentType?: string;

  /**
   * The body.
   *
   * @default - none
   */
  readonly body?: string;
}

/** A source's own answer. What is no success would make the sender try an event again that was taken. */
export function acknowledgement(response: WebhookResponse): Acknowledgement {
  const { statusCode: status = 200, body, contentType } = response;
  if (Token.isUnresolved(status) || !Number.isInteger(status) || status < 200 || status > 299) {
    throw new Error(`response.statusCode must be a whole number from 200 to 299, got ${showNumber(status)}: senders try again after any other`);
  }
  if ((status === 204 || status === 205) && body !== undefined) throw new Error(`response.statusCode ${status} allows no body: use 200, or leave body out`);
  if (contentType !== undefined && body === undefined) throw new Error(`response.contentType ${JSON.stringify(contentType)} describes no body: set body, or leave it out`);
  if (contentType !== undefined && !Token.isUnresolved(contentType) && !MEDIA_TYPE.test(contentType)) {
    throw new Error(`response.contentType ${JSON.stringify(contentType)} is not a media type, e.g. "application/json"`);
  }
  return { status, ...(body !== undefined && { contentType: contentType ?? 'text/plain', body }) };
}
