import { AwsError, type RestAnswer, type RestRequest, type RestService } from '../aws-service';
import type { Clock } from '../clock';
import { Bucket, type ExpiryRule, type StoredObject } from './bucket';
import { errorAnswer, noSuchBucket, noSuchKey, notImplemented } from './errors';
import { listObjects } from './list';
import { readUpload } from './upload';

export interface S3Options {
  readonly clock: Clock;
  /** Bytes that all objects together may have. Default: 512 MiB. */
  readonly maxBytes?: number;
}

/** Everything is in the memory of the run. */
const MAX_BYTES = 512 * 1024 * 1024;

/** Queries that make another action of a request, such as `?tagging` or `?uploadId=…`. Those that begin with `x-` say nothing more. */
const PLAIN_QUERIES = new Set(['list-type', 'prefix', 'max-keys', 'continuation-token', 'start-after', 'encoding-type', 'delimiter', 'fetch-owner']);

/** S3 as far as objects that are written and read whole need it: PutObject, GetObject, HeadObject, DeleteObject and ListObjectsV2, path-style. */
export class S3 implements RestService {
  private readonly buckets = new Map<string, Bucket>();

  constructor(private readonly options: S3Options) {}

  addBucket(name: string, rules: readonly ExpiryRule[] = []): void {
    this.buckets.set(name, new Bucket(name, rules, () => this.options.clock.now()));
  }

  /** S3 alone has methods other than POST on a path of its own; what it has on POST does not run here. */
  owns(method: string, path: string): boolean {
    return path !== '/' && ['GET', 'HEAD', 'PUT', 'DELETE'].includes(method);
  }

  async call(request: RestRequest): Promise<RestAnswer> {
    const { bucket: name, key } = readPath(request.path);
    const bucket = this.buckets.get(name);
    if (!bucket) throw noSuchBucket(name);
    const other = [...request.query.keys()].find((query) => !PLAIN_QUERIES.has(query) && !/^x-(id|amz-)/i.test(query));
    if (other !== undefined) throw notImplemented(`action with the query ${JSON.stringify(other)}`);
    return key === '' ? this.callBucket(bucket, request) : this.callObject(bucket, key, request);
  }

  tell(error: AwsError, requestId: string): RestAnswer {
    return errorAnswer(error, requestId);
  }

  private callBucket(bucket: Bucket, { method, query }: RestRequest): RestAnswer {
    if (method === 'GET') return listObjects(bucket, query);
    if (method === 'HEAD') return { status: 200, headers: {}, body: '' };
    throw notImplemented(method === 'PUT' ? 'CreateBucket' : 'DeleteBucket');
  }

  private callObject(bucket: Bucket, key: string, request: RestRequest): RestAnswer {
    if (request.method === 'PUT') return this.put(bucket, key, request);
    if (request.method === 'DELETE') {
      bucket.delete(key);
      return { status: 204, headers: {}, body: '' };
    }
    const object = bucket.get(key);
    if (!object) throw noSuchKey();
    const withChecksums = String(request.headers['x-amz-checksum-mode']).toUpperCase() === 'ENABLED';
    const headers = { ...objectHeaders(object), ...withChecksums && object.checksums };
    return { status: 200, headers, body: request.method === 'HEAD' ? '' : object.body };
  }

  private put(bucket: Bucket, key: string, request: RestRequest): RestAnswer {
    const { headers } = request;
    if (headers['x-amz-copy-source'] !== undefined) throw notImplemented('CopyObject');
    if (Buffer.byteLength(key) > 1024) throw new AwsError('KeyTooLongError', 'Your key is too long');
    if (headers['if-none-match'] === '*' && bucket.get(key)) {
      throw new AwsError('PreconditionFailed', 'At least one of the pre-conditions you specified did not hold', 412);
    }
    const upload = readUpload(request);
    this.makeRoom(upload.body.length - (bucket.get(key)?.body.length ?? 0));
    const { etag, checksums } = bucket.put(key, { ...upload, headers: keptHeaders(headers) });
    return { status: 200, headers: { etag, ...checksums }, body: '' };
  }

  private makeRoom(more: number): void {
    const { maxBytes = MAX_BYTES } = this.options;
    const used = (): number => [...this.buckets.values()].reduce((sum, { bytes }) => sum + bytes, 0);
    if (used() + more <= maxBytes) return;
    for (const bucket of this.buckets.values()) bucket.expire();
    if (used() + more <= maxBytes) return;
    throw new AwsError('InsufficientStorage', `a local run keeps objects of ${maxBytes} bytes together in its memory, and has ${used()}: delete some, or start it anew`, 507);
  }
}

function readPath(path: string): { bucket: string; key: string } {
  const [, bucket = '', ...key] = path.split('/');
  try {
    return { bucket: decodeURIComponent(bucket), key: decodeURIComponent(key.join('/')) };
  } catch {
    throw new AwsError('InvalidURI', 'Couldn\'t parse the specified URI.');
  }
}

/** What S3 gives back with an object. https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html */
function keptHeaders(headers: RestRequest['headers']): { [name: string]: string } {
  const kept: { [name: string]: string } = { 'content-type': 'binary/octet-stream' };
  for (const [name, value] of Object.entries(headers)) {
    if (/^(content-(type|disposition|language)|cache-control|expires|x-amz-meta-.+)$/.test(name)) kept[name] = String(value);
  }
  // A part of the transfer, not of the object.
  const encodings = String(headers['content-encoding'] ?? '').split(',').map((coding) => coding.trim()).filter((coding) => coding !== '' && coding !== 'aws-chunked');
  if (encodings.length > 0) kept['content-encoding'] = encodings.join(', ');
  return kept;
}

function objectHeaders({ body, headers, etag, storedAt }: StoredObject): { [name: string]: string } {
  return { ...headers, etag, 'last-modified': new Date(storedAt).toUTCString(), 'content-length': String(body.length) };
}
