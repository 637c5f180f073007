import type { SchemaConfig } from '../../lib/contract/config';
import type { WebhookRequest } from './request';

/** Arrays and objects in each other. JSON that people write has less than ten, and what judges it calls itself for each. */
const MAX_DEPTH = 64;

const MAX_REASON = 1_000;

/** Judges parsed JSON: an array of sentences, empty where it is valid. */
export type CompiledSchema = (value: unknown) => string[];

/** The exports of the file of compiled schemas. */
export interface CompiledSchemas {
  readonly [name: string]: CompiledSchema | undefined;
}

/** What the schemas of a source say against an event, as a sentence, and undefined where they allow it. */
export type Objection = (request: Pick<WebhookRequest, 'body' | 'json'>, type: string | null) => string | undefined;

/** Makes the schemas of a source ready. Throws where one of them is not in the file. */
export function createValidate(config: SchemaConfig, schemas: CompiledSchemas): Objection {
  const any = config.any === undefined ? undefined : find(config.any, schemas);
  const byType = new Map(Object.entries(config.byType ?? {}).map(([type, name]) => [type, find(name, schemas)]));
  return (request, type) => {
    const schema = (type === null ? undefined : byType.get(type)) ?? any;
    return schema && objectionTo(request, schema);
  };
}

function find(name: string, schemas: CompiledSchemas): CompiledSchema {
  const schema = Object.hasOwn(schemas, name) ? schemas[name] : undefined;
  if (schema) return schema;
  throw new Error(`the compiled schema ${JSON.stringify(name)} is not beside the function; deploy the stack again`);
}

function objectionTo(request: Pick<WebhookRequest, 'body' | 'json'>, schema: CompiledSchema): string | undefined {
  if (request.body.length === 0) return 'the body is empty, and the schema asks for JSON';
  if (nestsDeeper(request.body, MAX_DEPTH)) return `the body has arrays and objects more than ${MAX_DEPTH} deep in each other`;
  const value = request.json;
  if (value === undefined) return 'the body is not JSON';
  const sentences = schema(value).join('; ');
  if (sentences === '') return undefined;
  return sentences.length > MAX_REASON ? `${sentences.slice(0, MAX_REASON)}…` : sentences;
}

const [QUOTE, BACKSLASH] = [0x22, 0x5c];
const OPENING = [0x5b, 0x7b];
const CLOSING = [0x5d, 0x7d];

/** Looked at before anything is parsed. All bytes of characters beyond ASCII are above it, so bytes are enough. */
function nestsDeeper(bytes: Buffer, limit: number): boolean {
  let depth = 0;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at] as number;
    if (byte === QUOTE) at = endOfText(bytes, at + 1);
    else if (CLOSING.includes(byte)) depth--;
    else if (OPENING.includes(byte) && ++depth > limit) return true;
  }
  return false;
}

/** The place of the quote that ends a text. */
function endOfText(bytes: Buffer, from: number): number {
  let at = from;
  while (at < bytes.length && bytes[at] !== QUOTE) at += bytes[at] === BACKSLASH ? 2 : 1;
  return at;
}
