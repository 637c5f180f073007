/** What a template is filled with. */
export interface TemplateInput {
  /** The parsed body. Asked for by a template that has a place in it, and by no other; may throw where the body is not JSON. */
  readonly body: unknown;
  readonly headers: { readonly [name: string]: string };
  readonly metadata: { readonly [name: string]: string | null };
}

export type Template = (input: TemplateInput) => unknown;

/** A template that is wrong for every event: found at synth, where the same code compiles it. */
export class TemplateError extends Error {
  override readonly name = 'TemplateError';
}

const MAX_DEPTH = 32;

const STEP = /\.([A-Za-z0-9_-]+)|\[(\d{1,6})\]|\['([^'\]]+)'\]/y;
const PLACE = /\{(\$\.[^{}]*)\}/g;
const EXAMPLE = '"$.body.order.id", "$.headers.user-agent" or "$.metadata.type"';

/** What a place may be in, and what may be in there. */
const METADATA = ['id', 'source', 'type', 'time', 'providerId'];

/**
 * Compiles JSON with places in it. A string that is a place, such as "$.body.order.id", becomes the value there; a key whose place
 * has none is left out. `{$.body.order.id}` inside of a longer string becomes text. `$$.`, at the start or after `{`, is `$.` itself.
 * Throws `TemplateError`.
 */
export function compileTemplate(template: unknown): Template {
  return compile(template, 'template', 0);
}

/** Undefined: there is nothing here. */
function compile(template: unknown, where: string, depth: number): Template {
  if (depth > MAX_DEPTH) throw new TemplateError(`${where} is more than ${MAX_DEPTH} levels deep`);
  if (typeof template === 'string') return compileText(template, where);
  if (Array.isArray(template)) {
    const items = template.map((item, index) => compile(item, `${where}[${index}]`, depth + 1));
    return (input) => items.map((item) => item(input) ?? null);
  }
  if (typeof template !== 'object' || template === null) return () => template;
  const members = Object.entries(template).map(([key, value]) => [key, compile(value, `${where}.${key}`, depth + 1)] as const);
  return (input) => Object.fromEntries(members.flatMap(([key, value]) => {
    const filled = value(input);
    return filled === undefined ? [] : [[key, filled]];
  }));
}

function compileText(text: string, where: string): Template {
  if (text.startsWith('$$.')) return () => text.slice(1);
  if (text.startsWith('$.')) return compilePlace(text, where);
  const pieces = text.split(PLACE).map((piece, index) => index % 2 === 0 ? literal(piece, text, where) : compilePlace(piece, where));
  const [only] = pieces;
  if (pieces.length === 1) return () => only;
  return (input) => pieces.map((piece) => typeof piece === 'string' ? piece : asText(piece(input))).join('');
}

function literal(piece: string, text: string, where: string): string {
  if (piece.includes('{$.')) throw new TemplateError(`${where} has a "{$." that does not end in ${JSON.stringify(text)}: write "}" after the place, or "{$$." for the text itself`);
  return piece.replaceAll('{$$.', '{$.');
}

function compilePlace(place: string, where: string): Template {
  const [root, ...path] = readPlace(place, where);
  if (root !== 'body' && root !== 'headers' && root !== 'metadata') {
    throw wrong(place, where, 'begins with none of body, headers and metadata');
  }
  const [first] = path;
  if (root === 'metadata' && !METADATA.includes(String(first))) throw wrong(place, where, `is none of ${METADATA.join(', ')} of metadata`);
  if (root === 'headers' && (typeof first !== 'string' || first !== first.toLowerCase())) throw wrong(place, where, 'has no header\'s name in lower case');
  return (input) => path.reduce<unknown>(stepInto, input[root]);
}

function readPlace(place: string, where: string): (string | number)[] {
  const steps: (string | number)[] = [];
  STEP.lastIndex = 1;
  for (let end = 1; end < place.length; end = STEP.lastIndex) {
    const [, name, index, quoted] = STEP.exec(place) ?? [];
    const step = name ?? quoted ?? (index === undefined ? undefined : Number(index));
    if (step === undefined) throw wrong(place, where, `cannot be read after ${JSON.stringify(place.slice(0, end))}`);
    steps.push(step);
  }
  return steps;
}

function wrong(place: string, where: string, what: string): TemplateError {
  return new TemplateError(`${where} has the place ${JSON.stringify(place)}, which ${what}: write e.g. ${EXAMPLE}, or begin with "$$." for the text itself`);
}

function stepInto(value: unknown, step: string | number): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, step) ? (value as { [step: string | number]: unknown })[step] : undefined;
}

function asText(value: unknown): string {
  if (value === undefined) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
