import { searchGrowth, Undecidable, type Growth } from './pattern';
import { SchemaError } from './schema-error';

const MAX_PATTERN = 2_000;

/** The patterns of a schema. An event decides how long they take, and its sender may not be kind. */
export class Patterns {
  /** Those whose time grows with the square of the text. */
  readonly quadratic = new Set<string>();
  private readonly linear = new Set<string>();

  /** Throws `SchemaError` for what is no pattern, and where the time grows faster than the square of the text. */
  judge(source: string, pointer: string): void {
    if (this.linear.has(source) || this.quadratic.has(source)) return;
    (isQuadratic(source, pointer) ? this.quadratic : this.linear).add(source);
  }
}

function isQuadratic(source: string, pointer: string): boolean {
  const refuse = (problem: string): SchemaError => new SchemaError(pointer, `the pattern ${JSON.stringify(cut(source))} ${problem}`);
  if (source.length > MAX_PATTERN) throw refuse(`has ${source.length} characters, and ${MAX_PATTERN} are allowed`);
  try {
    new RegExp(source, 'u');
  } catch (error) {
    throw refuse(`is no regular expression: ${(error as Error).message.replace(/^Invalid regular expression: /, '')}; patterns are ECMAScript with the flag u, in `
      + 'which a backslash stands only before what it changes, as in "\\\\." or "\\\\d"');
  }
  const growth = growthOf(source, refuse);
  if (growth === 'linear' || growth === 'quadratic') return growth === 'quadratic';
  throw refuse(`${GROWTH[growth]}; a text made for it would stop the function: ${CURE}`);
}

function growthOf(source: string, refuse: (problem: string) => SchemaError): Growth {
  try {
    return searchGrowth(source);
  } catch (error) {
    if (!(error instanceof Undecidable)) throw error;
    throw refuse(`cannot be used, because ${error.message}, and how long it takes cannot be told: ${CURE}`);
  }
}

const GROWTH = {
  cubic: 'takes time that grows with the cube of the text or faster, as parts that repeat can share the same characters in too many ways',
  exponential: 'takes time that doubles with each character of some texts, as a repetition can match the same characters in several ways',
  many: 'can match the same text in more than 10,000 ways, as optional parts can take each other\'s characters',
};

const CURE = 'begin it with ^, let what repeats not match what comes after it, e.g. [^/]+/ in place of .+/, and do not repeat a repetition';

function cut(text: string): string {
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}
