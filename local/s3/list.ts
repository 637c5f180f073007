import type { RestAnswer } from '../aws-service';
import { element } from '../xml';
import type { Bucket, StoredObject } from './bucket';
import { invalidRequest, notImplemented } from './errors';

const MAX_KEYS = 1_000;

/** ListObjectsV2. https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html */
export function listObjects(bucket: Bucket, query: URLSearchParams): RestAnswer {
  if (query.get('list-type') !== '2') throw notImplemented('ListObjects, only ListObjectsV2,');
  if (query.has('delimiter')) throw notImplemented('list with a delimiter');
  const prefix = query.get('prefix') ?? '';
  const limit = maxKeys(query.get('max-keys'));
  const token = query.get('continuation-token');
  const after = token === null ? query.get('start-after') : Buffer.from(token, 'base64url').toString();
  const all = bucket.keys(prefix);
  const rest = after === null ? all : all.filter((key) => Buffer.compare(Buffer.from(key), Buffer.from(after)) > 0);
  const page = rest.slice(0, limit);
  const last = page.at(-1);
  const next = rest.length > page.length && last !== undefined ? Buffer.from(last).toString('base64url') : undefined;
  const encodingType = query.get('encoding-type') ?? undefined;
  const shown = (key: string): string => (encodingType === 'url' ? encodeURIComponent(key).replaceAll('%2F', '/') : key);
  const body = '<?xml version="1.0" encoding="UTF-8"?>\n<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">'
    + element('Name', bucket.name) + element('Prefix', shown(prefix)) + element('KeyCount', String(page.length)) + element('MaxKeys', String(limit))
    + element('EncodingType', encodingType) + element('IsTruncated', String(next !== undefined)) + element('NextContinuationToken', next)
    + page.map((key) => contents(shown(key), bucket.get(key) as StoredObject)).join('') + '</ListBucketResult>';
  return { status: 200, headers: { 'content-type': 'application/xml' }, body };
}

function contents(key: string, { body, etag, storedAt }: StoredObject): string {
  return `<Contents>${element('Key', key)}${element('LastModified', new Date(storedAt).toISOString())}${element('ETag', etag)}`
    + `${element('Size', String(body.length))}${element('StorageClass', 'STANDARD')}</Contents>`;
}

function maxKeys(text: string | null): number {
  const value = Number(text ?? MAX_KEYS);
  if (Number.isInteger(value) && value >= 0) return Math.min(value, MAX_KEYS);
  throw invalidRequest(`max-keys must be a whole number from 0, not ${JSON.stringify(text)}`);
}
