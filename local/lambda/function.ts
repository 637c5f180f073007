import type { Clock } from '../clock';
import { invokeAsync } from './async-invocation';
import { ExecutionEnvironment } from './environment';
import { MAX_EVENT_BYTES, type FunctionDefinition, type InvokeResult } from './invocation';

export interface LocalFunctionOptions {
  readonly clock: Clock;
  /** The script that Node.js runs for each environment: `assets/local/bootstrap.mjs`, or another client of the Runtime API. */
  readonly bootstrapFile: string;
  /** More arguments for the bootstrap. */
  readonly bootstrapArguments?: readonly string[];
  /** Takes every line that the function prints, and those that Lambda would write about a crash or a timeout. */
  readonly onLine: (line: string, functionName: string) => void;
  /** Real seconds until an unused environment stops. Default: 300. */
  readonly idleSeconds?: number;
  /** Environments at a time; further invocations wait in line. Default: 10. */
  readonly concurrency?: number;
  /** How often an asynchronous invocation that fails is tried again, 0 to 2. Default: 2, as in Lambda. */
  readonly asyncRetries?: number;
  /** Real seconds for a module to be imported. Default: 10, as in Lambda. */
  readonly initSeconds?: number;
}

const IDLE_SECONDS = 300;
const CONCURRENCY = 10;
const INIT_SECONDS = 10;

/** A Lambda function on this machine: as many environments as there are invocations at a time, started on first use. */
export class LocalFunction {
  readonly name: string;
  readonly arn: string;
  private readonly environments = new Set<ExecutionEnvironment>();
  /** Unused environments, the last used one at the end, each with the timer that stops it. */
  private readonly idle: { readonly environment: ExecutionEnvironment; readonly timer: NodeJS.Timeout }[] = [];
  private readonly waiting: (() => void)[] = [];
  private readonly listeners = new Set<() => void>();
  private readonly concurrency: number;
  private busy = 0;
  private closed = false;

  constructor(private readonly definition: FunctionDefinition, private readonly options: LocalFunctionOptions) {
    this.name = definition.name;
    this.arn = definition.arn;
    this.concurrency = options.concurrency ?? CONCURRENCY;
  }

  /** Runs the function once. Never rejects; a manual clock does not move on before it has ended. */
  invoke(event: unknown): Promise<InvokeResult> {
    return this.options.clock.track(this.run(event));
  }

  /** Runs the function for a caller that does not wait, and again when it fails. */
  invokeAsync(event: unknown): void {
    void invokeAsync((again) => this.invoke(again), event, this.options.clock, this.options.asyncRetries);
  }

  /** How many invocations could start now without waiting in line. */
  get free(): number {
    return this.closed ? 0 : Math.max(0, this.concurrency - this.busy - this.waiting.length);
  }

  /** Calls `listener` whenever an invocation has ended. Returns the function that stops it. */
  onFree(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Ends all environments. What runs or waits resolves to `closed`. */
  async close(): Promise<void> {
    this.closed = true;
    for (const { timer } of this.idle.splice(0)) clearTimeout(timer);
    for (const wake of this.waiting.splice(0)) wake();
    await Promise.all([...this.environments].map((environment) => environment.close()));
  }

  private async run(event: unknown): Promise<InvokeResult> {
    const json = JSON.stringify(event) ?? 'null';
    const bytes = Buffer.byteLength(json);
    if (bytes > MAX_EVENT_BYTES) return { outcome: 'event-too-large', bytes };
    await this.enter();
    const result = await this.runInEnvironment(json);
    this.leave();
    return result;
  }

  private async runInEnvironment(json: string): Promise<InvokeResult> {
    while (!this.closed) {
      const environment = this.takeEnvironment();
      const result = await environment.invoke(json);
      this.rest(environment);
      if (result) return result;
    }
    return { outcome: 'closed' };
  }

  private async enter(): Promise<void> {
    if (this.busy < this.concurrency) this.busy++;
    else await new Promise<void>((resolve) => this.waiting.push(resolve));
  }

  /** Gives the place to the next in line. */
  private leave(): void {
    const next = this.waiting.shift();
    if (next) return next();
    this.busy--;
    for (const listener of this.listeners) listener();
  }

  private takeEnvironment(): ExecutionEnvironment {
    const used = this.idle.pop();
    clearTimeout(used?.timer);
    return used?.environment ?? this.newEnvironment();
  }

  private newEnvironment(): ExecutionEnvironment {
    const { clock, bootstrapFile, bootstrapArguments, onLine, initSeconds = INIT_SECONDS } = this.options;
    const environment: ExecutionEnvironment = new ExecutionEnvironment(
      this.definition,
      { clock, bootstrapFile, bootstrapArguments, initSeconds, onLine: (line) => onLine(line, this.name) },
      () => this.forget(environment),
    );
    this.environments.add(environment);
    return environment;
  }

  private rest(environment: ExecutionEnvironment): void {
    if (this.closed || !environment.usable) return;
    const timer = setTimeout(() => {
      this.removeIdle(environment);
      void environment.close();
    }, (this.options.idleSeconds ?? IDLE_SECONDS) * 1000);
    this.idle.push({ environment, timer });
  }

  private forget(environment: ExecutionEnvironment): void {
    this.environments.delete(environment);
    this.removeIdle(environment);
  }

  private removeIdle(environment: ExecutionEnvironment): void {
    const index = this.idle.findIndex((entry) => entry.environment === environment);
    if (index >= 0) clearTimeout(this.idle.splice(index, 1)[0]?.timer);
  }
}
