// `npm start`: the demo of bin/app.ts on this machine, with a receiver for its target, from a fresh clone to the first event.
// Arguments go to `cdk-webhooks dev`: `npm start -- --clock manual`.
import { spawn, spawnSync } from 'node:child_process';
import { createInterface } from 'node:readline';
import { cli, root, setUp } from './setup.mjs';
import { startReceiver } from './receiver.mjs';

const args = process.argv.slice(2);
const json = args.includes('--json');

setUp(['install', 'bundle']);
const { tsImport } = await import('tsx/esm/api');
const { Output, wantsColour } = await tsImport('../cli/dev/output.ts', import.meta.url);

// With --json, stdout is for the run's own lines alone.
const stream = json ? process.stderr : process.stdout;
const output = new Output({ json: false, colour: wantsColour(stream, process.env), now: Date.now, write: (text) => stream.write(text) });
let ready;
let lastTime;
const receiver = await startReceiver({ secrets: () => Object.values(ready?.generatedSecrets ?? {}), onEvent: showArrival });

const dev = spawn(process.execPath, [cli, 'dev', '--context', `target=${receiver.url}`, '--json', ...args], {
  cwd: root,
  stdio: ['inherit', 'pipe', 'inherit'],
});
createInterface({ input: dev.stdout }).on('line', (line) => {
  if (json) process.stdout.write(`${line}\n`);
  showLine(line);
});
// Ctrl-C reaches the run by itself, a signal to this process alone does not; the run takes the first and ends in its own time.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => dev.kill(signal));
process.stdout.on('error', () => dev.kill());
// npm starts this script through a shell that passes no signal on: when that shell is gone, somebody has ended it.
const parent = process.ppid;
setInterval(() => process.ppid === parent || dev.kill(), 1_000).unref();
dev.once('close', (code) => {
  receiver.close();
  process.exitCode = code ?? 1;
});

function showLine(text) {
  const line = parse(text);
  lastTime = line?.time;
  if (!line) {
    if (!json) process.stdout.write(`${text}\n`);
  } else if (line.event === 'ready') {
    ready = line;
    if (!json) output.line(line);
    showWhatToPaste(line);
  } else if (!json && line.event !== 'error') {
    // The error itself has been printed on stderr.
    output.line(line);
  }
}

function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    // Help, say: what is not a line of the run is passed on as it is.
    return undefined;
  }
}

/** A line that any shell can post, and one that signs a fresh event each time. */
function showWhatToPaste({ sources, awsEndpointUrl }) {
  const lines = [];
  if (sources.github) {
    const body = '{"zen": "Keep it logically awesome.", "hook_id": 109948940}';
    const { status, stdout } = spawnSync(process.execPath, [cli, 'send', 'github', '--type', 'ping', '--body', '-', '--curl', '--endpoint', awsEndpointUrl],
      { cwd: root, input: body, encoding: 'utf8', stdio: ['pipe', 'pipe', 'inherit'] });
    if (status === 0) lines.push(stdout.trim());
  }
  if (sources.stripe) lines.push('npx cdk-webhooks send stripe');
  if (lines.length > 0) stream.write(`paste one of these into another terminal, in this folder:\n\n${lines.join('\n\n')}\n\n`);
}

function showArrival({ id, bytes, valid }) {
  const verdict = valid ? 'signature valid' : 'signature WRONG, answered 401';
  // A manual clock stands still between the lines of the run.
  const time = ready?.clock.mode === 'manual' ? lastTime : undefined;
  output.line({ event: 'log', time, function: 'receiver', message: `got ${id}, ${bytes} bytes, ${verdict}` });
}
