const DECODER = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** A body that is JSON: its text as it came, and what that says. Undefined for every other body. */
export function readJson(body: Uint8Array): { readonly text: string; readonly value: unknown } | undefined {
  try {
    const text = DECODER.decode(body);
    return { text, value: JSON.parse(text) };
  } catch {
    return undefined;
  }
}
