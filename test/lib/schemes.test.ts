import { readFileSync } from 'fs';
import * as path from 'path';
import type { FieldLocation, HashScheme, HmacScheme, PublicKeyScheme, Scheme, SignaturePlace } from '../../lib/contract/scheme';
import { PAIRINGS, SCHEMES, signsUrl } from '../../lib/contract/schemes';

/** One sender of the catalogue, with how it verifies in the catalogue's own words. */
interface Catalogued {
  readonly name: string;
  readonly verify: { readonly kind: string; readonly handler?: string; readonly [key: string]: unknown } | null;
  readonly toleranceSeconds?: number;
  readonly recommendedToleranceSeconds?: number;
}

const catalogue: Catalogued[] = JSON.parse(readFileSync(path.join(__dirname, '../conformance/catalogue.json'), 'utf8'));
const scheme = (name: string): Scheme => SCHEMES[name] as Scheme;
const data = catalogue.filter(({ verify }) => verify && verify.kind !== 'custom');

test('are those of the catalogue, each under its own name', () => {
  expect(Object.keys(SCHEMES).sort()).toEqual(catalogue.map(({ name }) => name).sort());
  expect(Object.keys(SCHEMES)).toHaveLength(113);
  for (const [name, { name: own }] of Object.entries(SCHEMES)) expect(own).toBe(name);
});

test.each(data.map((entry) => [entry.name, entry] as const))('%s says what the catalogue says', (name, { verify, toleranceSeconds, recommendedToleranceSeconds }) => {
  expect(describeScheme(scheme(name))).toEqual(verify);
  const own = scheme(name);
  const window = 'timestamp' in own ? own.timestamp?.toleranceSeconds : undefined;
  if (verify?.ts) expect(window).toBe(toleranceSeconds ?? recommendedToleranceSeconds);
  else expect(window).toBeUndefined();
});

/** Modules whose window is fixed by the sender's tokens have no setting. */
const WINDOWS = { box: 600, contentful: 30, hook0: 300, mailgun: 300 };

test('schemes with code have the catalogue\'s windows where they take one', () => {
  for (const [name, seconds] of Object.entries(WINDOWS)) {
    const entry = catalogue.find((candidate) => candidate.name === name);
    expect(entry?.toleranceSeconds ?? entry?.recommendedToleranceSeconds).toBe(seconds);
    expect(scheme(name)).toMatchObject({ kind: 'code', settings: { toleranceSeconds: seconds } });
  }
});

test('schemes with code are those that the catalogue has no words for', () => {
  const custom = catalogue.filter(({ verify, name }) => verify?.kind === 'custom' || name === 'hook0').map(({ name }) => name).sort();
  expect(Object.values(SCHEMES).filter(({ kind }) => kind === 'code').map(({ name }) => name).sort()).toEqual(custom);
});

test('what signs nothing is proved by a token in the URL, and nothing is open', () => {
  for (const name of ['mailchimp', 'cloudevents', 'fastly', 'digitalocean']) expect(scheme(name)).toMatchObject({ kind: 'token', token: { query: 'token' } });
  expect(Object.values(SCHEMES).filter(({ kind }) => kind === 'open')).toEqual([]);
});

test('header names are in lower case, as requests have them', () => {
  const names = [...JSON.stringify(SCHEMES).matchAll(/"header":"([^"]+)"/g)].map((match) => match[1] as string);
  expect(names.length).toBeGreaterThan(150);
  expect(names.filter((name) => name !== name.toLowerCase())).toEqual([]);
});

test('the URL is signed where it is among what is signed', () => {
  expect(Object.values(SCHEMES).filter(signsUrl).map(({ name }) => name).sort()).toEqual([
    'contentful', 'hubspot', 'hubspot-v2', 'mandrill', 'messagebird', 'plivo', 'square', 'trello', 'twilio', 'twilio-json', 'upstash-qstash',
  ]);
});

test('events come by methods without a body only where their query is signed', () => {
  const bodiless = Object.values(SCHEMES).filter(({ methods = [] }) => methods.includes('GET') || methods.includes('DELETE'));
  expect(bodiless.map(({ name }) => name).sort()).toEqual(['hubspot', 'hubspot-v2', 'plivo', 'twilio']);
  expect(bodiless.filter((each) => !signsUrl(each))).toEqual([]);
});

test('a check of the URL that is not signed and comes like an event has all of its body said', () => {
  const byEvents = Object.values(SCHEMES).filter(({ methods = ['POST'], handshakes = [] }) => (
    handshakes.some(({ signed, method, body }) => !signed && body === undefined && methods.some((each) => each === method))));
  // Event Grid says by a header which of the two a request is, and nobody else sets its headers.
  expect(byEvents.map(({ name }) => name)).toEqual(['azure-eventgrid']);
});

test('only senders that bring their key pair', () => {
  expect(PAIRINGS).toEqual({
    notion: { key: { json: '$.verification_token' } },
    asana: { key: { header: 'x-hook-secret' }, echoHeader: 'x-hook-secret' },
  });
});

/** A scheme in the catalogue's words. */
function describeScheme(own: Scheme): object {
  switch (own.kind) {
    case 'hmac':
      return { kind: 'hmac', hash: own.hash, key: own.key, ...describeSigned(own) };
    case 'hash':
      return { kind: 'hash', hash: own.hash, ...describeSigned(own), ...(own.requiredHeaders && { require: own.requiredHeaders }) };
    case 'ed25519':
    case 'ecdsa':
      return { kind: own.kind, key: own.publicKey === 'spki' ? 'spki-base64' : own.publicKey, ...describeSigned(own) };
    case 'token':
      return 'query' in own.token ? { kind: 'queryToken', param: own.token.query } : { kind: 'token', ...own.token };
    default:
      return { kind: own.kind };
  }
}

function describeSigned(own: HmacScheme | HashScheme | PublicKeyScheme): object {
  return {
    enc: own.encoding,
    signed: own.signed.replace('{decodedUrl}', '{hubspotUrl}'),
    sig: describeSignature(own.signature),
    ...(own.timestamp && { ts: { ...describeTimestamp(own.timestamp.from), unit: own.timestamp.unit } }),
  };
}

function describeSignature({ header, format, prefix, name, separator }: SignaturePlace): object {
  if (format === 'plain') return { header, format, prefix: prefix ?? '' };
  return format === 'keyValue' ? { header, format: 'kv', names: [name], sep: separator } : { header, format, itemPrefix: prefix, sep: separator };
}

function describeTimestamp(from: FieldLocation): object {
  if ('signature' in from) return { from: 'kv', name: from.signature };
  return 'json' in from ? { from: 'json', path: from.json.replace('$.', '') } : { from: 'header', ...from };
}
