import { sign } from 'node:crypto';
import { crc32 } from 'node:zlib';
import fc from 'fast-check';
import * as paypal from '../../../../lambda/ingest/schemes/paypal';
import { isTrusted, systemAnchors } from '../../../../lambda/ingest/schemes/shared/certificate';
import { issue, type Issued } from './support.certificates';
import { context, keyHost, outcome, requestOf, schemeRequest, validVector } from './support.jwt';

const NOW = Date.parse('2026-01-02T03:04:05Z');
const NAME = 'messageverificationcerts.paypal.com';
const URL_ = 'https://api.paypal.com/v1/notifications/certs/CERT-360caa42';
const BODY = Buffer.from('{"id":"WH-1","event_type":"PAYMENT.CAPTURE.COMPLETED"}');

const root = issue('Root', { ca: true });
const intermediate = issue('Intermediate', { ca: true, issuer: root });
const leaf = issue(NAME, { issuer: intermediate, type: 'rsa', names: [NAME] });

interface Spoiled {
  readonly served?: Issued[];
  readonly signer?: Issued;
  readonly anchors?: Issued[];
  readonly headers?: { readonly [name: string]: string | string[] | undefined };
  readonly body?: Buffer;
  readonly now?: number;
  readonly webhookId?: string;
}

function headersOf(signer: Issued): { [name: string]: string } {
  const signed = `id-1|2026-01-02T03:04:05Z|WEBHOOK|${crc32(BODY)}`;
  return {
    'PayPal-Transmission-Id': 'id-1',
    'PayPal-Transmission-Time': '2026-01-02T03:04:05Z',
    'PayPal-Transmission-Sig': sign('sha256', Buffer.from(signed), signer.privateKey).toString('base64'),
    'PayPal-Cert-Url': URL_,
    'PayPal-Auth-Algo': 'SHA256withRSA',
  };
}

/** A request of PayPal's that is right in all but what is spoiled. */
function judge(spoiled: Spoiled = {}) {
  const { served = [leaf, intermediate], signer = served[0], anchors = [root], headers, body = BODY, now = NOW, webhookId = 'WEBHOOK' } = spoiled;
  const { fetch, asked } = keyHost(() => served.map(({ pem }) => pem).join('\n'));
  const verifier = paypal.createVerifier(context('paypal', { webhookId, trustAnchors: anchors.map(({ pem }) => pem) }, fetch));
  const all = Object.entries({ ...headersOf(signer as Issued), ...headers })
    .filter((entry): entry is [string, string | string[]] => entry[1] !== undefined);
  return { asked, verdict: outcome(verifier, schemeRequest({ headers: Object.fromEntries(all), body }), [], now) };
}

test('takes what is right', async () => {
  const { asked, verdict } = judge();
  expect(await verdict).toBe('valid');
  expect(asked).toEqual([URL_]);
});

test('the id of the transmission is a verified field', async () => {
  const { fetch } = keyHost(() => leaf.pem + intermediate.pem);
  const verifier = paypal.createVerifier(context('paypal', { webhookId: 'WEBHOOK', trustAnchors: root.pem }, fetch));
  expect(await verifier.verify(schemeRequest({ headers: headersOf(leaf), body: BODY }), [], NOW)).toEqual({ valid: true, fields: { transmissionId: 'id-1' } });
});

test('a retry carries the time of the first transmission, three days later too', async () => {
  expect(await judge({ now: NOW + 72 * 3_600_000 }).verdict).toBe('valid');
});

describe('the chain', () => {
  const issuedBy = (issuer: Issued, options: object = {}) => issue(NAME, { issuer, type: 'rsa', names: [NAME], ...options });
  const notCa = issue('Intermediate', { issuer: root });
  const expired = issue('Intermediate', { ca: true, issuer: root, to: '2026-01-01' });
  const namesake = issue('Root', { ca: true });

  const cases: [string, Spoiled, string][] = [
    ['with the root served too', { served: [leaf, intermediate, root] }, 'valid'],
    ['in another order behind the leaf', { served: [leaf, root, intermediate] }, 'valid'],
    ['straight from the root', { served: [issuedBy(root)] }, 'valid'],
    ['to an anchor that is no root', { served: [leaf], anchors: [intermediate] }, 'valid'],
    ['to a pinned leaf', { served: [leaf], anchors: [leaf] }, 'valid'],
    ['without its middle', { served: [leaf] }, 'signature'],
    ['to another root', { anchors: [issue('Other', { ca: true })] }, 'signature'],
    ['to a root of the same name with another key', { anchors: [namesake] }, 'signature'],
    ['of a certificate that signs itself', { served: [issue(NAME, { names: [NAME], type: 'rsa', issuer: issue(NAME) })] }, 'signature'],
    ['over a certificate that is no authority', { served: [issuedBy(notCa), notCa] }, 'signature'],
    ['over an expired authority', { served: [issuedBy(expired), expired] }, 'signature'],
    ['of an expired leaf', { served: [issuedBy(root, { to: '2026-01-01' })] }, 'signature'],
    ['of a leaf that is not valid yet', { served: [issuedBy(root, { from: '2026-02-01' })] }, 'signature'],
    ['of a leaf made out to somebody else', { served: [issue('evil.example', { issuer: root, type: 'rsa', names: ['evil.example'] })] }, 'signature'],
    ['of a leaf whose alternative names are others', { served: [issue(NAME, { issuer: root, type: 'rsa', names: ['evil.example'] })] }, 'signature'],
    ['of a leaf with a look-alike name', { served: [issue('notpaypal.com', { issuer: root, type: 'rsa', names: ['notpaypal.com', 'paypal.com.evil.example'] })] }, 'signature'],
    ['of a leaf with a common name only', { served: [issue('messageverificationcerts.sandbox.paypal.com', { issuer: root, type: 'rsa' })] }, 'valid'],
    ['of a leaf without an RSA key', { served: [issue(NAME, { issuer: root, names: [NAME] })] }, 'signature'],
    ['where a wrong leaf comes before the right one', { served: [issue('evil.example', { type: 'rsa' }), leaf, intermediate] }, 'signature'],
  ];

  test.each(cases)('%s', async (_title, spoiled, expected) => {
    expect(await judge(spoiled).verdict).toBe(expected);
  });

  test('is held against the roots of Node where no anchors are set', async () => {
    const vector = validVector('paypal');
    const certificate = Object.values(vector.certificates ?? {})[0] as string;
    const run = (settings: object) => outcome(
      paypal.createVerifier(context('paypal', { webhookId: vector.context?.['webhookId'], ...settings }, keyHost(() => certificate).fetch)),
      requestOf(vector), [], NOW,
    );
    expect(await run({})).toBe('signature');
    expect(await run({ trustAnchors: certificate })).toBe('valid');
  });

  test('leads to a root of Node where one issued it', () => {
    const [anchor] = systemAnchors().filter(({ ca, validTo }) => ca && Date.parse(validTo) > NOW);
    expect(anchor && isTrusted(anchor, [], systemAnchors(), NOW)).toBe(true);
  });
});

test.each([
  'http://api.paypal.com/v1/notifications/certs/C', 'https://api.paypal.com.evil.example/v1/notifications/certs/C', 'https://notpaypal.com/v1/notifications/certs/C',
  'https://paypal.com@evil.example/v1/notifications/certs/C', 'https://api.paypal.com:444/v1/notifications/certs/C', 'https://api.paypal.com/v1/notifications/certs/../C',
  'https://api.paypal.com/v1/notifications/certs/C?x=1', 'https://api.paypal.com/v1/notifications/certs/C#x', 'https://api.paypal.com/other/C', 'https://evil.example/?.paypal.com',
  'https://api.paypal.com/v1/notifications/certs/C\n', `${URL_},${URL_}`, '',
])('no certificate is fetched from %j', async (url) => {
  const { asked, verdict } = judge({ headers: { 'PayPal-Cert-Url': url } });
  expect(await verdict).toBe('signature');
  expect(asked).toEqual([]);
});

test.each(['https://api.sandbox.paypal.com', 'https://api-m.paypal.com'])('%s has certificates too', async (origin) => {
  expect(await judge({ headers: { 'PayPal-Cert-Url': `${origin}/v1/notifications/certs/CERT-1` } }).verdict).toBe('valid');
});

test.each(Object.keys(headersOf(leaf)))('the header %s is required, and comes once', async (name) => {
  const value = headersOf(leaf)[name] as string;
  expect(await judge({ headers: { [name]: undefined } }).verdict).toBe('signature');
  expect(await judge({ headers: { [name]: '' } }).verdict).toBe('signature');
  expect(await judge({ headers: { [name]: [value, value] } }).verdict).toBe('signature');
});

test.each([
  ['PayPal-Transmission-Id', 'id-2'], ['PayPal-Transmission-Id', 'id-1|2026-01-02T03:04:05Z'], ['PayPal-Transmission-Time', '2026-01-02T03:04:06Z'],
  ['PayPal-Auth-Algo', 'SHA1withRSA'], ['PayPal-Auth-Algo', 'sha256withrsa'], ['PayPal-Auth-Algo', 'none'],
])('%s of %s is refused', async (name, value) => {
  expect(await judge({ headers: { [name]: value } }).verdict).toBe('signature');
});

test('another webhook id or another key is refused', async () => {
  expect(await judge({ webhookId: 'OTHER' }).verdict).toBe('signature');
  expect(await judge({ signer: issue(NAME, { type: 'rsa' }) }).verdict).toBe('signature');
});

test('any flipped bit of the body or the signature is refused', async () => {
  const signature = Buffer.from(headersOf(leaf)['PayPal-Transmission-Sig'] as string, 'latin1');
  const flip = (bytes: Buffer, seed: number) => {
    const copy = Buffer.from(bytes);
    const bit = seed % (copy.length * 8);
    copy.writeUInt8(copy.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
    return copy;
  };
  await fc.assert(fc.asyncProperty(fc.nat(), async (seed) => {
    expect(await judge({ body: flip(BODY, seed) }).verdict).toBe('signature');
    expect(await judge({ headers: { 'PayPal-Transmission-Sig': flip(signature, seed).toString('latin1') } }).verdict).toBe('signature');
  }), { numRuns: 60 });
});

test('a host that is down or serves no certificate is not known rather than wrong', async () => {
  const request = schemeRequest({ headers: headersOf(leaf), body: BODY });
  for (const answer of ['', '<html>', '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----']) {
    const verifier = paypal.createVerifier(context('paypal', { webhookId: 'WEBHOOK', trustAnchors: root.pem }, keyHost(() => answer).fetch));
    expect(await outcome(verifier, request, [], NOW)).not.toMatch(/valid|signature/);
  }
});

test.each([[{}, 'webhookId'], [{ webhookId: '' }, 'webhookId'], [{ webhookId: 'W', trustAnchors: [] }, 'trustAnchors'], [{ webhookId: 'W', trustAnchors: ['x'] }, 'certificate']])(
  'settings %j are refused when the function starts', (settings, message) => {
    expect(() => paypal.createVerifier(context('paypal', settings))).toThrow(message);
  });
