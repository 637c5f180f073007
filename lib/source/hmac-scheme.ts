import { Token } from 'aws-cdk-lib';
import { FieldLocation, HmacScheme, SignaturePlace, TimestampPlace } from '../contract/scheme';
import { DEFAULT_TOLERANCE_SECONDS } from '../contract/schemes';
import { checkOneOf, headerName } from '../private/checks';
import { HmacAlgorithm, KeyEncoding, SignatureEncoding, TimestampFormat } from './scheme-enums';
import { HmacSourceOptions } from './source-options';

const PLACEHOLDER = /\{([^{}]*)\}/g;

/** The scheme that the options of `WebhookSource.hmac()` describe. */
export function hmacScheme(options: HmacSourceOptions): HmacScheme {
  const hash = checkOneOf(options.algorithm ?? HmacAlgorithm.SHA256, HmacAlgorithm, 'algorithm');
  const signature = options.signature._place;
  const signed = signedContent(options.signedContent ?? '{body}');
  const timestamp = timestampPlace(options, signature, signed);
  const requiredHeaders = lowerCaseHeaders(options.requiredHeaders);
  return {
    name: 'hmac',
    kind: 'hmac',
    hash,
    key: options.keyEncoding ?? KeyEncoding.UTF8,
    encoding: options.signatureEncoding ?? SignatureEncoding.HEX,
    signed,
    signature,
    ...(timestamp && { timestamp }),
    ...(options.eventId && { id: [field(options.eventId._location, signature, 'eventId')] }),
    ...(options.eventType && { type: [field(options.eventType._location, signature, 'eventType')] }),
    ...(requiredHeaders && { requiredHeaders }),
  };
}

/** Checks the placeholders and writes header names as requests have them. */
function signedContent(content: string): string {
  if (Token.isUnresolved(content)) return content;
  const signed = content.replace(PLACEHOLDER, (placeholder, name: string) => {
    if (['body', 'ts', 'method', 'url'].includes(name)) return placeholder;
    if (name.startsWith('h:')) return `{h:${headerName(name.slice(2), 'the header in signedContent')}}`;
    throw new Error(`signedContent ${JSON.stringify(content)} has the unknown placeholder ${JSON.stringify(placeholder)}: use {body}, {ts}, {method}, {url} or {h:name}`);
  });
  if (!signed.includes('{body}')) {
    throw new Error(`signedContent ${JSON.stringify(content)} leaves out {body}, so that anybody could change the body of a signed request: add {body}`);
  }
  return signed;
}

function timestampPlace(options: HmacSourceOptions, signature: SignaturePlace, signed: string): TimestampPlace | undefined {
  if (!options.timestamp) {
    if (signed.includes('{ts}')) throw new Error('signedContent has {ts}, but nothing says where the timestamp is: set timestamp');
    if (options.tolerance ?? options.timestampFormat) {
      throw new Error('tolerance and timestampFormat mean nothing without a timestamp: set timestamp, or leave them out');
    }
    return undefined;
  }
  const from = field(options.timestamp._location, signature, 'timestamp');
  if (!Token.isUnresolved(signed)) checkSigned(from, signed);
  return { from, unit: options.timestampFormat ?? TimestampFormat.SECONDS, toleranceSeconds: DEFAULT_TOLERANCE_SECONDS };
}

/** A timestamp that is not under the signature can be changed by whoever recorded the request. */
function checkSigned(from: FieldLocation, signed: string): void {
  const inBody = 'json' in from || 'form' in from;
  if (inBody && signed.includes('{ts}')) {
    throw new Error(`timestamp ${JSON.stringify(from)} is in the body, which is not read before it is verified, so it cannot be {ts} in signedContent: `
      + 'leave {ts} out, or name a header');
  }
  const covered = inBody || signed.includes('{ts}') || ('header' in from && signed.includes(`{h:${from.header}}`));
  if (!covered) {
    throw new Error(`signedContent ${JSON.stringify(signed)} leaves out the timestamp, so that anybody could change it: add {ts}, or leave timestamp out`);
  }
}

function field(location: FieldLocation, signature: SignaturePlace, option: string): FieldLocation {
  if ('signature' in location && signature.format !== 'keyValue') {
    throw new Error(`${option} is the signature parameter ${JSON.stringify(location.signature)}, but a ${signature.format} signature header has none: `
      + 'use SignatureHeader.keyValue()');
  }
  return location;
}

function lowerCaseHeaders(headers?: { [name: string]: string }): { [name: string]: string } | undefined {
  const entries = Object.entries(headers ?? {});
  if (entries.length === 0) return undefined;
  const empty = entries.find(([, value]) => value === '');
  if (empty) throw new Error(`requiredHeaders has "" for ${JSON.stringify(empty[0])}, and no header with a value is that: give the value, or leave the header out`);
  return Object.fromEntries(entries.map(([name, value]) => [headerName(name, 'the header in requiredHeaders'), value]));
}
