import type { MappingState } from '../../lambda/keeper/calls';
import { AwsCallError } from '../../lambda/shared/aws-error';
import { EventSourceMapping } from '../../local/lambda/event-source-mapping';
import type { Clock } from '../../local/clock';
import type { SimulatedFunction } from './environment';
import { FaultyQueue } from './gateway-queues';
import { queuesOf, targetOptions, type WorldParts } from './world-parts';

/** Lambda takes about so long to carry out an update. */
const TRANSITION_MS = 30_000;

/** The poller of a target, and what Lambda's API says about it. */
export class TargetMapping {
  private readonly poller: EventSourceMapping;
  private transition: 'Enabling' | 'Disabling' | undefined;

  constructor(target: string, deliver: SimulatedFunction, private readonly parts: WorldParts) {
    const { clock, faults, ledger, random } = parts;
    const { batchSize = 10, maximumConcurrency = 5, ordered } = targetOptions(parts, target);
    const queue = new FaultyQueue(queuesOf(parts, target).queue, faults, random.fork(`SQS of ${target}`), clock, (number, cause) => {
      const event = ledger.events[number];
      if (!event) return;
      ledger.explain(event, target, cause);
      ledger.disturb(event, target, cause);
    });
    this.poller = new EventSourceMapping({
      queue, function: deliver, clock: untracked(clock), batchSize: ordered ? 1 : batchSize, maximumConcurrency, reportBatchItemFailures: true,
    });
  }

  get state(): MappingState {
    if (this.transition) return this.transition;
    return this.poller.state === 'Enabled' ? 'Enabled' : 'Disabled';
  }

  /** Throws while an update is under way, as Lambda does. */
  update(enabled: boolean): MappingState {
    if (this.transition) throw new AwsCallError('lambda UpdateEventSourceMapping', 'invalid', 'ResourceInUseException', 400);
    const { clock } = this.parts;
    this.transition = enabled ? 'Enabling' : 'Disabling';
    clock.schedule(clock.now() + TRANSITION_MS, () => {
      this.transition = undefined;
      if (enabled) this.poller.resume();
      else this.poller.pause();
    });
    return this.transition;
  }

  /** As a template does that says nothing of it, but replaces the mapping. */
  redeploy(): void {
    this.poller.resume();
  }

  close(): Promise<void> {
    return this.poller.close();
  }
}

/** Time passes during an invocation, which a local run's clock would wait for. */
function untracked(clock: Clock): Clock {
  return {
    mode: clock.mode,
    now: () => clock.now(),
    schedule: (at, run) => clock.schedule(at, run),
    track: (work) => work,
    get due() { return clock.due; },
    get nextDueAt() { return clock.nextDueAt; },
    close: () => clock.close(),
  };
}
