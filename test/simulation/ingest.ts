import { createHandler, type IngestDependencies } from '../../lambda/ingest/handler';
import { Secrets } from '../../lambda/shared/secrets';
import type { IngestConfig } from '../../lib/contract/config';
import { SCHEMES } from '../../lib/contract/schemes';
import { type Environment, type Handler, SimulatedFunction } from './environment';
import { numberIn, SECRET } from './post';
import { STORE } from './store';
import { GATEWAY, queuesOf, type WorldParts } from './world-parts';

const SEND = { timeoutMs: 1_000, tries: 2 };
const STORE_CALL = { timeoutMs: 500, tries: 2 };

/** The ingest function with AWS around it. */
export function createIngest(parts: WorldParts): SimulatedFunction {
  const config = ingestConfig(parts);
  return new SimulatedFunction({
    clock: parts.clock,
    timeoutSeconds: 10,
    create: (environment) => createHandler(dependencies(config, environment, parts)) as Handler,
  });
}

function ingestConfig(parts: WorldParts): IngestConfig {
  return {
    gateway: GATEWAY,
    sources: Object.fromEntries(Object.keys(parts.options.sources).map((name) => [name, {
      verifications: [{ scheme: SCHEMES.github, secret: { id: name }, previousSecretOverlapSeconds: 86_400 }],
    }])),
    targets: Object.fromEntries(Object.entries(parts.options.targets).map(([name, { sources, ordered }]) => [name, {
      queueUrl: queuesOf(parts, name).queue.url,
      ...(sources && { sources: [...sources] }),
      ...(ordered && { orderingKey: { field: { json: '$.key' } } }),
    }])),
    payloadBucket: 'payloads',
    ...(parts.store && { store: STORE }),
  };
}

function dependencies(config: IngestConfig, environment: Environment, parts: WorldParts): IngestDependencies {
  const { clock, engine, faults, ledger, payloads, store } = parts;
  const targetOf = new Map(Object.keys(config.targets).map((name) => [queuesOf(parts, name).queue.url, name]));
  const found = {
    config,
    now: () => clock.now(),
    secrets: new Secrets({
      call: <Output>(_service: string, action: string) => faults.call(environment, action, SEND, () => (
        { SecretString: SECRET, CreatedDate: 0 } as Output
      )),
    }),
    schemes: {},
    fetch: () => Promise.reject(new Error('nothing is fetched in a simulation')),
    pair: async () => false,
    send: (url: string, message: string, order?: { readonly groupId: string; readonly deduplicationId: string }) => {
      const target = targetOf.get(url) as string;
      const number = numberIn(message);
      const event = ledger.events[number];
      if (event) store?.name(event, (JSON.parse(message) as { id: string }).id);
      return faults.call(environment, 'SendMessage', SEND, () => {
        const { messageId } = engine.queue(url).send({ body: message, ...order });
        if (event) ledger.enqueue(event, target, messageId);
      }, (fault) => { if (event) event.again = `ingest: SendMessage ${fault}`; });
    },
    putPayload: (key: string, body: Uint8Array) => faults.call(environment, 'PutObject', SEND, () => void payloads.set(key, Buffer.from(body))),
    ...(store && { table: store.of(environment, STORE_CALL) }),
    log: () => undefined,
    metrics: () => undefined,
  };
  return found;
}
