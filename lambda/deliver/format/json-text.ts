const DECODER = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** The text of a body that is JSON, as it came; undefined for every other body. */
export function jsonText(body: Uint8Array): string | undefined {
  try {
    const text = DECODER.decode(body);
    JSON.parse(text);
    return text;
  } catch {
    return undefined;
  }
}
