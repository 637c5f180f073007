import type { Clock } from '../../local/clock';
import type { MappedFunction } from '../../local/lambda/event-source-mapping';
import type { InvokeResult } from '../../local/lambda/invocation';

/** One execution environment of a function: what a crash takes with it. */
export class Environment {
  dead = false;
  /** Called when it dies. A promise that is raced against every invocation would keep them all. */
  onDeath: (() => void) | undefined;

  constructor(readonly id: number) {}

  die(): void {
    this.dead = true;
    this.onDeath?.();
  }
}

export interface Context {
  getRemainingTimeInMillis(): number;
}

export type Handler = (event: unknown, context: Context) => Promise<unknown>;

export interface SimulatedFunctionOptions {
  readonly clock: Clock;
  readonly timeoutSeconds: number;
  /** A cold start. Returns the handler, which lives in the environment. */
  readonly create: (environment: Environment) => Handler;
  /** Invocations at a time. Default: 1,000. */
  readonly concurrency?: number;
  /** True: the invocation is refused, as when the account's concurrency is used up. */
  readonly refuses?: () => boolean;
  /** Hears how each invocation ended, before the caller does. True: the caller gets an error all the same. */
  readonly onEnd?: (environment: Environment, outcome: 'returned' | 'died') => boolean;
}

interface Warm {
  readonly environment: Environment;
  readonly handler: Handler;
  lastUsed: number;
}

/** How long Lambda keeps an environment that nothing is asked of. */
const IDLE_MS = 10 * 60_000;
const COLD_START_MS = 200;

/** A Lambda function in this process: its environments take one invocation at a time, and die. */
export class SimulatedFunction implements MappedFunction {
  invocations = 0;
  deaths = 0;
  private running = 0;
  private created = 0;
  private readonly idle: Warm[] = [];
  private readonly listeners = new Set<() => void>();

  constructor(private readonly options: SimulatedFunctionOptions) {}

  get free(): number {
    return (this.options.concurrency ?? 1_000) - this.running;
  }

  onFree(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }

  async invoke(event: unknown): Promise<InvokeResult> {
    const requestId = String(++this.invocations);
    if (this.options.refuses?.()) return failure(requestId, 'TooManyRequestsException');
    this.running++;
    try {
      const warm = this.take() ?? await this.start();
      const payload = await this.run(warm, event);
      const died = warm.environment.dead;
      if (died) this.deaths++;
      else this.idle.push(warm);
      const hidden = this.options.onEnd?.(warm.environment, died ? 'died' : 'returned') ?? false;
      return died || hidden ? failure(requestId, 'Runtime.ExitError') : { outcome: 'success', requestId, payload: JSON.stringify(payload) };
    } finally {
      this.running--;
      for (const listener of this.listeners) listener();
    }
  }

  /** Forgets all environments, as a deployment does. */
  redeploy(): void {
    this.idle.length = 0;
  }

  private take(): Warm | undefined {
    const now = this.options.clock.now();
    for (let warm = this.idle.pop(); warm; warm = this.idle.pop()) if (now - warm.lastUsed < IDLE_MS) return warm;
    return undefined;
  }

  private async start(): Promise<Warm> {
    const environment = new Environment(++this.created);
    await new Promise<void>((resolve) => void this.options.clock.schedule(this.options.clock.now() + COLD_START_MS, resolve));
    return { environment, handler: this.options.create(environment), lastUsed: 0 };
  }

  private async run(warm: Warm, event: unknown): Promise<unknown> {
    const { clock, timeoutSeconds } = this.options;
    const deadline = clock.now() + timeoutSeconds * 1_000;
    const timer = clock.schedule(deadline, () => warm.environment.die());
    const context = { getRemainingTimeInMillis: () => Math.max(0, deadline - clock.now()) };
    const payload = await new Promise<unknown>((resolve, reject) => {
      warm.environment.onDeath = () => resolve(undefined);
      warm.handler(event, context).then(resolve, reject);
    });
    timer.cancel();
    warm.lastUsed = clock.now();
    return payload;
  }
}

function failure(requestId: string, errorType: string): InvokeResult {
  return { outcome: 'function-error', requestId, error: { errorType, errorMessage: errorType } };
}
