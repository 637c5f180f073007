import type { SQSClient } from '@aws-sdk/client-sqs';
import type { Envelope } from '../../lib/contract/envelope';
import { Exit, interrupted, type CliError } from '../cli-error';
import type { Context } from '../command';
import { count, note, type Printer } from '../print';
import type { Store } from '../store/open-store';
import { ASK_ABOVE, confirm } from './confirm';
import { look, show, type Received } from './dead-letters';
import { redeliver, type Moved } from './redelivery';
import type { TargetQueues } from './target-queues';

export interface MoveSelected {
  readonly store: Store;
  readonly client: SQSClient;
  readonly queues: TargetQueues;
  readonly selects: (envelope: Envelope) => boolean;
  readonly perSecond: number;
  readonly print: Printer;
  readonly context: Context;
  readonly yes: boolean;
  readonly dryRun: boolean;
  readonly nothing: () => CliError;
}

/**
 * Sends chosen dead letters again, and takes each away once its event was delivered, or was given up again and so has a new one. What is
 * left is visible again in the end.
 */
export async function moveSelected(move: MoveSelected): Promise<Exit> {
  const { print, queues: { name }, yes, dryRun, context: { signal }, nothing } = move;
  const received: Received = { chosen: [], others: [] };
  const { chosen, others } = received;
  try {
    await look(move, received);
    const letters = count(chosen.length, 'dead letter');
    await print.line({ event: 'plan', count: chosen.length, byTarget: { [name]: chosen.length } }, `to redrive: ${letters} of ${name}`);
    if (signal.aborted) throw interrupted();
    if (chosen.length === 0) throw nothing();
    if (dryRun) return Exit.DONE;
    if (chosen.length > ASK_ABOVE) await confirm(`redrive ${letters} to ${name}`, yes, signal);
    await show(move, others.splice(0));
    return await report(move, await redeliver(move, chosen));
  } finally {
    await show(move, [...others, ...chosen.map(({ receipt }) => receipt)]);
  }
}

async function report({ print, queues: { name }, context: { signal } }: MoveSelected, moved: Moved): Promise<Exit> {
  const { done, failed, skipped, stoppedBy, error } = moved;
  const rest = `${failed > 0 ? `, ${failed} given up again` : ''}${skipped > 0 ? `, ${skipped} not delivered yet` : ''}`;
  const tone = failed > 0 || error ? 'bad' : skipped > 0 ? 'warn' : 'good';
  await print.line({ event: 'done', done, failed, skipped, resume: null, stoppedBy }, `${count(done, 'dead letter')} delivered and taken away${rest}`, tone);
  if (error) note(error.message);
  if (failed > 0) note('what was given up again has a new dead letter in the place of the old one; cdk-webhooks events show ID says why');
  if (stoppedBy === 'breaker') note(`stopped: the breaker of target ${JSON.stringify(name)} is open; cdk-webhooks targets list says why`);
  else if (skipped > 0) note('what is not delivered stays in the dead-letter queue; the same command later takes away what was delivered since');
  if (stoppedBy === 'interrupt' || signal.aborted) return Exit.INTERRUPTED;
  if (error) return error.exit;
  return stoppedBy === 'breaker' || failed > 0 || skipped > 0 ? Exit.FAILED : Exit.DONE;
}
