import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';

/** 10 MB, exactly. https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html */
export const MAX_BODY_BYTES = 10_485_760;

/** Reads a body. Null when it is too large: the rest is left to the server, which reads and drops it. Rejects when the client leaves. */
export async function readBody(request: IncomingMessage): Promise<Buffer | null> {
  if (Number(request.headers['content-length'] ?? 0) > MAX_BODY_BYTES) return null;
  const chunks: Buffer[] = [];
  let bytes = 0;
  return new Promise((resolve, reject) => {
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes <= MAX_BODY_BYTES) {
        chunks.push(chunk);
      } else {
        chunks.length = 0;
        resolve(null);
      }
    });
    request.on('end', () => resolve(Buffer.concat(chunks)));
    request.on('error', reject);
    request.on('close', () => reject(new Error('the client left')));
  });
}

const TEXT_TYPES = ['application/json', 'application/xml', 'application/javascript'];

/**
 * Whether a body goes into the event as text, and not in base64. The API Gateway guide only says "if the content type is binary".
 * The list was observed on a deployed HTTP API with format 2.0 (https://github.com/ministackorg/ministack/pull/766): `text/*` and
 * these three; forms, `+json` types and requests without a type come in base64. A compressed body has no text whatever its type.
 */
export function isText(headers: IncomingHttpHeaders): boolean {
  const encoding = headers['content-encoding']?.trim().toLowerCase();
  if (encoding && encoding !== 'identity') return false;
  const type = (headers['content-type'] ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';
  return type.startsWith('text/') || TEXT_TYPES.includes(type);
}
