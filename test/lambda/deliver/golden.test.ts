import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { ENVELOPE_VERSION } from '../../../lib/contract/envelope';
import { deliver, record } from '../support/deliver';

/**
 * Messages as they were written, each by the version of its name: one in a queue or in the payload bucket may be weeks old when a
 * new function meets it. These files are never changed; a new version or a new form of a body is a new file.
 */
const GOLDEN: { readonly [file: string]: { readonly id: string; readonly source: string; readonly type: string | null; readonly body: Buffer } } = {
  'v1-text': { id: 'evt_2gj4mtxwqyr6gzm5c7fbnc3ksu', source: 'stripe', type: 'invoice.paid', body: Buffer.from('{"amount": 1.10,\r\n "name": "Zoë 💥"}\n') },
  'v1-base64': { id: 'evt_aaaaaaaaaaaaaaaaaaaaaaaaaa', source: 'uploads', type: 'file', body: Buffer.from([0xff, 0xfe, 0, 1, 0x80]) },
  'v1-empty': { id: 'evt_bbbbbbbbbbbbbbbbbbbbbbbbbb', source: 'ping', type: 'ping', body: Buffer.alloc(0) },
  'v1-provider-id': { id: 'evt_cccccccccccccccccccccccccc', source: 'github', type: 'push', body: Buffer.from('payload=%7B%7D') },
  'v1-null-type': { id: 'evt_dddddddddddddddddddddddddd', source: 'plain', type: null, body: Buffer.from('text') },
  'v1-escapes': { id: 'evt_eeeeeeeeeeeeeeeeeeeeeeeeee', source: 'odd', type: 'odd', body: Buffer.from('a\0\u001f\uFFFE\uFFFF') },
  'v2-text': { id: 'evt_gggggggggggggggggggggggggg', source: 'shop', type: 'orders/create', body: Buffer.from('{}') },
  'v2-base64': { id: 'evt_hhhhhhhhhhhhhhhhhhhhhhhhhh', source: 'shop', type: 'orders/create', body: Buffer.from([0xff, 0]) },
  'v2-payload': { id: 'evt_ffffffffffffffffffffffffff', source: 'shop', type: 'orders/create', body: Buffer.from(`{"big":"${'x'.repeat(400_000)}"}`) },
};

const folder = path.join(__dirname, 'golden');

test.each(Object.entries(GOLDEN))('row 60: a message written as %s is delivered byte for byte', async (file, { body, ...names }) => {
  const message = readFileSync(path.join(folder, `${file}.json`), 'utf8').trimEnd();
  const { headers, time, payload, providerId } = JSON.parse(message);
  const queue = deliver();
  if (payload) queue.payloads[payload.key] = body;
  expect(await queue.run([record(message)])).toEqual([]);
  expect(queue.deliveries).toEqual([{
    ...names, headers, time, ...(providerId && { providerId }), body, attempt: 1, signal: expect.any(AbortSignal),
  }]);
});

test('every file is read, and there is one of every version', () => {
  const files = readdirSync(folder).map((name) => path.basename(name, '.json')).sort();
  expect(files).toEqual(Object.keys(GOLDEN).sort());
  const versions = new Set(files.map((name) => Number(/^v(\d+)-/.exec(name)?.[1])));
  expect([...versions].sort()).toEqual(Array.from({ length: ENVELOPE_VERSION }, (_, index) => index + 1));
});
