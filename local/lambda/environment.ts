import { randomBytes, randomUUID } from 'node:crypto';
import type { Clock } from '../clock';
import { environmentVariables } from './environment-variables';
import { FunctionProcess, type Exit } from './function-process';
import { cannotStart, exited, responseTooLarge, timedOut, type FunctionDefinition, type FunctionError, type InvokeResult } from './invocation';
import { RuntimeApi, type RuntimeListener } from './runtime-api';
import { CLOCK_HEADER, END_OF_OUTPUT_HEADER, REAL_CLOCK } from './runtime/protocol';

export interface EnvironmentOptions {
  readonly clock: Clock;
  readonly bootstrapFile: string;
  readonly onLine: (line: string) => void;
  /** More arguments for the bootstrap. */
  readonly bootstrapArguments?: readonly string[];
  /** Real seconds until a start that never gets to its first invocation is given up. */
  readonly initSeconds: number;
}

interface Running {
  readonly requestId: string;
  readonly event: string;
  /** The text that ends its output. */
  readonly end: string;
  readonly settle: (result: InvokeResult | null) => void;
  /** The runtime has it. */
  delivered: boolean;
  /** A result has come; only output may be missing. */
  finished: boolean;
}

/** One execution environment: a process that runs one invocation at a time, and the Runtime API it speaks. Starts on first use. */
export class ExecutionEnvironment implements RuntimeListener {
  private readonly api = new RuntimeApi(this);
  private life: Promise<void> | null = null;
  private process: FunctionProcess | null = null;
  private running: Running | null = null;
  /** The runtime has polled for an invocation once, and polls now. */
  private initialised = false;
  private polling = false;
  private limit: NodeJS.Timeout | undefined;
  private initError: FunctionError | null = null;
  /** The limit, in seconds, that ran out. */
  private expired: number | null = null;
  private closing = false;
  private retired = false;

  /** @param onGone called when the process has ended, by itself or not */
  constructor(private readonly definition: FunctionDefinition, private readonly options: EnvironmentOptions, private readonly onGone: () => void) {}

  /** Whether another invocation can be run here. */
  get usable(): boolean {
    return !this.retired;
  }

  /**
   * Runs one invocation. All lines that it printed have been handed on before the promise resolves. Null: the process ended after
   * an earlier invocation and never saw this one, which another environment must run.
   */
  invoke(event: string): Promise<InvokeResult | null> {
    return new Promise((settle) => {
      const end = `end of output ${randomBytes(16).toString('hex')}`;
      this.running = { requestId: randomUUID(), event, end, settle, delivered: false, finished: false };
      this.life ??= this.live();
      this.deliver();
    });
  }

  /** Ends the process at once. An invocation under way resolves to `closed`. */
  async close(): Promise<void> {
    this.closing = true;
    this.process?.kill();
    await this.life;
  }

  ready(): void {
    clearTimeout(this.limit);
    this.initialised = true;
    this.polling = true;
    this.deliver();
  }

  responded(payload: string, marked: boolean): void {
    void this.finish((requestId) => ({ outcome: 'success', requestId, payload }), marked);
  }

  failed(error: FunctionError, marked: boolean): void {
    void this.finish((requestId) => ({ outcome: 'function-error', requestId, error }), marked);
  }

  /** The runtime lives on, as in AWS's own emulator (https://github.com/aws/aws-lambda-runtime-interface-emulator, invocationresponse.go). */
  responseTooLarge(marked: boolean): void {
    void this.finish((requestId) => this.platformFailure(requestId, responseTooLarge()), marked);
  }

  initFailed(error: FunctionError): void {
    // The process ends itself, and when it has, all that it printed has come.
    this.initError ??= error;
  }

  /** From the start of the process to its end. */
  private async live(): Promise<void> {
    const exit = await this.runProcess().catch((error: Error): Exit => ({ code: null, signal: null, reason: error.message }));
    clearTimeout(this.limit);
    this.retired = true;
    this.api.close();
    this.onGone();
    const running = this.running;
    if (running && !running.finished) running.settle(this.lastResult(running, exit));
  }

  private async runProcess(): Promise<Exit> {
    const { definition, options } = this;
    const endpoint = await this.api.listen();
    if (this.closing) return { code: null, signal: null };
    this.startLimit(options.initSeconds);
    this.process = new FunctionProcess({
      bootstrapFile: options.bootstrapFile,
      arguments: [definition.handler, this.clock(), ...options.bootstrapArguments ?? []],
      codeDirectory: definition.codeDirectory,
      environment: environmentVariables(definition, endpoint, options.clock.now()),
      memoryMegabytes: definition.memoryMegabytes,
      onLine: options.onLine,
    });
    return this.process.closed;
  }

  /** Hands the invocation to the runtime as soon as both are there. */
  private deliver(): void {
    const { running, definition, options } = this;
    if (!running || running.finished || !this.polling) return;
    this.polling = false;
    running.delivered = true;
    this.startLimit(definition.timeoutSeconds);
    this.process?.beginOutput(running.end);
    this.api.deliver({
      requestId: running.requestId,
      event: running.event,
      headers: {
        'lambda-runtime-deadline-ms': String(options.clock.now() + definition.timeoutSeconds * 1000),
        'lambda-runtime-invoked-function-arn': definition.arn,
        'lambda-runtime-trace-id': traceId(options.clock.now()),
        [CLOCK_HEADER]: this.clock(),
        [END_OF_OUTPUT_HEADER]: running.end,
      },
    });
  }

  private async finish(result: (requestId: string) => InvokeResult, marked: boolean): Promise<void> {
    const { running } = this;
    if (!running || running.finished) return;
    running.finished = true;
    // The runtime has this long to come back for more: one that does not could never be used again.
    this.startLimit(this.definition.timeoutSeconds);
    await this.process?.outputEnded(marked);
    this.running = null;
    running.settle(result(running.requestId));
  }

  private startLimit(seconds: number): void {
    clearTimeout(this.limit);
    this.limit = setTimeout(() => {
      this.expired = seconds;
      this.process?.kill();
    }, seconds * 1000);
  }

  private lastResult({ requestId, delivered }: Running, { code, signal, reason }: Exit): InvokeResult | null {
    if (this.closing) return { outcome: 'closed' };
    if (this.initialised && !delivered) return null;
    if (this.initError) return { outcome: 'function-error', requestId, error: this.initError };
    if (this.expired !== null) return this.platformFailure(requestId, timedOut(requestId, this.expired));
    if (reason !== undefined) return this.platformFailure(requestId, cannotStart(requestId, this.definition.codeDirectory, reason));
    return this.platformFailure(requestId, exited(requestId, code, signal));
  }

  /** A failure that the function cannot report itself: Lambda writes it to the function's log. */
  private platformFailure(requestId: string, error: FunctionError): InvokeResult {
    this.options.onLine(`${error.errorMessage} ${error.errorType}`);
    return { outcome: 'function-error', requestId, error };
  }

  private clock(): string {
    const { clock } = this.options;
    return clock.mode === 'real' ? REAL_CLOCK : String(clock.now());
  }
}

/** https://docs.aws.amazon.com/xray/latest/devguide/xray-concepts.html#xray-concepts-tracingheader */
function traceId(now: number): string {
  const seconds = Math.floor(now / 1000).toString(16).padStart(8, '0');
  return `Root=1-${seconds}-${randomBytes(12).toString('hex')};Parent=${randomBytes(8).toString('hex')};Sampled=0`;
}
