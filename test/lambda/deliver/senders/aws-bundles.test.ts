import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { SendResult } from '../../../../lib/contract/sender';
import { httpServer } from '../../support/server';
import { KINDS } from './aws-kinds';
import { EVENT } from './aws-target';

const sender = (name: string): string => path.resolve(__dirname, `../../../../assets/senders/${name}/sender.mjs`);

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'sender-'));
  writeFileSync(path.join(folder, 'config'), FILE);
});
afterAll(() => rmSync(folder, { recursive: true }));

const cleanups: (() => void)[] = [];
afterEach(() => { for (const cleanup of cleanups.splice(0)) cleanup(); });

/** What a person may have, and no function may heed. */
const FILE = `[default]
region = ap-south-1
endpoint_url = http://127.0.0.1:9
use_fips_endpoint = true
use_dualstack_endpoint = true
aws_access_key_id = PERSON
aws_secret_access_key = person
`;

/** One event, sent by what is deployed, in a process that has no more than Lambda gives it. */
function run(name: string, origin: string): Promise<SendResult> {
  const { body, ...event } = EVENT;
  const script = `
    const { createSender } = await import(${JSON.stringify(pathToFileURL(sender(name)).href)});
    const { settings, event, body } = JSON.parse(process.env.INPUT);
    const sender = await createSender({ target: 'audit', settings, environment: process.env });
    const result = await sender.send({ ...event, body: Buffer.from(body, 'base64'), signal: AbortSignal.timeout(20_000) });
    console.log(JSON.stringify(result));
    process.exit();`;
  const env = {
    AWS_REGION: 'eu-north-1', AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE', AWS_SECRET_ACCESS_KEY: 'key', AWS_SESSION_TOKEN: 'token', AWS_ENDPOINT_URL: origin,
    AWS_CONFIG_FILE: path.join(folder, 'config'), AWS_SHARED_CREDENTIALS_FILE: path.join(folder, 'config'),
    INPUT: JSON.stringify({ settings: KINDS[name]!.settings, event, body: Buffer.from(body).toString('base64') }),
  };
  return new Promise((resolve, reject) => {
    execFile(process.execPath, ['--input-type=module', '--eval', script], { env }, (error, stdout, stderr) => {
      if (error) reject(new Error(stderr));
      else resolve(JSON.parse(stdout) as SendResult);
    });
  });
}

describe.each(Object.entries(KINDS))('the bundle of %s', (name, kind) => {
  test('sends an event, with nothing but Lambda\'s own environment', async () => {
    const { origin, received, close } = await httpServer((request, response) => {
      const { status, headers, body } = kind.taken(request);
      response.writeHead(status, headers).end(body);
    });
    cleanups.push(close);
    expect(await run(name, origin)).toEqual({ outcome: 'delivered', status: 200 });
    expect(received.flatMap(kind.read)).toMatchObject([{ id: EVENT.id, bytes: EVENT.body }]);
    expect(received[0]!.headers).toMatchObject({ 'authorization': expect.stringContaining('AKIDEXAMPLE/'), 'x-amz-security-token': 'token' });
  });

  test('tells a connection that breaks', async () => {
    const { origin, close } = await httpServer((_request, _response, socket) => socket.resetAndDestroy());
    cleanups.push(close);
    expect(await run(name, origin)).toMatchObject({ outcome: 'aws', status: null, detail: expect.stringContaining('there was no answer (ECONNRESET)') });
  });

  test('is no bigger than it was', () => {
    expect(statSync(sender(name)).size).toBeLessThan(450_000);
  });
});
