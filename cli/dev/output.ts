import { jsonLine, printable } from '../printable';
import { describe, type RunLine, type Tone } from './describe';
import { describeReady, type ReadyLine } from './describe-ready';

export interface OutputOptions {
  readonly json: boolean;
  readonly colour: boolean;
  /** The run's clock, in milliseconds since 1970. */
  readonly now: () => number;
  readonly write: (text: string) => void;
}

const COLOURS: { readonly [tone in Tone]: number } = { good: 32, bad: 31, warn: 33, plain: 0 };

/** Where a run's lines go: JSON for a script, or one short line each for a person. */
export class Output {
  constructor(private readonly options: OutputOptions) {}

  line(line: RunLine): void {
    const { event, time = new Date(this.options.now()).toISOString(), ...rest } = line;
    this.options.write(this.options.json ? jsonLine({ event, time, ...rest }) : this.forPerson({ event, time, ...rest }));
  }

  private forPerson(line: RunLine): string {
    if (line.event === 'ready') return describeReady(line as ReadyLine);
    const { tone, text } = describe(line);
    // The date is there because a run's clock can be moved by days.
    const time = printable(String(line.time)).slice(0, 19).replace('T', ' ');
    return `${this.paint(time, 2)}  ${this.paint(printable(line.event).padEnd(13), COLOURS[tone])}  ${text}\n`;
  }

  private paint(text: string, code: number): string {
    return this.options.colour && code !== 0 ? `\u001b[${code}m${text}\u001b[0m` : text;
  }
}

export { wantsColour } from '../colour';
