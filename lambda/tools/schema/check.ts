import { formats } from '../schema-runtime/formats';
import { Patterns } from './patterns';
import { isSchemaObject, KEYWORDS, placesIn } from './places';
import { SchemaError } from './schema-error';

const MAX_DEPTH = 100;
const KNOWN_KEYWORDS = new Set(KEYWORDS);

/** `example` is OpenAPI's. */
const MEANT_KEYWORDS = KEYWORDS.filter((keyword) => keyword !== 'examples');

/** What the walk through a schema has found. */
export interface Checked {
  readonly patterns: Patterns;
  /** By JSON pointer, all schemas. */
  readonly schemas: Map<string, { readonly [keyword: string]: unknown }>;
}

/** Throws `SchemaError` for what would be slow, or say nothing, when an event comes. */
export function checkSchema(root: { readonly [keyword: string]: unknown }): Checked {
  const checked: Checked = { patterns: new Patterns(), schemas: new Map() };
  const visit = (schema: unknown, pointer: string, depth: number): void => {
    if (!isSchemaObject(schema)) return;
    if (depth > MAX_DEPTH) throw new SchemaError(`${pointer.slice(0, 200)}…`, `schemas in schemas are ${MAX_DEPTH} deep and deeper: give some of them a name in $defs and refer to it`);
    checked.schemas.set(pointer, schema);
    checkKeywords(schema, pointer, root);
    for (const source of patternsOf(schema)) checked.patterns.judge(source, pointer);
    for (const place of placesIn(schema, pointer)) visit(place.schema, place.pointer, depth + 1);
  };
  visit(root, '', 1);
  return checked;
}

function checkKeywords(schema: { readonly [keyword: string]: unknown }, pointer: string, root: { readonly [keyword: string]: unknown }): void {
  for (const keyword of Object.keys(schema)) {
    const meant = KNOWN_KEYWORDS.has(keyword) ? undefined : MEANT_KEYWORDS.find((known) => isSlip(keyword, known));
    if (meant !== undefined) throw new SchemaError(pointer, `${JSON.stringify(keyword)} is no keyword of JSON Schema and would be passed over: did you mean ${JSON.stringify(meant)}?`);
  }
  const { $schema, $async, $id, format } = schema;
  if (pointer !== '' && $schema !== undefined && $schema !== root.$schema) {
    throw new SchemaError(`${pointer}/$schema`, `${JSON.stringify($schema)} is another dialect than the whole schema's: one file has one`);
  }
  if ($async !== undefined) throw new SchemaError(`${pointer}/$async`, 'is no keyword of JSON Schema, and judging waits for nothing: remove it');
  if (typeof $id === 'string' && $id.includes('*/')) throw new SchemaError(`${pointer}/$id`, `${JSON.stringify($id)} is no URI reference: leave "*" out`);
  if (typeof format === 'string' && !Object.hasOwn(formats, format)) {
    throw new SchemaError(`${pointer}/format`, `${JSON.stringify(format)} is a format that is not known: use ${Object.keys(formats).join(', ')}, or a pattern`);
  }
}

/** Of names that people give keywords of their own, few are one letter away from a known one. Short ones are left alone. */
function isSlip(name: string, known: string): boolean {
  if (known.length < 5 || Math.abs(name.length - known.length) > 1) return false;
  if (name.toLowerCase() === known.toLowerCase()) return true;
  let start = 0;
  while (start < name.length && name[start] === known[start]) start++;
  const [rest, other] = [name.slice(start), known.slice(start)];
  return rest.slice(1) === other || rest === other.slice(1) || rest.slice(1) === other.slice(1)
    || (rest.slice(2) === other.slice(2) && rest[0] === other[1] && rest[1] === other[0]);
}

function patternsOf({ pattern, patternProperties }: { readonly [keyword: string]: unknown }): string[] {
  return [...(typeof pattern === 'string' ? [pattern] : []), ...(isSchemaObject(patternProperties) ? Object.keys(patternProperties) : [])];
}
