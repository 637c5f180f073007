import { readFileSync } from 'node:fs';
import path from 'node:path';
import { isUtf8 } from 'node:buffer';
import type { Scheme } from '../../../lib/contract/scheme';
import { SCHEMES } from '../../../lib/contract/schemes';
import { apiEvent, ingest, source } from '../support/ingest';

interface Vector {
  readonly id: string;
  readonly provider: string;
  readonly description: string;
  readonly secret: string | string[];
  readonly method: string;
  readonly url: string;
  readonly headers: { [name: string]: string | string[] };
  readonly bodyBase64: string;
  readonly now: number;
  readonly expect: 'valid' | 'invalid';
}

/** Schemes without a name, as WebhookSource.hmac() would describe them. */
const GENERIC: { [name: string]: Scheme } = {
  'generic-hmac': {
    name: 'generic-hmac', kind: 'hmac', hash: 'sha256', key: 'utf8', encoding: 'hex', signed: '{body}',
    signature: { header: 'x-signature-256', format: 'plain', prefix: 'sha256=' },
  },
  'generic-hmac-ts': {
    name: 'generic-hmac-ts', kind: 'hmac', hash: 'sha256', key: 'utf8', encoding: 'hex', signed: '{ts}.{body}',
    signature: { header: 'x-webhook-signature', format: 'keyValue', name: 'v1', separator: ',' },
    timestamp: { from: { signature: 't' }, unit: 's', toleranceSeconds: 300 },
  },
};

const schemes: { [name: string]: Scheme } = { ...SCHEMES, ...GENERIC };
const folder = path.resolve(__dirname, '../../conformance/vectors');
const load = (provider: string): Vector[] => JSON.parse(readFileSync(path.join(folder, `${provider}.json`), 'utf8'));

describe.each(['github', 'stripe', 'standard-webhooks', 'generic-hmac', 'generic-hmac-ts'])('%s', (provider) => {
  const vectors = load(provider);
  const encodings = vectors.flatMap((vector) => {
    const body = Buffer.from(vector.bodyBase64, 'base64');
    return (isUtf8(body) ? [true, false] : [true]).map((base64) => ({ ...vector, body, base64, encoding: base64 ? 'as base64' : 'as text' }));
  });

  test.each(encodings)('$id, $description, $encoding: $expect', async ({ secret, method, headers, body, base64, now, expect: expected }) => {
    const config = { gateway: 'g', sources: { s: source(schemes[provider] as Scheme, 'secret') }, targets: { t: { queueUrl: 'q' } } };
    const gateway = ingest({ config, now: () => now * 1_000, secrets: { read: async () => [secret].flat(), refresh: async () => false } });
    const joined = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value].flat().join(',')]));
    const answer = await gateway.post({ path: '/s', method, headers: joined, body, base64 });

    expect(answer.statusCode === 200 ? 'valid' : 'invalid').toBe(expected);
    expect(gateway.sent).toHaveLength(expected === 'valid' ? 1 : 0);
    expect(apiEvent({ path: '/s', method, headers: joined, body, base64 }).isBase64Encoded).toBe(base64);
  });
});
