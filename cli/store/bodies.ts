import type { S3Client } from '@aws-sdk/client-s3';
import { createHash } from 'node:crypto';
import { inflateRawSync } from 'node:zlib';
import { MAX_BODY_BYTES, type PayloadReference } from '../../lib/contract/envelope';
import { awsFailure, type AwsAccess } from '../aws-access';
import { CliError, Exit } from '../cli-error';
import type { StoredEvent } from './rows';

/** The code of the failure that a body is in no place any more. */
export const BODY_MISSING = 'body-missing';

type Run<T> = (client: S3Client, at: { readonly Bucket: string; readonly Key: string }) => Promise<T>;

/** Bodies of events: in their row, or in the gateway's payload bucket. */
export class Bodies {
  private client: S3Client | undefined;

  /** `bucket` is absent where the gateway has none. */
  constructor(private readonly access: AwsAccess, private readonly bucket: string | undefined) {}

  /** Throws `CliError`, with the code `BODY_MISSING` where the object is gone. */
  async read({ id, body, bodyDeflated, payload }: StoredEvent): Promise<Buffer> {
    if (bodyDeflated) return inflateRawSync(bodyDeflated, { maxOutputLength: MAX_BODY_BYTES });
    if (!payload) return Buffer.from(body ?? []);
    const { GetObjectCommand } = await import('@aws-sdk/client-s3');
    const bytes = await this.call(id, payload, async (client, at) => {
      const { Body } = await client.send(new GetObjectCommand(at));
      return Buffer.from(await Body?.transformToByteArray() ?? []);
    });
    if (createHash('sha256').update(bytes).digest('hex') === payload.sha256) return bytes;
    throw new CliError(Exit.FAILED, `the body of event ${JSON.stringify(id)} is not what was accepted: the object ${JSON.stringify(payload.key)} has been changed`, BODY_MISSING);
  }

  /** Throws as `read` does where the object is gone, without reading it. */
  async check({ id, payload }: StoredEvent): Promise<void> {
    if (!payload) return;
    const { HeadObjectCommand } = await import('@aws-sdk/client-s3');
    await this.call(id, payload, (client, at) => client.send(new HeadObjectCommand(at)));
  }

  /** An object that is gone is as good. */
  async delete({ id, payload }: Pick<StoredEvent, 'id' | 'payload'>): Promise<void> {
    if (!payload) return;
    const { DeleteObjectCommand } = await import('@aws-sdk/client-s3');
    await this.call(id, payload, (client, at) => client.send(new DeleteObjectCommand(at)));
  }

  private async call<T>(id: string, { key }: PayloadReference, run: Run<T>): Promise<T> {
    if (this.bucket === undefined) {
      throw new CliError(Exit.FAILED, `the body of event ${JSON.stringify(id)} is in a payload bucket, and the gateway has none any more`, BODY_MISSING);
    }
    const { S3Client: Client } = await import('@aws-sdk/client-s3');
    // Path style: a local run has one host for all buckets.
    this.client ??= new Client({ ...this.access.client, ...(this.access.endpoint !== undefined && { forcePathStyle: true }) });
    try {
      return await run(this.client, { Bucket: this.bucket, Key: key });
    } catch (error) {
      if (!['NoSuchKey', 'NotFound'].includes((error as Error).name)) throw awsFailure(error, `bucket ${JSON.stringify(this.bucket)}`, this.access);
      throw new CliError(Exit.FAILED, `the body of event ${JSON.stringify(id)} is gone: the payload bucket has no object ${JSON.stringify(key)} (any more)`, BODY_MISSING);
    }
  }
}
