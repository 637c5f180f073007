import {
  DeleteObjectCommand, GetObjectCommand, GetObjectTaggingCommand, HeadBucketCommand, HeadObjectCommand, ListObjectsV2Command, PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { ManualClock } from '../../local/clock';
import { S3 } from '../../local/s3/s3';
import { ServiceEndpoint } from '../../local/service-endpoint';
import { post, type Reply, s3Client } from './services';

const START = Date.parse('2026-11-20T12:00:00Z');
const DAY = 86_400_000;
const Bucket = 'payloads';

let clock: ManualClock;
let endpoint: ServiceEndpoint;
let client: S3Client;

beforeEach(async () => {
  clock = new ManualClock(START);
  endpoint = new ServiceEndpoint();
  const s3 = new S3({ clock, maxBytes: 6_000_000 });
  s3.addBucket(Bucket, [{ prefix: 'payloads/', days: 14 }, { prefix: 'payloads/short/', days: 1 }]);
  endpoint.addRestService(s3);
  await endpoint.listen(0);
  client = s3Client(endpoint.origin);
});

afterEach(async () => {
  client.destroy();
  await endpoint.close();
});

const put = (Key: string, Body: Buffer | string = 'x', more: object = {}) => client.send(new PutObjectCommand({ Bucket, Key, Body, ...more }));
const bytesOf = async (Key: string): Promise<Buffer> => {
  const { Body } = await client.send(new GetObjectCommand({ Bucket, Key }));
  return Buffer.from(await Body!.transformToByteArray());
};
/** A request as any client writes it. */
const raw = (path: string, headers: object, body: string | Buffer, method = 'PUT'): Promise<Reply> => post(endpoint.origin + path, { ...headers }, body, method);
const code = ({ body }: Reply): string | undefined => /<Code>(\w+)<\/Code>/.exec(body)?.[1];

describe('an object', () => {
  test('comes back as it was put: bytes, content type, metadata, digest', async () => {
    const body = Buffer.from([0, 255, 13, 10, 0, 128]);
    const put1 = await put('payloads/evt_1/a b+c/é', body, { ContentType: 'application/octet-stream', Metadata: { source: 'github' }, CacheControl: 'no-store' });
    const etag = `"${createHash('md5').update(body).digest('hex')}"`;
    expect(put1.ETag).toBe(etag);
    const got = await client.send(new GetObjectCommand({ Bucket, Key: 'payloads/evt_1/a b+c/é', ChecksumMode: 'ENABLED' }));
    expect(got).toMatchObject({
      ETag: etag, ContentType: 'application/octet-stream', Metadata: { source: 'github' }, CacheControl: 'no-store', ContentLength: 6, LastModified: new Date(START),
      ChecksumCRC32: put1.ChecksumCRC32,
    });
    expect(got.ContentEncoding).toBeUndefined();
    expect(Buffer.from(await got.Body!.transformToByteArray())).toEqual(body);
  });

  test('of 4.5 MB, the largest body that is taken, comes back whole', async () => {
    const body = Buffer.alloc(4_718_592, 'webhook ');
    await put('big', body);
    expect((await bytesOf('big')).equals(body)).toBe(true);
    expect(await client.send(new HeadObjectCommand({ Bucket, Key: 'big' }))).toMatchObject({ ContentLength: 4_718_592 });
  });

  test.each<[string, object]>([
    ['with its checksum behind it, in chunks', { Body: Readable.from([Buffer.alloc(70_000, 'a'), Buffer.alloc(70_000, 'b')]), ContentLength: 140_000 }],
    ['with CRC-64/NVME', { Body: Buffer.alloc(70_000, 'a'), ChecksumAlgorithm: 'CRC64NVME' }],
    ['with SHA-256', { Body: Buffer.alloc(70_000, 'a'), ChecksumAlgorithm: 'SHA256' }],
    ['with CRC-32C', { Body: Buffer.alloc(70_000, 'a'), ChecksumAlgorithm: 'CRC32C' }],
  ])('is taken %s', async (_name, more) => {
    await client.send(new PutObjectCommand({ Bucket, Key: 'k', ...more } as ConstructorParameters<typeof PutObjectCommand>[0]));
    const bytes = await bytesOf('k');
    expect([bytes.length % 70_000, bytes.subarray(0, 70_000).equals(Buffer.alloc(70_000, 'a'))]).toEqual([0, true]);
  });

  test('is replaced by the next one of its key, unless the writer wants none to be there', async () => {
    await put('k', 'one');
    await put('k', 'two');
    expect((await bytesOf('k')).toString()).toBe('two');
    await expect(put('k', 'three', { IfNoneMatch: '*' })).rejects.toMatchObject({ name: 'PreconditionFailed' });
    await put('other', 'three', { IfNoneMatch: '*' });
  });

  test('is gone when it is deleted, and deleting it again is no error', async () => {
    await put('k');
    for (let i = 0; i < 2; i++) await client.send(new DeleteObjectCommand({ Bucket, Key: 'k' }));
    await expect(bytesOf('k')).rejects.toMatchObject({ name: 'NoSuchKey', $metadata: { httpStatusCode: 404 } });
    await expect(client.send(new HeadObjectCommand({ Bucket, Key: 'k' }))).rejects.toMatchObject({ name: 'NotFound' });
  });

  test('ends at the midnight after its days, by the shortest rule for its key', async () => {
    await put('payloads/a');
    await put('payloads/short/a');
    await put('kept');
    await clock.advance(1.5 * DAY - 1);
    expect((await bytesOf('payloads/short/a')).length).toBe(1);
    await clock.advance(1);
    await expect(bytesOf('payloads/short/a')).rejects.toMatchObject({ name: 'NoSuchKey' });
    await clock.advance(13 * DAY - 1);
    expect((await bytesOf('payloads/a')).length).toBe(1);
    await clock.advance(1);
    const { Contents = [] } = await client.send(new ListObjectsV2Command({ Bucket }));
    expect(Contents.map(({ Key }) => Key)).toEqual(['kept']);
  });
});

describe('what a run keeps', () => {
  test('has a bound, which the error tells; what was deleted, replaced or has expired does not count', async () => {
    const half = Buffer.alloc(2_900_000);
    await put('a', half);
    await put('payloads/b', half);
    await expect(put('c', half)).rejects.toMatchObject({ name: 'InsufficientStorage', message: expect.stringMatching(/6000000 bytes .*has 5800000/) });
    await put('a', half);
    await client.send(new DeleteObjectCommand({ Bucket, Key: 'a' }));
    await put('c', half);
    await clock.advance(15 * DAY);
    await put('d', half);
  });
});

describe('a list', () => {
  test('has the keys of a prefix in order, in pages', async () => {
    for (const key of ['b/1', 'a/2', 'a/1', 'a/é']) await put(key, key);
    const { Contents = [], KeyCount, IsTruncated } = await client.send(new ListObjectsV2Command({ Bucket, Prefix: 'a/' }));
    expect([Contents.map(({ Key, Size }) => [Key, Size]), KeyCount, IsTruncated]).toEqual([[['a/1', 3], ['a/2', 3], ['a/é', 4]], 3, false]);
    const first = await client.send(new ListObjectsV2Command({ Bucket, MaxKeys: 3 }));
    const second = await client.send(new ListObjectsV2Command({ Bucket, MaxKeys: 3, ContinuationToken: first.NextContinuationToken }));
    expect([first, second].map(({ Contents: page = [] }) => page.map(({ Key }) => Key))).toEqual([['a/1', 'a/2', 'a/é'], ['b/1']]);
    expect([first.IsTruncated, second.IsTruncated]).toEqual([true, false]);
  });
});

test('a bucket that the assembly does not have is told, and one that it has can be asked for', async () => {
  await client.send(new HeadBucketCommand({ Bucket }));
  await expect(client.send(new GetObjectCommand({ Bucket: 'other', Key: 'k' }))).rejects.toMatchObject({ name: 'NoSuchBucket' });
});

test('another action says that it does not run here', async () => {
  await expect(client.send(new GetObjectTaggingCommand({ Bucket, Key: 'k' }))).rejects.toMatchObject({ name: 'NotImplemented', message: expect.stringContaining('"tagging"') });
});

describe('an upload by hand', () => {
  const sha256 = createHash('sha256').update('hello').digest('hex');

  test('is taken with a digest that fits', async () => {
    const { status } = await raw(`/${Bucket}/k`, { 'x-amz-content-sha256': sha256, 'content-md5': createHash('md5').update('hello').digest('base64') }, 'hello');
    expect([status, (await bytesOf('k')).toString()]).toEqual([200, 'hello']);
  });

  test.each<[string, object, string, string]>([
    ['a SHA-256 of other bytes', { 'x-amz-content-sha256': sha256 }, 'hallo', 'XAmzContentSHA256Mismatch'],
    ['an MD5 of other bytes', { 'content-md5': createHash('md5').update('hello').digest('base64') }, 'hallo', 'BadDigest'],
    ['a CRC-32 of other bytes', { 'x-amz-checksum-crc32': 'AAAAAA==' }, 'hello', 'BadDigest'],
    ['chunks that are none', { 'x-amz-content-sha256': 'STREAMING-UNSIGNED-PAYLOAD-TRAILER' }, 'hello', 'InvalidRequest'],
    ['a chunk that is cut off', { 'x-amz-content-sha256': 'STREAMING-UNSIGNED-PAYLOAD-TRAILER' }, '5\r\nhel', 'InvalidRequest'],
    ['a trailer that does not fit', { 'x-amz-content-sha256': 'STREAMING-UNSIGNED-PAYLOAD-TRAILER' }, '5\r\nhello\r\n0\r\nx-amz-checksum-crc32:AAAAAA==\r\n\r\n', 'BadDigest'],
    ['a source to copy', { 'x-amz-copy-source': '/payloads/k' }, '', 'NotImplemented'],
  ])('with %s is refused', async (_name, headers, body, expected) => {
    const reply = await raw(`/${Bucket}/k`, headers, body);
    expect([code(reply), (await raw(`/${Bucket}/k`, {}, '', 'HEAD')).status]).toEqual([expected, 404]);
  });

  test('to a key that cannot be decoded, or is too long, is refused', async () => {
    expect(code(await raw(`/${Bucket}/%zz`, {}, 'x'))).toBe('InvalidURI');
    expect(code(await raw(`/${Bucket}/${'k'.repeat(1025)}`, {}, 'x'))).toBe('KeyTooLongError');
  });
});
