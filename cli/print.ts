import type { Arguments } from './arguments';
import { wantsColour } from './colour';
import { jsonLine, printable } from './printable';

/** What a line says at a glance. */
export type Tone = 'good' | 'bad' | 'warn' | 'dim' | 'plain';

export interface Cell {
  readonly text: string;
  readonly tone?: Tone;
}

const COLOURS: { readonly [tone in Tone]: number } = { good: 32, bad: 31, warn: 33, dim: 2, plain: 0 };

/** Where a command's results go: JSON lines for a script, or lines for a person. */
export class Printer {
  readonly json: boolean;
  private readonly colour: boolean;

  constructor(args: Arguments, stream: { readonly isTTY?: boolean } = process.stdout) {
    this.json = args.flag('json');
    this.colour = !this.json && wantsColour(stream, process.env);
  }

  /** One line: the object for a script, the text for a person. The text is made printable here. */
  async line(value: { readonly [name: string]: unknown }, text?: string, tone: Tone = 'plain'): Promise<void> {
    if (this.json) await write(jsonLine(value));
    else if (text !== undefined) await write(`${this.paint(printable(text), tone)}\n`);
  }

  /** Lines for a person in aligned columns. */
  async table(heading: readonly string[], rows: readonly (readonly (string | Cell)[])[]): Promise<void> {
    const cells = [heading.map((text): Cell => ({ text, tone: 'dim' })), ...rows.map((row) => row.map((each) => (typeof each === 'string' ? { text: each } : each)))]
      .map((row) => row.map(({ text, tone = 'plain' }) => ({ text: printable(text), tone })));
    const widths = heading.map((_, i) => Math.max(...cells.map((row) => row[i]?.text.length ?? 0)));
    for (const row of cells) {
      const line = row.map(({ text, tone }, i) => this.paint(i === row.length - 1 ? text : text.padEnd(widths[i] as number), tone)).join('  ');
      await write(`${line}\n`);
    }
  }

  private paint(text: string, tone: Tone): string {
    return this.colour && tone !== 'plain' ? `\u001b[${COLOURS[tone]}m${text}\u001b[0m` : text;
  }
}

/**
 * Waits while the reader is slower than we are, so that what was written is not piled up in memory. A pipe that nobody reads any more
 * never drains: there the wait ends once the stream has told its error to whoever listens, so that the signal is seen to be aborted.
 */
export async function write(text: string): Promise<void> {
  await new Promise<void>((resolve) => {
    process.stdout.write(text, (error) => (error ? setImmediate(resolve) : resolve()));
  });
}

/** A word to the person who waits, beside the results. */
export function note(text: string): void {
  process.stderr.write(`cdk-webhooks: ${printable(text)}\n`);
}

export const count = (number: number, noun: string): string => `${number.toLocaleString('en-US')} ${noun}${number === 1 ? '' : 's'}`;

/** A time without the noise: `2026-01-31 12:00:00`. */
export const shortTime = (time: string): string => time.slice(0, 19).replace('T', ' ');
