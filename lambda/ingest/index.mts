import { existsSync } from 'node:fs';
import { CONFIG_FILE, type IngestConfig } from '../../lib/contract/config.js';
import type { SchemeModule } from '../../lib/contract/scheme-module.js';
import { AwsClient } from '../shared/aws.js';
import { readConfig } from '../shared/config.js';
import { createKeyFetch } from '../shared/key-fetch.js';
import { timed, writeLine } from '../shared/log.js';
import { Secrets } from '../shared/secrets.js';
import { createHandler, type IngestHandler } from './handler.js';
import { createPair } from './pairing.js';

export { createHandler };

/** Two tries of a second each leave a sender with a deadline of three seconds an answer. */
const SEND = { timeoutMs: 1_000, tries: 2 };
const WARM_TIMEOUT_MS = 1_000;

async function start(configFile: URL): Promise<IngestHandler> {
  const config = readConfig<IngestConfig>(configFile);
  const client = new AwsClient();
  const log = timed(writeLine, Date.now);
  const secrets = new Secrets(client, ({ message }) => log({ event: 'warning', code: 'secret-stale', message }));

  const verifications = Object.values(config.sources).flatMap((source) => source.verifications);

  const schemes = loadSchemes(verifications.flatMap(({ scheme }) => scheme.kind === 'code' ? [scheme.module] : []));
  // Initialisation has a whole CPU and the first request has a fourteenth of one. A failure will show again where it matters.
  await Promise.allSettled([
    client.connect('sqs', WARM_TIMEOUT_MS),
    ...verifications.flatMap(({ secret, previousSecretOverlapSeconds: overlap }) => secret ? [secrets.read(secret, overlap)] : []),
  ]);
  return createHandler({
    config,
    now: Date.now,
    secrets,
    schemes: await schemes,
    fetch: createKeyFetch(),
    pair: createPair(client, secrets),
    send: (queueUrl, message) => client.call('sqs', 'SendMessage', { QueueUrl: queueUrl, MessageBody: message }, SEND),
    log: writeLine,
  });
}

/** The modules beside the function. Their addresses are made here, so that the bundler does not look for them. One that fails is left out. */
async function loadSchemes(names: string[]): Promise<{ [name: string]: SchemeModule }> {
  const load = async (name: string): Promise<[string, SchemeModule]> => [name, await import(new URL(`scheme-${name}.mjs`, import.meta.url).href)];
  const loaded = await Promise.allSettled([...new Set(names)].map(load));
  return Object.fromEntries(loaded.flatMap((result) => result.status === 'fulfilled' ? [result.value] : []));
}

const configFile = new URL(CONFIG_FILE, import.meta.url);

/** Without a configuration beside it, the bundle is only the home of `createHandler`. */
export const handler: IngestHandler = existsSync(configFile)
  ? await start(configFile)
  : () => Promise.reject(new Error(`there is no ${CONFIG_FILE} beside the function; deploy the stack again`));
