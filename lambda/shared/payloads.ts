import type { AwsClient, CallOptions } from './aws';
import { AwsCallError } from './aws-error';

/** What `payloadKey` of the ingest function writes. Nothing else is asked for, whatever a message says. */
const KEY = /^payloads\/\w+\/[0-9a-f]{64}$/;

/** Room for the largest body over a connection that has yet to be opened, on the share of a core that 256 MB have. */
const CALL: CallOptions = { timeoutMs: 1_500, tries: 2 };

/** Bodies that are too big for a queue, in the gateway's payload bucket. */
export class Payloads {
  readonly #client: Pick<AwsClient, 'rest'>;
  readonly #bucket: string;
  readonly #options: CallOptions;

  constructor(client: Pick<AwsClient, 'rest'>, bucket: string, options = CALL) {
    this.#client = client;
    this.#bucket = bucket;
    this.#options = options;
  }

  /** Resolves once the object is there. The same key and body may be put again. Rejects with `AwsCallError`. */
  async put(key: string, body: Uint8Array): Promise<void> {
    await this.#client.rest('s3', { method: 'PUT', path: this.#path(key), headers: { 'content-type': 'application/octet-stream' }, body }, this.#options);
  }

  /**
   * Undefined where there is no such object, which S3 says only to who may list the bucket; `AwsCallError` of kind `denied` else.
   * https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html
   */
  async get(key: string): Promise<Buffer | undefined> {
    if (!KEY.test(key)) return undefined;
    try {
      return (await this.#client.rest('s3', { method: 'GET', path: this.#path(key) }, this.#options)).body;
    } catch (error) {
      if (error instanceof AwsCallError && error.code === 'NoSuchKey') return undefined;
      throw error;
    }
  }

  /** Path style, because a local run has one host for all buckets. */
  #path(key: string): string {
    return `/${this.#bucket}/${key}`;
  }
}
