import { existsSync } from 'node:fs';
import { CONFIG_FILE, SCHEMAS_FILE, type IngestConfig } from '../../lib/contract/config.js';
import type { KeyFetch, SchemeModule } from '../../lib/contract/scheme-module.js';
import { AwsClient } from '../shared/aws.js';
import { readConfig } from '../shared/config.js';
import { timed, writeLine } from '../shared/log.js';
import { writeMetrics } from '../shared/metrics.js';
import { Payloads } from '../shared/payloads.js';
import { Secrets } from '../shared/secrets.js';
import { DynamoTable, type TableCalls } from '../shared/store/table.js';
import { createHandler, type IngestHandler } from './handler.js';
import type { FilterModule } from './route.js';
import { createPair } from './pairing.js';
import { createSend } from './send.js';
import type { CompileSchema } from './sources.js';
import { createValidate, type CompiledSchemas } from './validate.js';

export { createHandler };

const WARM_TIMEOUT_MS = 1_000;

/** With the queues' two tries of a second, what a sender with a deadline of three seconds can wait for while the store is slow. */
const STORE_CALLS: TableCalls = { read: { timeoutMs: 400, tries: 2 }, write: { timeoutMs: 500, tries: 2 } };

async function start(configFile: URL): Promise<IngestHandler> {
  const config = readConfig<IngestConfig>(configFile);
  const client = new AwsClient();
  const log = timed(writeLine, Date.now);
  const secrets = new Secrets(client, ({ message }) => log({ event: 'warning', code: 'secret-stale', message }));
  // Its connection is not opened in advance: most functions never need it, and each would pay for it at its start.
  const payloads = config.payloadBucket === undefined ? undefined : new Payloads(client, config.payloadBucket);
  const verifications = Object.values(config.sources).flatMap((source) => source.verifications);

  const filters = loadFilters(config);
  const compileSchema = loadSchemas(config);
  const schemes = loadSchemes(verifications.flatMap(({ scheme }) => scheme.kind === 'code' ? [scheme.module] : []));
  // Initialisation has a whole CPU and the first request has a fourteenth of one. A failure will show again where it matters.
  await Promise.allSettled([
    client.connect('sqs', WARM_TIMEOUT_MS),
    ...config.store ? [client.connect('dynamodb', WARM_TIMEOUT_MS)] : [],
    ...verifications.flatMap(({ secret, previousSecretOverlapSeconds: overlap }) => secret ? [secrets.read(secret, overlap)] : []),
  ]);
  return createHandler({
    config,
    now: Date.now,
    secrets,
    schemes: await schemes,
    filters: await filters,
    compileSchema: await compileSchema,
    fetch: fetchKey,
    pair: createPair(client, secrets),
    send: createSend(client),
    ...(payloads && { putPayload: (key, body) => payloads.put(key, body) }),
    ...(config.store && { table: new DynamoTable(client, config.store.tableName, STORE_CALLS) }),
    log: writeLine,
    metrics: writeMetrics,
  });
}

/** The modules beside the function. Their addresses are made here, so that the bundler does not look for them. One that fails is left out. */
async function loadSchemes(names: string[]): Promise<{ [name: string]: SchemeModule }> {
  const load = async (name: string): Promise<[string, SchemeModule]> => [name, await import(new URL(`scheme-${name}.mjs`, import.meta.url).href)];
  const loaded = await Promise.allSettled([...new Set(names)].map(load));
  return Object.fromEntries(loaded.flatMap((result) => result.status === 'fulfilled' ? [result.value] : []));
}

/** Beside the function where a target has a filter. Without it the sources of such a target are asked to come again. */
async function loadFilters({ targets }: IngestConfig): Promise<FilterModule | undefined> {
  if (!Object.values(targets).some(({ filter }) => filter)) return undefined;
  return (import(new URL('filter.mjs', import.meta.url).href) as Promise<FilterModule>).catch(() => undefined);
}

/** Beside the function where a source has a schema. Without them such a source is asked to come again. */
async function loadSchemas({ sources }: IngestConfig): Promise<CompileSchema | undefined> {
  if (!Object.values(sources).some(({ schema }) => schema)) return undefined;
  const schemas = await (import(new URL(SCHEMAS_FILE, import.meta.url).href) as Promise<CompiledSchemas>).catch(() => undefined);
  return schemas && ((schema) => createValidate(schema, schemas));
}

/** Beside the function where a scheme has code. Only what fetches a key pays for the table of addresses that may be asked. */
let keyFetch: Promise<KeyFetch> | undefined;
const fetchKey: KeyFetch = async (url, init) => {
  keyFetch ??= (import(new URL('key-fetch.mjs', import.meta.url).href) as Promise<typeof import('../shared/key-fetch.js')>)
    .then(({ createKeyFetch }) => createKeyFetch());
  return (await keyFetch)(url, init);
};

const configFile = new URL(CONFIG_FILE, import.meta.url);

/** Without a configuration beside it, the bundle is only the home of `createHandler`. */
export const handler: IngestHandler = existsSync(configFile)
  ? await start(configFile)
  : () => Promise.reject(new Error(`there is no ${CONFIG_FILE} beside the function; deploy the stack again`));
