import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { AwsError, type RestRequest } from '../aws-service';
import { invalidRequest } from './errors';

/** The content of a PutObject. */
export interface Upload {
  readonly body: Buffer;
  /** By header name, base64, as they were sent. */
  readonly checksums: { readonly [name: string]: string };
}

/** Checksums that can be worked out here. CRC-32C and CRC-64/NVME are kept as they come. */
const CHECKSUMS: { readonly [header: string]: (body: Buffer) => string } = {
  'x-amz-checksum-crc32': (body) => {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32BE(crc32(body));
    return bytes.toString('base64');
  },
  'x-amz-checksum-sha1': (body) => createHash('sha1').update(body).digest('base64'),
  'x-amz-checksum-sha256': (body) => createHash('sha256').update(body).digest('base64'),
};

/** Takes the content out of its wrapping and holds it against every digest that came with it. Throws `AwsError` as S3 would. */
export function readUpload({ headers, body }: Pick<RestRequest, 'headers' | 'body'>): Upload {
  const sent = Object.entries(headers).map(([name, value]) => [name, String(value)] as const);
  const declared = String(headers['x-amz-content-sha256'] ?? '');
  const { content, trailers } = declared.startsWith('STREAMING-') ? unwrap(body) : { content: body, trailers: [] };
  if (/^[0-9a-f]{64}$/.test(declared) && createHash('sha256').update(content).digest('hex') !== declared) {
    throw new AwsError('XAmzContentSHA256Mismatch', 'The provided \'x-amz-content-sha256\' header does not match what was computed.');
  }
  const md5 = headers['content-md5'];
  if (md5 !== undefined && createHash('md5').update(content).digest('base64') !== md5) throw badDigest('Content-MD5');
  const checksums = Object.fromEntries([...sent, ...trailers].filter(([name]) => /^x-amz-checksum-(crc32c?|crc64nvme|sha1|sha256)$/.test(name)));
  for (const [name, value] of Object.entries(checksums)) {
    const compute = Object.hasOwn(CHECKSUMS, name) ? CHECKSUMS[name] : undefined;
    if (compute && compute(content) !== value) throw badDigest(name);
  }
  return { body: content, checksums };
}

/**
 * `aws-chunked`: chunks of `<length in hex>[;chunk-signature=…]`, the bytes, and an empty one at the end with the trailers behind it.
 * Signatures are not looked at, as nowhere in a local run. https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming-trailers.html
 */
function unwrap(body: Buffer): { content: Buffer; trailers: [string, string][] } {
  const chunks: Buffer[] = [];
  let at = 0;
  for (;;) {
    const end = body.indexOf('\r\n', at);
    const [size = ''] = body.subarray(at, end).toString('latin1').split(';');
    const length = /^[0-9a-f]+$/i.test(size) ? parseInt(size, 16) : NaN;
    if (end < 0 || !(end + 2 + length <= body.length)) throw invalidRequest('the body is not in the encoding aws-chunked');
    at = end + 2;
    if (length === 0) return { content: Buffer.concat(chunks), trailers: trailers(body.subarray(at)) };
    chunks.push(body.subarray(at, at + length));
    at += length + 2;
  }
}

function trailers(rest: Buffer): [string, string][] {
  return rest.toString('latin1').split('\r\n').flatMap((line) => {
    const colon = line.indexOf(':');
    return colon < 0 ? [] : [[line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()] as [string, string]];
  });
}

function badDigest(name: string): AwsError {
  return new AwsError('BadDigest', `The ${name} you specified did not match the calculated checksum.`);
}
