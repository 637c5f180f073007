import { AwsError } from '../aws-service';
import type { Clock } from '../clock';
import type { EventSourceMapping, EventSourceMappingOptions } from './event-source-mapping';

/** A mapping as its template describes it. */
export interface MappingDescription extends Pick<
  EventSourceMappingOptions, 'batchSize' | 'batchingWindowSeconds' | 'maximumConcurrency' | 'reportBatchItemFailures'
> {
  /** A UUID. */
  readonly id: string;
  readonly arn: string;
  readonly queueArn: string;
  readonly functionArn: string;
}

export type ControlState = 'Enabled' | 'Disabling' | 'Disabled' | 'Enabling';

/**
 * On AWS a change takes from a few seconds to about a minute. Until its end the mapping goes on as before here, which is the worst
 * that a caller has to reckon with.
 */
export const TRANSITION_SECONDS = 20;

/** What the API says and changes of one event source mapping. */
export class MappingControl {
  private current: ControlState;
  private changedAt: number;

  constructor(readonly description: MappingDescription, private readonly mapping: EventSourceMapping, private readonly clock: Clock) {
    this.current = mapping.state === 'Enabled' ? 'Enabled' : 'Disabled';
    this.changedAt = clock.now();
  }

  get state(): ControlState {
    return this.current;
  }

  /** Milliseconds since 1970. */
  get modifiedAt(): number {
    return this.changedAt;
  }

  /** Begins to switch the mapping on or off. Throws while it is still being switched. */
  setEnabled(enabled: boolean): void {
    if (this.current === 'Enabling' || this.current === 'Disabling') {
      throw new AwsError('ResourceInUseException', `Cannot update the event source mapping because it is in use: its state is ${this.current}.`);
    }
    this.changedAt = this.clock.now();
    if (enabled === (this.current === 'Enabled')) return;
    this.current = enabled ? 'Enabling' : 'Disabling';
    this.clock.schedule(this.changedAt + TRANSITION_SECONDS * 1000, () => this.endTransition(enabled));
  }

  private endTransition(enabled: boolean): void {
    this.current = enabled ? 'Enabled' : 'Disabled';
    if (enabled) this.mapping.resume();
    else this.mapping.pause();
  }
}
