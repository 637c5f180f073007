// `npm run conformance:sqs -- --endpoint URL`: holds an SQS endpoint to the documentation of SQS. test/conformance/sqs/options.ts has the options.
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { root, setUp } from './setup.mjs';

setUp(['install']);

const args = [path.join(root, 'node_modules/tsx/dist/cli.mjs'), path.join(root, 'test/conformance/sqs/main.ts'), ...process.argv.slice(2)];
const { status } = spawnSync(process.execPath, args, { stdio: 'inherit' });
process.exit(status ?? 1);
