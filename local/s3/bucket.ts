import { createHash } from 'node:crypto';

/** What a bucket keeps of an object. */
export interface StoredObject {
  readonly body: Buffer;
  /** Headers that a reader is given back: the content type, `x-amz-meta-…` and the like. */
  readonly headers: { readonly [name: string]: string };
  /** The checksums that its writer sent, given back to a reader who asks for them. */
  readonly checksums: { readonly [name: string]: string };
  readonly etag: string;
  /** Milliseconds since 1970. */
  readonly storedAt: number;
}

/** A rule by which objects end: all whose key begins with `prefix`, so many days after they were stored. */
export interface ExpiryRule {
  readonly prefix: string;
  readonly days: number;
}

const DAY_MS = 86_400_000;

/** The objects of one bucket, in memory. They expire when they are looked for: nothing waits for their time. */
export class Bucket {
  private readonly objects = new Map<string, StoredObject>();
  private stored = 0;

  constructor(readonly name: string, private readonly rules: readonly ExpiryRule[], private readonly now: () => number) {}

  /** Bytes of all objects. */
  get bytes(): number {
    return this.stored;
  }

  get(key: string): StoredObject | undefined {
    const object = this.objects.get(key);
    if (!object || !this.isOver(key, object)) return object;
    this.delete(key);
    return undefined;
  }

  put(key: string, object: Omit<StoredObject, 'etag' | 'storedAt'>): StoredObject {
    this.delete(key);
    const stored = { ...object, etag: `"${createHash('md5').update(object.body).digest('hex')}"`, storedAt: this.now() };
    this.objects.set(key, stored);
    this.stored += object.body.length;
    return stored;
  }

  delete(key: string): void {
    this.stored -= this.objects.get(key)?.body.length ?? 0;
    this.objects.delete(key);
  }

  /** Keys with this prefix, in the order of their UTF-8 bytes, as S3 lists them. */
  keys(prefix: string): string[] {
    this.expire();
    return [...this.objects.keys()].filter((key) => key.startsWith(prefix)).sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  }

  expire(): void {
    for (const [key, object] of this.objects) if (this.isOver(key, object)) this.delete(key);
  }

  /** S3 rounds the end of an object's days up to the next midnight (UTC): https://docs.aws.amazon.com/AmazonS3/latest/userguide/intro-lifecycle-rules.html */
  private isOver(key: string, { storedAt }: StoredObject): boolean {
    const days = Math.min(...this.rules.filter(({ prefix }) => key.startsWith(prefix)).map((rule) => rule.days));
    return this.now() >= Math.ceil((storedAt + days * DAY_MS) / DAY_MS) * DAY_MS;
  }
}
