import { existsSync } from 'node:fs';
import { CONFIG_FILE, type IngestConfig } from '../../lib/contract/config.js';
import { AwsClient } from '../shared/aws.js';
import { readConfig } from '../shared/config.js';
import { timed, writeLine } from '../shared/log.js';
import { Secrets } from '../shared/secrets.js';
import { createHandler, type IngestHandler } from './handler.js';

export { createHandler };

/** Two tries of a second each leave a sender with a deadline of three seconds an answer. */
const SEND = { timeoutMs: 1_000, tries: 2 };
const WARM_TIMEOUT_MS = 1_000;

async function start(configFile: URL): Promise<IngestHandler> {
  const config = readConfig<IngestConfig>(configFile);
  const client = new AwsClient();
  const log = timed(writeLine, Date.now);
  const secrets = new Secrets(client, ({ message }) => log({ event: 'warning', code: 'secret-stale', message }));

  // Initialisation has a whole CPU and the first request has a fourteenth of one. A failure will show again where it matters.
  await Promise.allSettled([
    client.connect('sqs', WARM_TIMEOUT_MS),
    ...Object.values(config.sources).map((source) => secrets.read(source.secret, source.previousSecretOverlapSeconds)),
  ]);
  return createHandler({
    config,
    now: Date.now,
    secrets,
    send: (queueUrl, message) => client.call('sqs', 'SendMessage', { QueueUrl: queueUrl, MessageBody: message }, SEND),
    log: writeLine,
  });
}

const configFile = new URL(CONFIG_FILE, import.meta.url);

/** Without a configuration beside it, the bundle is only the home of `createHandler`. */
export const handler: IngestHandler = existsSync(configFile)
  ? await start(configFile)
  : () => Promise.reject(new Error(`there is no ${CONFIG_FILE} beside the function; deploy the stack again`));
