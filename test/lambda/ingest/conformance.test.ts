import { isUtf8 } from 'node:buffer';
import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import type { PairingConfig, SourceConfig } from '../../../lib/contract/config';
import type { Scheme } from '../../../lib/contract/scheme';
import { SCHEMES } from '../../../lib/contract/schemes';
import { ingest } from '../support/ingest';

interface Recorded {
  readonly id: string;
  readonly provider: string;
  readonly description: string;
  readonly secret?: string | string[];
  readonly publicKey?: string;
  readonly method: string;
  readonly url: string;
  readonly headers: { [name: string]: string | string[] };
  readonly bodyBase64: string;
  readonly now: number;
  readonly advisory?: boolean;
}

interface Vector extends Recorded {
  readonly expect: 'valid' | 'invalid';
}

interface RecordedHandshake extends Recorded {
  readonly pairing?: boolean;
  readonly response: { readonly status: number; readonly body?: string; readonly json?: object; readonly headers?: { [name: string]: string } };
}

/** Schemes without a sender, as `WebhookSource.hmac()` and the others describe them. */
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
  'generic-basic': { name: 'generic-basic', kind: 'basic' },
  'generic-apikey': { name: 'generic-apikey', kind: 'token', token: { header: 'x-api-key' } },
};

const PAIRINGS: { [provider: string]: PairingConfig } = {
  notion: { key: { json: '$.verification_token' } },
  asana: { key: { header: 'x-hook-secret' }, echoHeader: 'x-hook-secret' },
};

const folder = path.resolve(__dirname, '../../conformance/vectors');
const load = <T>(name: string): T[] => JSON.parse(readFileSync(path.join(folder, `${name}.json`), 'utf8'));
const schemes: { [name: string]: Scheme | undefined } = { ...GENERIC, ...SCHEMES };

/** Posts a recorded request to a gateway with one source of its provider. */
async function replay(recorded: Recorded, { base64, open = false }: { base64: boolean; open?: boolean }) {
  const { provider, secret, publicKey, method, url, headers, bodyBase64, now } = recorded;
  const { origin, pathname, search } = new URL(url);
  const source: SourceConfig = {
    publicUrl: `${origin}${pathname}`,
    verifications: [{ scheme: schemes[provider]!, secret: { id: 'secret' }, publicKey, previousSecretOverlapSeconds: 0, verifyToken: { id: 'token' } }],
    ...(PAIRINGS[provider] ? { pairing: PAIRINGS[provider] } : {}),
  };
  const config = { gateway: 'g', sources: { s: source }, targets: { t: { queueUrl: 'q' } } };
  const secrets = { read: async () => [secret ?? ''].flat(), refresh: async () => false };
  const gateway = ingest({ config, now: () => now * 1_000, secrets, pair: async () => open });
  const joined = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value].flat().join(',')]));
  const answer = await gateway.post({ path: '/s', method, headers: joined, body: Buffer.from(bodyBase64, 'base64'), base64, query: search.slice(1) });
  return { answer, sent: gateway.sent.length, lines: gateway.lines };
}

const encodingsOf = (bodyBase64: string): boolean[] => isUtf8(Buffer.from(bodyBase64, 'base64')) ? [true, false] : [true];

const providers = readdirSync(folder).map((file) => path.basename(file, '.json'));
const withData = providers.filter((name) => schemes[name] && schemes[name].kind !== 'code');

test('every provider whose scheme is data is here', () => {
  expect(withData.length).toBeGreaterThanOrEqual(80);
});

describe.each(withData)('%s', (provider) => {
  test.each(load<Vector>(provider))('$id, $description: $expect', async (vector) => {
    const accepted = [];
    for (const base64 of encodingsOf(vector.bodyBase64)) {
      const { answer, sent } = await replay(vector, { base64 });
      const taken = answer.statusCode >= 200 && answer.statusCode <= 299;
      expect(sent).toBe(taken ? 1 : 0);
      if (!taken) expect([401, 503]).toContain(answer.statusCode);
      accepted.push(taken);
    }
    // One answer, however the body came. What a sender's own library decides otherwise may be either.
    expect(new Set(accepted).size).toBe(1);
    if (!vector.advisory) expect(accepted[0] ? 'valid' : 'invalid').toBe(vector.expect);
  });
});

describe('handshakes', () => {
  const ofData = load<RecordedHandshake>('handshakes').filter(({ provider, advisory }) => !advisory && schemes[provider]?.kind !== 'code');

  test.each(ofData)('$id, $description', async (handshake) => {
    const { response } = handshake;
    for (const base64 of encodingsOf(handshake.bodyBase64)) {
      const { answer, lines, sent } = await replay(handshake, { base64, open: handshake.pairing });
      expect(answer.statusCode).toBe(response.status);
      if (response.status === 200) expect(lines.map(({ event }) => event)).toEqual([sent ? 'accepted' : 'handshake']);
      if (response.body !== undefined) expect(answer.body).toBe(response.body);
      if (response.json !== undefined) expect(JSON.parse(answer.body!)).toEqual(response.json);
      expect(answer.headers ?? {}).toMatchObject(response.headers ?? {});
    }
  });

  test.each(ofData.filter(({ pairing }) => pairing))('$id is refused where no pairing is open', async (handshake) => {
    const { answer, lines } = await replay(handshake, { base64: true });
    expect(answer.statusCode).toBe(401);
    expect(lines).toMatchObject([{ event: 'rejected', reason: 'signature', detail: expect.stringContaining('no pairing is open') }]);
  });
});
