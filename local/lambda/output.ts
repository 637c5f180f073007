import type { Readable } from 'node:stream';

/** Splits what a process prints into lines, and knows the text that ends one invocation's share of it. */
export class Output {
  private rest = '';
  private end: string | null = null;
  private reachEnd: () => void = () => undefined;
  private reached = Promise.resolve();
  private closed = false;
  private received = 0;

  constructor(stream: Readable, private readonly onLine: (line: string) => void) {
    stream.setEncoding('utf8');
    stream.on('data', (text: string) => this.read(text));
    stream.on('close', () => this.close());
  }

  /** An invocation begins: `end` is the text that will end its output. */
  begin(end: string): void {
    this.end = end;
    this.reached = new Promise((resolve) => {
      this.reachEnd = resolve;
    });
    if (this.closed) this.reachEnd();
  }

  /** Resolves when the end has been read, or nothing more can come. */
  ended(): Promise<void> {
    return this.reached;
  }

  /** Characters read so far. */
  get length(): number {
    return this.received;
  }

  private read(text: string): void {
    this.received += text.length;
    const lines = text.split('\n');
    lines[0] = this.rest + (lines[0] as string);
    this.rest = lines.pop() as string;
    for (const line of lines) this.take(line);
  }

  private take(line: string): void {
    if (this.end === null || !line.endsWith(this.end)) return this.onLine(line);
    // What the function printed without a line feed stands before the end.
    if (line.length > this.end.length) this.onLine(line.slice(0, -this.end.length));
    this.reachEnd();
  }

  private close(): void {
    if (this.rest !== '') this.onLine(this.rest);
    this.rest = '';
    this.closed = true;
    this.reachEnd();
  }
}
