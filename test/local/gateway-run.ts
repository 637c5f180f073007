import { App, Duration } from 'aws-cdk-lib';
import { createHmac, randomUUID } from 'node:crypto';
import path from 'node:path';
import { RetryPolicy, WebhookSecret, WebhookSource, WebhookStack, WebhookTarget } from '../../lib';
import { ManualClock } from '../../local/clock';
import { type LocalRun, type LocalRunOptions, type LocalRunReady, startLocalRun } from '../../local/run';
import { temporaryFolder } from '../temporary-folder';
import { post, type Reply } from './services';

export const START = Date.parse('2026-11-20T12:00:00Z');
export const GITHUB_SECRET = 'It is a secret to everybody';

export type Line = { readonly event: string; readonly [name: string]: unknown };

/** An assembly as `cdk-webhooks dev` synthesises it: one gateway in each stack, with one target, which gives up after two hours. */
export function synthesise(url: string, stacks: string[] = ['Webhooks']): string {
  const app = new App({ outdir: temporaryFolder(), context: { 'cdk-webhooks:local': true } });
  for (const id of stacks) {
    new WebhookStack(app, id, {
      sources: {
        github: WebhookSource.github({ secret: WebhookSecret.fromSecretName('webhooks/github') }),
        stripe: WebhookSource.stripe({ secret: WebhookSecret.fromSecretName('webhooks/stripe', 'key') }),
      },
      targets: { billing: WebhookTarget.http(url, { retryPolicy: RetryPolicy.standard(Duration.hours(2)) }) },
    });
  }
  return app.synth().directory;
}

/** A run of such an assembly on a manual clock, and what a test does with it. */
export class GatewayRun {
  private constructor(readonly clock: ManualClock, readonly run: LocalRun, readonly lines: Line[]) {}

  static async start(assembly: string, more: Partial<LocalRunOptions> = {}): Promise<GatewayRun> {
    const clock = new ManualClock(START);
    const lines: Line[] = [];
    const run = await startLocalRun({
      assembly, clock, port: 0, secrets: { 'webhooks/github': { current: GITHUB_SECRET } }, targets: {},
      bootstrapFile: path.resolve(__dirname, '../../assets/local/bootstrap.mjs'), onLine: (line) => lines.push(line as Line), ...more,
    });
    return new GatewayRun(clock, run, lines);
  }

  get ready(): LocalRunReady {
    return this.run.ready;
  }

  /** Posts what GitHub would. The body's bytes are signed, whatever they are. */
  send(body: Buffer | string, { secret = GITHUB_SECRET, type = 'application/json', url = this.ready.sources.github as string } = {}): Promise<Reply> {
    return post(url, {
      'content-type': type, 'x-github-event': 'push', 'x-github-delivery': randomUUID(),
      'x-hub-signature-256': `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`,
    }, body);
  }

  /** Moves the clock over HTTP, as a person or a script does. */
  async advance(seconds: number): Promise<{ now: string; ran: number; nextDueAt: string | null }> {
    const { body } = await post(`${this.ready.controlUrl}/clock`, { 'content-type': 'application/json' }, JSON.stringify({ advanceSeconds: seconds }));
    return JSON.parse(body);
  }

  said(event: string): Line[] {
    return this.lines.filter((line) => line.event === event);
  }

  /** Name and value of the secret that was made up for the target to verify with. */
  get signingSecret(): { name: string; value: string } {
    const [name, value] = Object.entries(this.ready.generatedSecrets).find(([key]) => key !== 'webhooks/stripe') as [string, string];
    return { name, value };
  }

  close(): Promise<void> {
    return this.run.close();
  }
}
