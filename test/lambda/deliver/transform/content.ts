import type { Content, Transform, Transformed } from '../../../../lambda/deliver/transform/transform';

export const BODY = '{"order":{"id":7,"total":12.5,"lines":[{"sku":"a"},{"sku":"b"}],"note":null},"text":"h\u00e9"}';

/** An event before its transform, with what a test wants different. */
export function contentWith(difference: Partial<Omit<Content, 'body'>> & { readonly body?: Uint8Array | string } = {}): Content {
  const { body = BODY, ...others } = difference;
  return {
    id: 'evt_abcdefghijklmnopqrstuvwxyz', source: 'shop', type: 'order.paid', time: '2026-01-02T03:04:05.000Z', providerId: 'o-7',
    headers: { 'content-type': 'application/json', 'content-encoding': 'identity', 'x-shop': 'one' },
    ...others,
    body: typeof body === 'string' ? Buffer.from(body) : body,
  };
}

/** What came of an event, with the body as text. */
export async function transformed(transform: Transform, content = contentWith()): Promise<object> {
  return readable(await transform(content));
}

export function readable(result: Transformed): object {
  return result.kind === 'event' ? { ...result.content, body: Buffer.from(result.content.body).toString('utf8') } : result;
}
