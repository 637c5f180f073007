import { fork } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { CONFIG_FILE, type DeliverConfig, type HttpSettings } from '../../lib/contract/config';
import type { RoundFigures } from './functions';
import type { SoakTarget } from './targets';

/** How often each outcome came, by target. */
export type Outcomes = { readonly [target: string]: { readonly [outcome: string]: number } };

export interface FunctionsProcess {
  /** Deliveries handed over so far, by target. */
  readonly sent: { readonly [target: string]: number };
  /** How many of them the functions want to see again. */
  kept(): number;
  /** Delivers about so many events to all targets at once. */
  round(deliveries: number): Promise<RoundFigures>;
  /** Ends the process. Resolves to what its log lines said. */
  end(): Promise<Outcomes>;
}

const settings: HttpSettings = { signingSecret: { id: 'soak' }, previousSecretOverlapSeconds: 0, allowedPrivateCidrs: ['127.0.0.0/8'] };

/** A delivery function for each target, as a stack deploys them, all in one process. */
export async function startFunctions(assets: string, awsUrl: string, targets: readonly SoakTarget[]): Promise<FunctionsProcess> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'soak-'));
  for (const target of targets) writeFunction(path.join(folder, target.name), assets, target);
  const authorities = path.join(folder, 'trusted.pem');
  writeFileSync(authorities, targets.flatMap(({ trusted }) => trusted ?? []).join(''));

  const child = fork(process.argv[1] as string, [], {
    // Without garbage, so that what is left is what is held.
    execArgv: ['--expose-gc'],
    env: {
      AWS_REGION: 'eu-west-1', AWS_ACCESS_KEY_ID: 'AKID', AWS_SECRET_ACCESS_KEY: 'SECRET', AWS_ENDPOINT_URL: awsUrl, NODE_EXTRA_CA_CERTS: authorities,
      SOAK_FUNCTIONS: JSON.stringify(targets.map(({ name, url }) => ({ name, url, folder: path.join(folder, name) }))),
    },
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  });
  const output = child.stdout as NodeJS.ReadableStream;
  // The child's `close` does not come after a `disconnect` from this side.
  const ended = Promise.all([once(child, 'exit'), once(output, 'end')]).then(() => rmSync(folder, { recursive: true, force: true }));
  const outcomes = countOutcomes(output);
  const answer = async (): Promise<RoundFigures> => {
    const first = await Promise.race([once(child, 'message'), ended.then(() => [])]) as [RoundFigures?];
    if (!first[0]) throw new Error('the process of the delivery functions has ended by itself');
    return first[0];
  };
  await answer();
  const sent: { [target: string]: number } = {};
  let kept = 0;
  return {
    sent,
    kept: () => kept,
    round: async (deliveries) => {
      const counts = Object.fromEntries(targets.map(({ name, share }) => [name, Math.max(1, Math.round(deliveries * share / 100))]));
      for (const [name, count] of Object.entries(counts)) sent[name] = (sent[name] ?? 0) + count;
      child.send(counts);
      const figures = await answer();
      kept += figures.kept;
      return figures;
    },
    end: async () => {
      if (child.connected) child.disconnect();
      await ended;
      return outcomes;
    },
  };
}

function writeFunction(folder: string, assets: string, { name, timeoutSeconds }: SoakTarget): void {
  mkdirSync(folder);
  copyFileSync(path.join(assets, 'deliver/index.mjs'), path.join(folder, 'index.mjs'));
  copyFileSync(path.join(assets, 'senders/http/sender.mjs'), path.join(folder, 'sender.mjs'));
  const config: DeliverConfig = {
    gateway: 'soak', target: name, timeoutSeconds, settings: { ...settings },
    queueUrl: `https://sqs.eu-west-1.amazonaws.com/1/${name}`, deadLetterQueueUrl: `https://sqs.eu-west-1.amazonaws.com/1/${name}-dead`,
    retry: { delaysSeconds: [5, 30, 120, 600, 1_800, 3_600], maxAgeSeconds: 345_600 },
  };
  writeFileSync(path.join(folder, CONFIG_FILE), JSON.stringify(config));
}

/** Counts the attempts among the lines, by target and outcome, while they come. */
function countOutcomes(output: NodeJS.ReadableStream): Outcomes {
  const counts: { [target: string]: { [outcome: string]: number } } = {};
  let rest = '';
  output.setEncoding('utf8').on('data', (text: string) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop() as string;
    for (const line of lines) {
      const { event, target, outcome } = JSON.parse(line) as { event: string; target: string; outcome: string };
      if (event !== 'attempt') continue;
      const ofTarget = counts[target] ??= {};
      ofTarget[outcome] = (ofTarget[outcome] ?? 0) + 1;
    }
  });
  return counts;
}
