import { createHash, createHmac, type Hash, type Hmac } from 'node:crypto';
import { SignatureV4 } from '@smithy/signature-v4';
import fc from 'fast-check';
import { sign, type SignableRequest } from '../../../lambda/shared/aws-signer';

type Bytes = string | ArrayBuffer | ArrayBufferView;

class Sha256 {
  private readonly hash: Hash | Hmac;

  constructor(secret?: Bytes) {
    this.hash = secret === undefined ? createHash('sha256') : createHmac('sha256', Buffer.from(secret as string));
  }

  update(data: Bytes): void {
    this.hash.update(Buffer.from(data as string));
  }

  async digest(): Promise<Uint8Array> {
    return this.hash.digest();
  }

  reset(): void {
    throw new Error('not used');
  }
}

const valid: SignableRequest = {
  path: '/',
  headers: {
    'host': 'sqs.eu-west-1.amazonaws.com', 'content-type': 'application/x-amz-json-1.0', 'content-length': '2', 'x-amz-target': 'AmazonSQS.SendMessage',
  },
  body: Buffer.from('{}'),
  service: 'sqs',
  region: 'eu-west-1',
  credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY' },
  date: new Date('2026-01-02T03:04:05.678Z'),
};

async function peer({ path, headers, body, service, region, credentials, date }: SignableRequest): Promise<object> {
  const signer = new SignatureV4({ service, region, credentials, sha256: Sha256 });
  const request = { method: 'POST', protocol: 'https:', hostname: headers['host']!, path, headers: { ...headers }, body: Buffer.from(body), query: {} };
  return (await signer.sign(request, { signingDate: date })).headers;
}

test.each<[string, Partial<SignableRequest>]>([
  ['a request', {}],
  ['a session token', { credentials: { ...valid.credentials, sessionToken: 'IQoJb3JpZ2luX2VjE==' } }],
  ['another service and region', { service: 'secretsmanager', region: 'cn-north-1' }],
  ['another day', { date: new Date('2026-01-03T00:00:00Z') }],
  ['other credentials on the same day', { credentials: { accessKeyId: 'A', secretAccessKey: 'B' } }],
  ['the first ones again', {}],
  ['a body that is not ASCII', { body: Buffer.from('{"a":"ü💥"}') }],
  ['no body', { body: Buffer.alloc(0) }],
  ['spaces in a header', { headers: { ...valid.headers, 'x-spaces': '  a   b  ' } }],
])('@smithy/signature-v4 signs %s the same', async (_what, difference) => {
  const request = { ...valid, ...difference };
  expect(sign(request)).toEqual(await peer(request));
});

test('@smithy/signature-v4 signs whatever it is the same', async () => {
  const text = fc.string({ minLength: 1, maxLength: 40 }).filter((value) => value.trim() !== '');
  await fc.assert(fc.asyncProperty(text, text, fc.uint8Array(), fc.date({ min: new Date(0), max: new Date('2100-01-01'), noInvalidDate: true }), text,
    async (accessKeyId, secretAccessKey, bytes, date, header) => {
      const request = { ...valid, credentials: { accessKeyId, secretAccessKey }, body: Buffer.from(bytes), date, headers: { ...valid.headers, 'x-a': header } };
      expect(sign(request)).toEqual(await peer(request));
    }), { numRuns: 200 });
});
