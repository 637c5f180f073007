/** A body in JSON: as text where that comes back as the same bytes, else in base64. */
export function bodyFields(body: Buffer): { readonly body: string } | { readonly bodyBase64: string } {
  const text = textOf(body);
  return text === undefined ? { bodyBase64: body.toString('base64') } : { body: text };
}

/** Undefined where the bytes are not UTF-8. */
export function textOf(body: Buffer): string | undefined {
  const text = body.toString('utf8');
  return Buffer.from(text).equals(body) ? text : undefined;
}
