import { CONFIG_FILE, type KeeperFile } from '../../lib/contract/config.js';
import { AwsClient } from '../shared/aws.js';
import { readConfig } from '../shared/config.js';
import { writeLine } from '../shared/log.js';
import { writeMetrics } from '../shared/metrics.js';
import { DynamoTable } from '../shared/store/table.js';
import { awsCalls } from './aws-calls.js';
import { createHandler } from './handler.js';
import { namesReader } from './names.js';

const client = new AwsClient();
const config = readConfig<KeeperFile>(new URL(CONFIG_FILE, import.meta.url));

const CALL = { timeoutMs: 1_000, tries: 2 };

export const handler = createHandler({
  config,
  calls: awsCalls(client),
  readNames: namesReader(client),
  ...(config.store && { table: new DynamoTable(client, config.store.tableName, { read: CALL, write: CALL }) }),
  now: Date.now,
  log: writeLine,
  metrics: writeMetrics,
});
