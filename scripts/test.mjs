// `npm test`: sets up what is missing, checks types, runs jest. Arguments go to jest: `npm test -- test/cli`.
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { root, setUp } from './setup.mjs';

setUp(['install', 'jsii', 'typecheck']);

const jest = path.join(root, 'node_modules/jest/bin/jest.js');
const { status } = spawnSync(process.execPath, [jest, ...process.argv.slice(2)], { cwd: root, stdio: 'inherit' });
process.exit(status ?? 1);
