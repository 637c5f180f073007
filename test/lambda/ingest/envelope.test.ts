import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { MAX_ENVELOPE_BYTES } from '../../../lib/contract/envelope';
import { SCHEMES } from '../../../lib/contract/schemes';
import { openEnvelope } from '../../../lambda/deliver/open';
import { writeEnvelope } from '../../../lambda/ingest/envelope';
import { readRequest } from '../../../lambda/ingest/request';
import { apiEvent, bytesOf, githubPost, ingest, ingestConfig, NOW, source } from '../support/ingest';

/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html */
const SQS_TEXT = /^[\x09\x0A\x0D\x20-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]+$/u;

const identity = { id: 'evt_a', type: null };
const write = (body: Buffer) => {
  const request = readRequest(apiEvent({ ...githubPost(), headers: {}, body }));
  return writeEnvelope('github', identity, request, { headers: [], now: NOW, queues: 1, bucket: false }).message;
};

describe('the body', () => {
  test.each([
    ['JSON', Buffer.from('{"a":"ü💥"}'), 'body'],
    ['nothing', Buffer.alloc(0), 'body'],
    ['row 8: NUL and other control characters', Buffer.from('\u0000\u0001\u001f\u007f'), 'body'],
    ['row 8: a byte order mark', Buffer.from('\uFEFF{}'), 'body'],
    ['row 8: characters that SQS refuses', Buffer.from('a\uFFFE\uFFFFb'), 'body'],
    ['row 8: an escaped lone surrogate', Buffer.from('"\\ud800"'), 'body'],
    ['row 8: the bytes of a lone surrogate', Buffer.from([0xed, 0xa0, 0x80]), 'bodyBase64'],
    ['row 8: invalid UTF-8', Buffer.from([0xff, 0xfe, 0x00]), 'bodyBase64'],
    ['row 13: compressed bytes', Buffer.from('1f8b0800000000000003cb48cdc9c907008', 'hex'), 'bodyBase64'],
    ['line ends', Buffer.from('a\r\nb\n\u2028\u2029'), 'body'],
  ])('%s comes through byte for byte', (_what, body, form) => {
    const message = write(body);
    expect(message).toMatch(SQS_TEXT);
    expect(Object.keys(JSON.parse(message))).toContain(form);
    expect(openEnvelope(message)).toMatchObject({ kind: 'event', body });
  });

  test('row 8: any bytes come through, in text that SQS takes', () => {
    fc.assert(fc.property(fc.oneof(fc.uint8Array({ maxLength: 300 }), fc.string({ unit: 'binary' }).map((text) => Buffer.from(text))), (bytes) => {
      const message = write(Buffer.from(bytes));
      expect(message).toMatch(SQS_TEXT);
      const opened = openEnvelope(message);
      expect(opened.kind === 'event' && Buffer.compare(opened.body, bytes)).toBe(0);
    }), { numRuns: 500 });
  });
});

describe('row 12: the size where there is no payload bucket', () => {
  const empty = Buffer.byteLength(write(Buffer.alloc(0)));

  test('may be the limit exactly, and not a byte more', () => {
    expect(Buffer.byteLength(write(Buffer.alloc(MAX_ENVELOPE_BYTES - empty, 'x')))).toBe(MAX_ENVELOPE_BYTES);
    expect(() => write(Buffer.alloc(MAX_ENVELOPE_BYTES - empty + 1, 'x'))).toThrow('1046528 are allowed');
  });

  test('of text with many escapes is that of base64', () => {
    const message = write(Buffer.alloc(300_000));
    expect(Object.keys(JSON.parse(message))).toContain('bodyBase64');
  });

  test.each([[1_046_528, 413], [1_046_000, 200], [786_000, 200], [1_048_577, 413], [4_000_000, 413]])('%d bytes answer %d', async (bytes, status) => {
    const gateway = ingest({ config: { ...ingestConfig(), targets: { audit: { queueUrl: 'q' } } } });
    const body = Buffer.alloc(bytes, 'x');
    const answer = await gateway.post(githubPost(body));
    expect(answer.statusCode).toBe(status);
    expect(gateway.lines).toMatchObject(status === 200 ? [{ event: 'accepted', bytes }] : [{ event: 'rejected', reason: 'size' }]);
    if (status === 200) expect(bytesOf(gateway.envelopes()[0]!).equals(body)).toBe(true);
    else expect(gateway.sent).toEqual([]);
  });

  test.each([[783_000, 200], [786_432, 413]])('%d random bytes answer %d', async (bytes, status) => {
    const gateway = ingest({ config: { ...ingestConfig(), sources: { github: source(SCHEMES.github, 'github') } } });
    expect((await gateway.post(githubPost(randomBytes(bytes)))).statusCode).toBe(status);
  });
});
