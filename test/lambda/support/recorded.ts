import { createHash } from 'node:crypto';
import type { IngestDependencies } from '../../../lambda/ingest/handler';
import { ingest, ingestConfig, payloadBucket } from './ingest';
import { MemoryTable } from './table';

export const STORE = { tableName: 'events', retentionSeconds: 30 * 86_400 };

/** Bytes that no compression makes fewer. */
export function noise(bytes: number): Buffer {
  const blocks = Array.from({ length: Math.ceil(bytes / 32) }, (_none, index) => createHash('sha256').update(String(index)).digest());
  return Buffer.concat(blocks).subarray(0, bytes);
}

export const QUEUES = ['audit', 'crm', 'search'];

/** Three targets that take everything, and an event store. */
export function recordedConfig() {
  return {
    ...ingestConfig(), store: STORE,
    targets: Object.fromEntries(QUEUES.map((name) => [name, { queueUrl: `https://sqs.eu-west-1.amazonaws.com/123456789012/${name}` }])),
  };
}

/** An ingest function with an event store and a payload bucket around it. `queues`: what each of them does in place of taking a message. */
export function recorded(overrides: Partial<IngestDependencies> = {}, queues: { [target: string]: Error | undefined } = {}) {
  const table = new MemoryTable();
  const bucket = payloadBucket();
  const taken: string[] = [];
  const bodies: string[] = [];
  const around = ingest({
    config: recordedConfig(),
    table,
    putPayload: bucket.putPayload,
    send: async (queueUrl, message) => {
      const name = queueUrl.split('/').pop() as string;
      if (queues[name]) throw queues[name];
      taken.push(name);
      bodies.push(message);
    },
    ...overrides,
  });
  return { ...around, table, objects: bucket.objects, taken, bodies, queues };
}
