import { compileSchema } from '../../../lambda/tools/schema';
import * as runtime from '../../../lambda/tools/schema-runtime';
import type { CompiledSchema } from '../../../lambda/ingest/validate';

const compiled = new Map<string, CompiledSchema>();

/** As the file of compiled schemas has it. Each schema once: it takes ajv a moment. */
export function compile(schema: unknown): CompiledSchema {
  const key = JSON.stringify(schema);
  const known = compiled.get(key) ?? new Function('runtime', `return ${compileSchema(schema)};`)(runtime) as CompiledSchema;
  compiled.set(key, known);
  return known;
}
