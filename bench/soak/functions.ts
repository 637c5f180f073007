import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { SQSEvent, SQSRecord } from 'aws-lambda';
import { TARGET_URL_VARIABLE } from '../../lib/contract/config';
import type { Envelope } from '../../lib/contract/envelope';

export interface RoundFigures {
  readonly rssBytes: number;
  readonly heapBytes: number;
  /** Messages that the functions want to see again. */
  readonly kept: number;
  /** The most connections that carried something at once. */
  readonly peakSockets: number;
}

type Handler = (event: SQSEvent, context: { getRemainingTimeInMillis(): number }) => Promise<{ batchItemFailures: unknown[] }>;

/** Invocations of each function that are under way at once, and the records of each: what a mapping does. */
export const INVOCATIONS = 5;
export const BATCH = 10;

const FUNCTION_MS = 60_000;
const SAMPLE_MS = 50;

/** The process of the delivery functions: a round for each message of the parent. */
export async function runFunctions(): Promise<void> {
  const handlers = await loadFunctions();
  process.on('message', (counts: { [name: string]: number }) => void round(handlers, counts).then((figures) => process.send?.(figures)));
  // A connection that was never closed must not keep the process: it is to be reported.
  process.on('disconnect', () => process.exit());
  process.send?.(measure(0, 0));
}

/** One after the other: each reads its own target's URL from the environment that they share. */
async function loadFunctions(): Promise<Map<string, Handler>> {
  const functions = JSON.parse(process.env['SOAK_FUNCTIONS'] as string) as { name: string; url: string; folder: string }[];
  const handlers = new Map<string, Handler>();
  for (const { name, url, folder } of functions) {
    process.env[TARGET_URL_VARIABLE] = url;
    const { handler } = await import(pathToFileURL(path.join(folder, 'index.mjs')).href) as { handler: Handler };
    handlers.set(name, handler);
  }
  return handlers;
}

async function round(handlers: Map<string, Handler>, counts: { [name: string]: number }): Promise<RoundFigures> {
  let [kept, peakSockets] = [0, 0];
  const sampling = setInterval(() => { peakSockets = Math.max(peakSockets, busySockets()); }, SAMPLE_MS);
  await Promise.all(Object.entries(counts).map(async ([name, count]) => {
    let left = count;
    await Promise.all(Array.from({ length: INVOCATIONS }, async () => {
      while (left > 0) {
        const size = Math.min(BATCH, left);
        left -= size;
        const again = await invoke(handlers.get(name) as Handler, Array.from({ length: size }, record));
        kept += again;
      }
    }));
  }));
  clearInterval(sampling);
  return measure(kept, peakSockets);
}

async function invoke(handler: Handler, records: SQSRecord[]): Promise<number> {
  const startedAt = performance.now();
  const context = { getRemainingTimeInMillis: () => FUNCTION_MS - (performance.now() - startedAt) };
  const { batchItemFailures } = await handler({ Records: records }, context);
  return batchItemFailures.length;
}

const BODY = JSON.stringify({ type: 'invoice.paid', text: 'x'.repeat(1_000) });

function record(): SQSRecord {
  const now = Date.now();
  const messageId = randomUUID();
  const envelope: Envelope = {
    v: 1, id: `evt_${messageId.replaceAll('-', '').slice(0, 26)}`, source: 'soak', type: 'invoice.paid', time: new Date(now).toISOString(),
    headers: { 'content-type': 'application/json' }, body: BODY,
  };
  return {
    messageId, receiptHandle: messageId, body: JSON.stringify(envelope), messageAttributes: {}, md5OfBody: '', eventSource: 'aws:sqs',
    eventSourceARN: 'arn:aws:sqs:eu-west-1:1:soak', awsRegion: 'eu-west-1',
    attributes: { ApproximateReceiveCount: '1', SentTimestamp: String(now), SenderId: 'AROAX', ApproximateFirstReceiveTimestamp: String(now) },
  };
}

/** Idle connections are not among them. */
function busySockets(): number {
  return process.getActiveResourcesInfo().filter((resource) => resource === 'TCPSocketWrap').length;
}

function measure(kept: number, peakSockets: number): RoundFigures {
  globalThis.gc?.();
  const { rss, heapUsed } = process.memoryUsage();
  return { rssBytes: rss, heapBytes: heapUsed, kept, peakSockets };
}
