import { CONFIG_FILE, type KeeperFile } from '../../lib/contract/config.js';
import { AwsClient } from '../shared/aws.js';
import { readConfig } from '../shared/config.js';
import { writeLine } from '../shared/log.js';
import { writeMetrics } from '../shared/metrics.js';
import { awsCalls } from './aws-calls.js';
import { createHandler } from './handler.js';
import { namesReader } from './names.js';

const client = new AwsClient();

export const handler = createHandler({
  config: readConfig<KeeperFile>(new URL(CONFIG_FILE, import.meta.url)),
  calls: awsCalls(client),
  readNames: namesReader(client),
  now: Date.now,
  log: writeLine,
  metrics: writeMetrics,
});
