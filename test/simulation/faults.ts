import { AwsCallError } from '../../lambda/shared/aws-error';
import type { Clock } from '../../local/clock';
import type { Environment } from './environment';
import type { Random } from './random';

/** What may go wrong at a call to AWS. */
export const CALL_FAULTS = ['throttle', 'error', 'timeout', 'lost-response', 'crash-before', 'crash-after'] as const;

/** What may go wrong elsewhere. */
export const OTHER_FAULTS = [
  /** SQS gives a message to two receivers. */
  'duplicate',
  /** SQS gives messages in another order. */
  'reorder',
  /** The mapping's DeleteMessage does nothing. */
  'delete-lost',
  /** Received, and no room to invoke. */
  'no-invoke',
  /** The function has returned, and Lambda does not know. */
  'return-lost',
  /** The sender does not get the answer. */
  'answer-lost',
  /** A delivery function is frozen in the midst of a write, and ends it when it is thawed. */
  'write-late',
] as const;

export type CallFault = (typeof CALL_FAULTS)[number];
export type OtherFault = (typeof OTHER_FAULTS)[number];
export type Fault = CallFault | OtherFault;

export type FaultRates = { readonly [fault in Fault]?: number };

/** Shares of calls, from 0 to 1. */
export interface FaultPlan {
  readonly rates?: FaultRates;
  /** For single calls, by name, in place of `rates`. */
  readonly calls?: { readonly [call: string]: FaultRates };
  /** Faults happen from here to there, milliseconds since the start. Default: always. */
  readonly from?: number;
  readonly until?: number;
}

export interface CallOptions {
  readonly timeoutMs: number;
  readonly tries: number;
}

/** How long AWS takes to answer, in milliseconds. */
const LATENCY_MS = 10;
/** The client's pause before another try. */
const TRY_AGAIN_MS = 50;

/** Carries out calls to AWS, and spoils some of them. */
export class Faults {
  readonly counts = new Map<string, number>();
  private readonly start: number;

  constructor(private readonly plan: FaultPlan, private readonly random: Random, private readonly clock: Clock) {
    this.start = clock.now();
  }

  happens(fault: OtherFault, call = 'sqs'): boolean {
    if (!this.random.chance(this.rate(fault, call))) return false;
    this.count(`${call} ${fault}`);
    return true;
  }

  /**
   * One call as the functions' client makes it, with its tries. `work` is what AWS does. `onUnknown` hears of a call
   * that AWS has carried out and its caller does not know of.
   */
  async call<T>(
    environment: Environment, call: string, options: CallOptions, work: () => T, onUnknown: (fault: CallFault) => void = ignore,
  ): Promise<T> {
    for (let left = options.tries; ; left--) {
      try {
        return await this.once(environment, call, options.timeoutMs, work, onUnknown);
      } catch (error) {
        if (environment.dead) return never();
        if (left <= 1 || !(error instanceof AwsCallError)) throw error;
        await this.wait(TRY_AGAIN_MS);
      }
    }
  }

  /** Whatever happens to a call that is none of AWS: only the crash of the function. */
  crash(environment: Environment, call: string, when: 'crash-before' | 'crash-after'): boolean {
    if (!this.random.chance(this.rate(when, call))) return false;
    this.count(`${call} ${when}`);
    environment.die();
    return true;
  }

  wait(milliseconds: number): Promise<void> {
    return new Promise((resolve) => void this.clock.schedule(this.clock.now() + milliseconds, resolve));
  }

  private async once<T>(
    environment: Environment, call: string, timeoutMs: number, work: () => T, onUnknown: (fault: CallFault) => void,
  ): Promise<T> {
    if (environment.dead) return never();
    const fault = this.draw(call);
    if (fault === 'crash-before') {
      environment.die();
      return never();
    }
    await this.wait(fault === 'timeout' ? timeoutMs : LATENCY_MS);
    if (environment.dead) return never();
    if (fault === 'throttle') throw new AwsCallError(call, 'throttled', 'ThrottlingException', 400);
    if (fault === 'error') throw new AwsCallError(call, 'unavailable', 'InternalFailure', 500);
    if (fault === 'timeout') throw new AwsCallError(call, 'timeout', 'ABORT_ERR');
    const result = work();
    if (fault === 'crash-after') {
      onUnknown(fault);
      environment.die();
      return never();
    }
    if (fault === 'lost-response') {
      onUnknown(fault);
      await this.wait(timeoutMs);
      throw new AwsCallError(call, 'timeout', 'ABORT_ERR');
    }
    return result;
  }

  private draw(call: string): CallFault | undefined {
    const rates = this.ratesOf(call);
    if (!rates) return undefined;
    // One draw for all kinds: a call has one fault at most.
    let left = this.random.next();
    for (const fault of CALL_FAULTS) {
      left -= rates[fault] ?? 0;
      if (left >= 0) continue;
      this.count(`${call} ${fault}`);
      return fault;
    }
    return undefined;
  }

  private rate(fault: Fault, call: string): number {
    return this.ratesOf(call)?.[fault] ?? 0;
  }

  private ratesOf(call: string): FaultRates | undefined {
    const elapsed = this.clock.now() - this.start;
    if (elapsed < (this.plan.from ?? 0) || elapsed >= (this.plan.until ?? Infinity)) return undefined;
    return this.plan.calls?.[call] ?? this.plan.rates;
  }

  private count(name: string): void {
    this.counts.set(name, (this.counts.get(name) ?? 0) + 1);
  }
}

/** What a call of a function that is dead resolves to: nothing, ever. */
export function never<T>(): Promise<T> {
  return new Promise<T>(() => undefined);
}

function ignore(): void {
  // Most callers need not know.
}
