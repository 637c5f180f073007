import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import type { BucketSettings } from '../../../lib/contract/aws-settings';
import type { Delivery, Sender, SenderContext } from '../../../lib/contract/sender';
import { callFor } from '../aws/call';
import { clientOptions, endpointOf } from '../aws/client';
import { encodedUnless } from '../aws/text';

const CALL = 'S3 PutObject';

const NO_CONTENT_TYPE = 'application/octet-stream';

/** What a header can carry. Spaces at its ends would be lost. */
const ASCII = /^[\x21-\x7E]([\x20-\x7E]*[\x21-\x7E])?$/;

const isAscii = (text: string): boolean => ASCII.test(text);

/** A percent sign is encoded too, so that whoever decodes gets back what it was. */
const isPlain = (text: string): boolean => isAscii(text) && !text.includes('%');

/**
 * Writes the bytes of each event to an object of its own. A second attempt and a replay write the same object again. No body is
 * too big: S3 takes 5 GB.
 */
export function createSender({ settings, environment }: SenderContext): Sender {
  const { bucketName, keyPrefix } = settings as unknown as BucketSettings;
  // A bucket's name as part of the host is for AWS's own hosts.
  const forcePathStyle = endpointOf('S3', environment) !== undefined;
  // The name does not say the region.
  const client = new S3Client({ ...clientOptions('S3', environment), forcePathStyle, followRegionRedirects: true });
  return {
    send(delivery) {
      const command = new PutObjectCommand({
        Bucket: bucketName,
        Key: `${keyPrefix}${delivery.source}/${delivery.time.slice(0, 10).replaceAll('-', '/')}/${delivery.id}`,
        Body: delivery.body,
        Metadata: metadataOf(delivery),
        ContentType: header(delivery, 'content-type') ?? NO_CONTENT_TYPE,
        ContentEncoding: header(delivery, 'content-encoding'),
      });
      return callFor(CALL, () => client.send(command, { abortSignal: delivery.signal }));
    },
  };
}

/** All of it travels in headers: percent-encoded where it has to be. */
function metadataOf({ id, source, type, time }: Delivery): { [name: string]: string } {
  return { id, source: encodedUnless(isPlain, source), ...(type && { type: encodedUnless(isPlain, type) }), time };
}

function header({ headers }: Delivery, name: string): string | undefined {
  const value = headers[name];
  return value !== undefined && isAscii(value) ? value : undefined;
}
