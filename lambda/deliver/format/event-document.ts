import type { Formatted } from './cloud-event';

const DECODER = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** The event as one JSON document, for services with no place for anything beside. `body` is the very text that came. */
export function eventDocument({ id, source, type, time, headers, body, providerId }: Formatted & { readonly providerId?: string }): string {
  return JSON.stringify({ id, source, type, time, ...(providerId === undefined ? {} : { providerId }), headers, ...bodyOf(body) });
}

function bodyOf(body: Uint8Array): { readonly body: string } | { readonly bodyBase64: string } {
  try {
    return { body: DECODER.decode(body) };
  } catch {
    return { bodyBase64: Buffer.from(body).toString('base64') };
  }
}
