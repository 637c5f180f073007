import type { AwsError } from '../../aws-service';
import { validationError } from '../errors';
import type { AttributeValue } from '../value';
import type { Path } from './path';
import { isReserved } from './reserved-words';
import type { Scope } from './scope';

/** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ServiceQuotas.html#limits-expression-parameters */
const MAX_BYTES = 4096;

const TOKEN = /\s*([A-Za-z]\w*|#\w+|:\w+|\d+|<>|<=|>=|[=<>()[\],.+-])/y;

/** The words of one expression, and what reads the next of them. */
export class Tokens {
  private readonly words: string[] = [];
  private at = 0;

  constructor(private readonly parameter: string, text: string, private readonly scope: Scope) {
    if (text.trim() === '') throw this.error('The expression can not be empty;');
    if (Buffer.byteLength(text) > MAX_BYTES) {
      throw this.error(`Expression size has exceeded the maximum allowed size; expression size: ${Buffer.byteLength(text)}`);
    }
    const pattern = new RegExp(TOKEN);
    for (const end = text.trimEnd().length; pattern.lastIndex < end;) {
      const from = pattern.lastIndex;
      const word = pattern.exec(text)?.[1];
      if (word === undefined) throw this.syntaxError(text.slice(from).trim().slice(0, 1), text.slice(from, from + 20).trim());
      this.words.push(word);
    }
  }

  /** The next word, which stays. */
  peek(ahead = 0): string | undefined {
    return this.words[this.at + ahead];
  }

  next(): string {
    const word = this.words[this.at++];
    if (word === undefined) throw this.syntaxError('<EOF>', this.words.slice(-2).join(' '));
    return word;
  }

  /** Whether the next word is this one, and then it is read. Key words are in capitals here and in any case there. */
  skip(word: string): boolean {
    if (!this.is(word)) return false;
    this.at++;
    return true;
  }

  is(word: string): boolean {
    return this.peek()?.toUpperCase() === word.toUpperCase();
  }

  expect(word: string): void {
    if (!this.skip(word)) throw this.unexpected();
  }

  end(): void {
    if (this.at < this.words.length) throw this.unexpected();
  }

  /** One part, or more with commas between. */
  list<T>(read: () => T): T[] {
    const parts = [read()];
    while (this.skip(',')) parts.push(read());
    return parts;
  }

  path(): Path {
    const path: [string, ...(string | number)[]] = [this.name()];
    for (;;) {
      if (this.skip('.')) path.push(this.name());
      else if (this.skip('[')) {
        if (!/^\d+$/.test(this.peek() ?? '')) throw this.unexpected();
        path.push(Number(this.next()));
        this.expect(']');
      } else return path;
    }
  }

  value(): AttributeValue {
    const reference = this.next();
    const value = this.scope.value(reference);
    if (value) return value;
    throw this.error(`An expression attribute value used in expression is not defined; attribute value: ${reference}`);
  }

  error(problem: string): AwsError {
    return validationError(`Invalid ${this.parameter}: ${problem}`);
  }

  unexpected(): AwsError {
    return this.syntaxError(this.peek() ?? '<EOF>', this.words.slice(Math.max(this.at - 1, 0), this.at + 2).join(' '));
  }

  private syntaxError(token: string, near: string): AwsError {
    return this.error(`Syntax error; token: "${token}", near: "${near}"`);
  }

  private name(): string {
    if (!/^[A-Za-z#]/.test(this.peek() ?? '')) throw this.unexpected();
    const word = this.next();
    if (word.startsWith('#')) {
      const name = this.scope.name(word);
      if (name !== undefined) return name;
      throw this.error(`An expression attribute name used in the document path is not defined; attribute name: ${word}`);
    }
    if (isReserved(word)) throw this.error(`Attribute name is a reserved keyword; reserved keyword: ${word}`);
    return word;
  }
}
