/** What ajv says of a value: https://ajv.js.org/api.html#validation-errors */
export interface SchemaFailure {
  /** A JSON pointer. */
  readonly instancePath: string;
  readonly keyword: string;
  readonly params: { readonly [name: string]: unknown };
  readonly message?: string;
}

export const MAX_SENTENCES = 5;
const MAX_PATH = 200;
const MAX_NAME = 64;
const MAX_MESSAGE = 300;

/** What alternatives say of themselves is said by their parts already. */
const SUMMARIES = ['if', 'anyOf', 'oneOf', 'propertyNames'];

/** Keywords whose failure is about a member that should not be there, and where its name is. */
const UNWANTED: { readonly [keyword: string]: string } = {
  additionalProperties: 'additionalProperty',
  unevaluatedProperties: 'unevaluatedProperty',
  propertyNames: 'propertyName',
};

/** Keywords that name what is allowed, and where that is. It is the schema's, not the event's. */
const ALLOWED: { readonly [keyword: string]: string } = { enum: 'allowedValues', const: 'allowedValue' };

/** A sentence for each failure: the place and the problem. Of the event there are names in it and no values. */
export function sentences(failures: readonly SchemaFailure[]): string[] {
  const parts = failures.filter(({ keyword }) => !SUMMARIES.includes(keyword));
  const said = (parts.length > 0 ? parts : failures).map(sentence);
  return [...new Set(said)].slice(0, MAX_SENTENCES);
}

function sentence({ instancePath, keyword, params, message = 'is not valid' }: SchemaFailure): string {
  const place = instancePath === '' ? 'the body' : plain(cut(instancePath, MAX_PATH));
  const name = UNWANTED[keyword] === undefined ? undefined : params[UNWANTED[keyword]];
  const allowed = params[ALLOWED[keyword] ?? ''];
  const which = typeof name === 'string' ? `: ${plain(JSON.stringify(cut(name, MAX_NAME)))}`
    : allowed === undefined ? '' : `: ${plain(cut(JSON.stringify(allowed), MAX_PATH))}`;
  return `${place} ${plain(cut(message, MAX_MESSAGE))}${which}`;
}

function cut(text: string, length: number): string {
  return text.length > length ? `${text.slice(0, length)}…` : text;
}

/** Without what a terminal or an editor would obey: control characters, halves of pairs, and marks that turn the reading direction. */
function plain(text: string): string {
  // As a literal it would be checked, with all of Unicode's tables, when the file is loaded.
  const obeyed = new RegExp('[\\p{Cc}\\p{Cf}\\p{Cs}\\p{Zl}\\p{Zp}]', 'gu');
  return text.replace(obeyed, (character) => `\\u${character.codePointAt(0)?.toString(16).padStart(4, '0')}`);
}
