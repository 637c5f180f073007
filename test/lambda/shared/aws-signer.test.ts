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

/** What a query says, with every value of a name that comes several times. */
function bag(query: string): { [name: string]: string[] } {
  const values: { [name: string]: string[] } = Object.create(null);
  for (const [name, value] of new URLSearchParams(query)) (values[name] ??= []).push(value);
  return values;
}

async function peer({ method = 'POST', path, query = '', headers, body, service, region, credentials, date }: SignableRequest): Promise<object> {
  const signer = new SignatureV4({ service, region, credentials, sha256: Sha256, uriEscapePath: service !== 's3' });
  const request = { method, protocol: 'https:', hostname: headers['host']!, path, headers: { ...headers }, body: Buffer.from(body), query: bag(query) };
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
  ['a GET of Lambda', { service: 'lambda', method: 'GET', path: '/2015-03-31/event-source-mappings/0a1b', body: Buffer.alloc(0) }],
  ['a PUT of Lambda', { service: 'lambda', method: 'PUT', path: '/2015-03-31/event-source-mappings/0a1b' }],
  ['a path that is encoded once more', { service: 'lambda', path: '/2015-03-31/functions/arn%3Aaws%3Alambda%3Aeu-west-1%3A1%3Afunction%3Af/invocations' }],
  ['a path with a slash at its end', { service: 'execute-api', path: '/a/b/' }],
  ['a path with empty segments', { service: 'execute-api', path: '//a///b//' }],
  ['a path with what need not be encoded', { service: 'execute-api', path: "/a!'()*~-._@:$&+,;=b" }],
  ['a PUT of S3', { service: 's3', method: 'PUT', path: '/bucket/payloads/evt_a/0f' }],
  ['a GET of S3', { service: 's3', method: 'GET', path: '/bucket/payloads/evt_a/0f', body: Buffer.alloc(0) }],
  ['a path of S3, which is encoded once', { service: 's3', method: 'GET', path: '/bucket/a%20b%2Bc//%C3%A9/' }],
  ['a query', { query: 'b=2&a=1&a=0&a-b=x&c&d=&%C3%A9=%20+%2B' }],
  ['names that begin alike', { query: 'a=1&a-=2&a.=3&a%20=4&a~=5&aa=6&A=7' }],
  ['a hash that is known', { headers: { ...valid.headers, 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' } }],
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

test('@smithy/signature-v4 signs any path and query the same', async () => {
  const path = fc.webPath().map((value) => value || '/').filter((value) => !value.split('/').some((segment) => segment === '.' || segment === '..'));
  // The peer leaves out the one, and keeps names in an object, in which the other is none.
  const compared = (name: string): boolean => !/^(x-amz-signature|__proto__)$/i.test(name);
  const query = fc.webQueryParameters().filter((value) => [...new URLSearchParams(value).keys()].every(compared));
  const service = fc.constantFrom('s3', 'lambda');
  await fc.assert(fc.asyncProperty(fc.constantFrom('GET', 'PUT', 'POST'), path, query, service, async (method, where, what, which) => {
    const request = { ...valid, method, path: where, query: what, service: which };
    expect(sign(request)).toEqual(await peer(request));
  }), { numRuns: 300 });
});
