import { Exit, interrupted, type CliError } from '../cli-error';
import type { Context } from '../command';
import { count, note, type Printer } from '../print';
import type { Store } from '../store/open-store';
import type { StoredEvent } from '../store/rows';
import { confirm, ASK_ABOVE } from './confirm';
import { countPlan, withoutGone, type Plan, type Planned } from './planned';
import { Progress } from './progress';
import { Replayer, type Replayed } from './replayer';
import { breakerOf, isQueueGone, queuesOf, sqsClient, type TargetQueues } from './target-queues';

export interface Job {
  readonly store: Store;
  readonly print: Printer;
  readonly context: Context;
  /** The planned events, anew at each call: once to count, once to send. */
  readonly batches: () => AsyncIterable<readonly Planned[]>;
  readonly replay: string;
  readonly perSecond: number;
  readonly yes: boolean;
  readonly dryRun: boolean;
  /** What is done, for the question: `replay`, `release`. */
  readonly verb: string;
  readonly release?: boolean;
  /** A token to go on with, from where it stopped. Null where that is not offered. */
  readonly resumeToken: (position: string | undefined) => string | null;
  /** Why there was nothing, where there was nothing. */
  readonly nothing: () => CliError;
  readonly onSent: (event: StoredEvent, names: readonly string[], all: boolean) => Promise<void>;
}

/** Counts, asks, sends, and says how it went. */
export async function runReplay(job: Job): Promise<Exit> {
  const { print, dryRun, yes, verb, context } = job;
  const isGone = goneQueues(job.store);
  const batches = (): AsyncIterable<readonly Planned[]> => withoutGone(job.batches(), isGone);
  const plan = await countPlan(batches(), context.signal);
  await print.line({ event: 'plan', count: plan.count, byTarget: plan.byTarget, events: plan.events }, describePlan(verb, plan));
  tellSkipped(plan.skipped);
  if (context.signal.aborted) throw interrupted();
  if (plan.count === 0) throw job.nothing();
  if (dryRun) return Exit.DONE;
  if (plan.count > ASK_ABOVE) await confirm(`${verb} ${describeCount(plan)}`, yes, context.signal);
  return report(job, await send({ ...job, batches }, plan));
}

/** Asks once for each target. Whatever else fails is met by the sending, and told there. */
function goneQueues({ access, gateway }: Store): (target: string) => Promise<boolean> {
  const client = sqsClient(access);
  const known = new Map<string, Promise<boolean>>();
  return (target) => {
    const gone = known.get(target) ?? queuesOf(gateway, target).then((queues) => breakerOf(client, queues, access)).then(() => false, isQueueGone);
    known.set(target, gone);
    return gone;
  };
}

async function send({ store, print, context, batches, replay, perSecond, release = false, onSent }: Job, plan: Plan): Promise<Replayed> {
  const queues = new Map<string, TargetQueues>();
  for (const name of Object.keys(plan.byTarget)) queues.set(name, await queuesOf(store.gateway, name));
  const options = {
    store, queues, replay, perSecond, print, release, onSent,
    client: sqsClient(store.access), progress: new Progress(print, plan.count), signal: context.signal,
  };
  return new Replayer(options).run(batches());
}

async function report({ print, verb, resumeToken, context: { signal } }: Job, result: Replayed): Promise<Exit> {
  const { done, failed, skipped, position, stoppedBy, breaker, failures, endedBy, why } = result;
  const resume = stoppedBy !== null || endedBy ? resumeToken(position) : null;
  const line = {
    event: 'done', done, failed, skipped, resume, stoppedBy, ...(failures.length > 0 && { failures }), ...(endedBy && { error: endedBy.message }),
  };
  await print.line(line, `${count(done, 'message')} sent, ${failed} failed, ${skipped} skipped`, failed > 0 || endedBy ? 'bad' : 'good');
  tellSkipped(why);
  for (const { id, target, message } of failures) note(`${id}${target === undefined ? '' : ` to ${target}`}: ${message}`);
  if (failed > failures.length) note(`${failed - failures.length} more failed`);
  if (endedBy && !failures.some(({ message }) => message === endedBy.message)) note(endedBy.message);
  if (breaker !== undefined) note(`stopped: the breaker of target ${JSON.stringify(breaker)} is open; cdk-webhooks targets list says why`);
  if (resume !== null) note(`go on with cdk-webhooks ${verb} --resume ${resume}`);
  if (stoppedBy === 'interrupt' || signal.aborted) return Exit.INTERRUPTED;
  if (endedBy) return endedBy.exit;
  return failed > 0 || stoppedBy === 'breaker' ? Exit.FAILED : Exit.DONE;
}

function describePlan(verb: string, plan: Plan): string {
  return `to ${verb}: ${describeCount(plan)}`;
}

function describeCount({ count: messages, events, byTarget }: Plan): string {
  const targets = Object.entries(byTarget).map(([name, number]) => `${number} to ${name}`).join(', ');
  return `${count(messages, 'message')} of ${count(events, 'event')}${targets ? ` (${targets})` : ''}`;
}

function tellSkipped(reasons: ReadonlyMap<string, number>): void {
  for (const [reason, number] of reasons) note(`${number} skipped: ${reason}`);
}
