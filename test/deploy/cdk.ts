import { spawn } from 'node:child_process';
import path from 'node:path';

const root = path.resolve(__dirname, '../..');
const cdkCommand = path.join(root, 'node_modules/aws-cdk/bin/cdk');

export interface Cdk {
  /** Runs the CDK command line in a folder; resolves to what it printed, rejects with it. */
  (args: readonly string[], cwd?: string): Promise<string>;
}

/** The CDK command line as `npx cdk` runs it, with state of its own in `folder`: it remembers which account a key belongs to. */
export function cdkIn(folder: string): Cdk {
  const env = {
    ...process.env, CDK_HOME: folder, CDK_DISABLE_CLI_TELEMETRY: '1', CDK_VALIDATION: 'false', AWS_EC2_METADATA_DISABLED: 'true',
    // Of the services with an address of their own, only S3 would not be found at AWS_ENDPOINT_URL: buckets are part of the host there.
    AWS_ENDPOINT_URL_S3: process.env['AWS_ENDPOINT_URL'], AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
  };
  return (args, cwd = root) => new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [cdkCommand, ...args, '--no-notices', '--ci'], { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text: string) => { output += text; });
    child.once('error', reject);
    child.once('close', (code) => (code === 0 ? resolve(output) : reject(new Error(`cdk ${args.join(' ')} ended with ${code}:\n${output}`))));
  });
}
