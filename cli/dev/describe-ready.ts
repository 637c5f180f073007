import { printable } from '../printable';
import type { RunLine } from './describe';

/** The `ready` line: what a run listens on. */
export interface ReadyLine extends RunLine {
  readonly event: 'ready';
  readonly version: string;
  readonly apiUrl: string;
  readonly controlUrl: string;
  readonly awsEndpointUrl: string;
  readonly consoleUrl: string | null;
  readonly region: string;
  readonly account: string;
  readonly stacks: string[];
  readonly clock: { readonly mode: string; readonly now: string };
  readonly sources: { readonly [name: string]: string };
  readonly targets: { readonly [name: string]: { readonly kind: string; readonly url?: string } };
  readonly generatedSecrets: { readonly [name: string]: string };
}

/** The page a person sees when a run is ready: where to post, what to paste. */
export function describeReady(ready: ReadyLine): string {
  const [source] = Object.keys(ready.sources);
  return [
    '',
    `cdk-webhooks ${ready.version} runs ${ready.stacks.join(', ')} on this machine`,
    '',
    ...section('sources', Object.entries(ready.sources)),
    ...section('targets', Object.entries(ready.targets).map(([name, target]) => [name, target.url ?? target.kind])),
    ...section('secrets made up for this run', Object.entries(ready.generatedSecrets)),
    ...section('for the AWS CLI and SDKs', [['AWS_ENDPOINT_URL', ready.awsEndpointUrl], ['AWS_REGION', ready.region]]),
    ...section(`clock (${ready.clock.mode})`, [['now', ready.clock.now], ...ready.clock.mode === 'manual' ? [advance(ready.controlUrl)] : []]),
    ...source === undefined ? [] : section('try', [['send an event', `npx cdk-webhooks send ${source}`]]),
    'Ctrl-C ends the run.',
    '',
    '',
  ].join('\n');
}

function advance(controlUrl: string): [string, string] {
  return ['move it by an hour', `curl -H 'content-type: application/json' -d '{"advanceSeconds": 3600}' ${controlUrl}/clock`];
}

function section(title: string, rows: readonly (readonly [string, string])[]): string[] {
  if (rows.length === 0) return [];
  const width = Math.max(...rows.map(([name]) => name.length)) + 2;
  return [title, ...rows.map(([name, value]) => `  ${printable(name).padEnd(width)}${printable(value)}`), ''];
}
