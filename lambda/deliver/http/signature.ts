import { createHmac, sign, type KeyObject } from 'node:crypto';
import type { HttpSettings, SecretReference } from '../../../lib/contract/config';
import type { Delivery, SecretReader } from '../../../lib/contract/sender';
import { KeyRing, toSigningKey } from '../../shared/key';

export const SIGNATURE_HEADERS = { id: 'webhook-id', timestamp: 'webhook-timestamp', signature: 'webhook-signature' } as const;

/** Signs as Standard Webhooks says: https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md */
export class Signer {
  readonly names: Required<HttpSettings>['signatureHeaders'];
  readonly #secret: SecretReference;
  readonly #overlapSeconds: number;
  readonly #secrets: SecretReader;
  readonly #ring: KeyRing;

  constructor({ signingSecret, previousSecretOverlapSeconds, signatureHeaders = SIGNATURE_HEADERS }: HttpSettings, secrets: SecretReader) {
    this.names = signatureHeaders;
    this.#secret = signingSecret;
    this.#overlapSeconds = previousSecretOverlapSeconds;
    this.#secrets = secrets;
    this.#ring = new KeyRing(toSigningKey, signingSecret.id);
  }

  /**
   * Header lines, names and values in turn. The id is the same on every attempt; the timestamp is that of the attempt, so that a late one
   * is not taken for a replay. While a rotation's overlap lasts, both keys sign. Throws what reading the secret throws.
   */
  async lines(delivery: Delivery, now: number): Promise<string[]> {
    const keys = this.#ring.keys(await this.#secrets.read(this.#secret, this.#overlapSeconds));
    const timestamp = String(Math.floor(now / 1_000));
    const prefix = `${delivery.id}.${timestamp}.`;
    const signatures = keys.map((key) => signed(key, prefix, delivery.body)).join(' ');
    return [this.names.id, delivery.id, this.names.timestamp, timestamp, this.names.signature, signatures];
  }
}

function signed(key: KeyObject, prefix: string, body: Uint8Array): string {
  if (key.type === 'private') return `v1a,${sign(null, Buffer.concat([Buffer.from(prefix), body]), key).toString('base64')}`;
  return `v1,${createHmac('sha256', key).update(prefix).update(body).digest('base64')}`;
}
