// `npm run test:deploy`: deploys to the API at AWS_ENDPOINT_URL and checks what runs there. Arguments go to jest.
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { root, setUp } from '../../scripts/setup.mjs';

/** Addresses of single services would stand before AWS_ENDPOINT_URL, a profile before the credentials. */
const MISLEADING = /^AWS_(ENDPOINT_URL_.+|IGNORE_CONFIGURED_ENDPOINT_URLS|PROFILE|DEFAULT_PROFILE|SESSION_TOKEN)$/;

const endpoint = process.env.AWS_ENDPOINT_URL;
const problem = problemOf(endpoint);
if (problem) {
  process.stderr.write(`${problem}: set it to an emulator on this machine, such as http://127.0.0.1:4566, or write `
    + '"node test/deploy/ministack.mjs -- npm run test:deploy", which starts one\n');
  process.exit(2);
}

setUp(['install']);
const jest = path.join(root, 'node_modules/jest/bin/jest.js');
const { status } = spawnSync(process.execPath, [jest, '--runInBand', ...process.argv.slice(2), '--testMatch', '**/test/deploy/*.check.ts'],
  { cwd: root, stdio: 'inherit', env: { ...withDefaults(process.env), AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' } });
process.exit(status ?? 1);

/** The functions must reach the receiver of these checks, which listens on loopback; and no slip may deploy to an account. */
function problemOf(url) {
  if (!url) return 'AWS_ENDPOINT_URL is not set, and these checks deploy to no account of yours';
  const host = URL.canParse(url) ? new URL(url).hostname : '';
  return /^(localhost|127(\.\d+){3})$/.test(host) ? undefined : `AWS_ENDPOINT_URL is ${JSON.stringify(url)}, which is not on this machine`;
}

function withDefaults(environment) {
  const own = Object.entries(environment).filter(([name]) => !MISLEADING.test(name));
  return { AWS_REGION: 'us-east-1', AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test', ...Object.fromEntries(own) };
}
