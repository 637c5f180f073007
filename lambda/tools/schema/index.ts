import { checkSchema } from './check';
import { draftOf } from './draft';
import { generate } from './generate';
import { isSchemaObject } from './places';
import { checkReferences } from './references';
import { SchemaError } from './schema-error';

export { SchemaError };

const MAX_SCHEMA_BYTES = 512 * 1024;

/**
 * Compiles a JSON Schema to an expression of JavaScript: a function that judges parsed JSON, with `runtime` around it. Throws
 * `SchemaError` for what is no schema, and for what could make judging an event slow.
 */
export function compileSchema(schema: unknown): string {
  if (!isSchemaObject(schema)) throw new SchemaError('', 'this is no JSON Schema: it must be an object');
  const bytes = Buffer.byteLength(JSON.stringify(schema));
  if (bytes > MAX_SCHEMA_BYTES) throw new SchemaError('', `the schema has ${bytes} bytes as JSON, and ${MAX_SCHEMA_BYTES} are allowed: leave out what events are not judged by`);
  const draft = draftOf(schema);
  const checked = checkSchema(schema);
  checkReferences(checked);
  return generate(schema, draft, checked);
}
