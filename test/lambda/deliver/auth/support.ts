import type { HttpAuthSettings, HttpSettings } from '../../../../lib/contract/config';
import type { SenderContext } from '../../../../lib/contract/sender';
import { createSender } from '../../../../lambda/deliver/senders/http';

const SETTINGS: HttpSettings = { signingSecret: { id: 'arn:signing' }, previousSecretOverlapSeconds: 3_600, allowedPrivateCidrs: ['127.0.0.0/8'] };

/** A sender with one way to be known, and the versions of its secrets, which a test may change. */
export function authorized(origin: string, auth: HttpAuthSettings, versions: { [id: string]: string[] }, context: Partial<SenderContext> = {}) {
  const secrets: { [id: string]: string[] } = { 'arn:signing': ['Zm9v'.repeat(8)], ...versions };
  const asked: unknown[] = [];
  const sender = createSender({
    target: 'billing', settings: { ...SETTINGS, auth }, environment: { TARGET_URL: `${origin}/hooks?a=1` },
    secrets: { read: async ({ id }, overlap) => { asked.push([id, overlap]); return secrets[id] ?? Promise.reject(new Error(`no secret ${id}`)); } },
    ...context,
  });
  const send = (signal = AbortSignal.timeout(2_000)) => sender.send({
    id: 'evt_abcdefghijklmnopqrstuvwxyz', source: 'stripe', type: null, time: '2026-01-02T03:04:05.000Z', headers: { 'content-type': 'application/json' },
    body: Buffer.from('{"a":"ü"}'), attempt: 1, signal,
  });
  return { send, secrets, asked };
}
