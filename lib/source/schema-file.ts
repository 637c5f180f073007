import { readFileSync } from 'fs';
import * as path from 'path';
import { SchemaConfig, SCHEMAS_FILE } from '../contract/config';
import { bundleDirectory } from '../private/assets';
import { checkOneOf } from '../private/checks';
import { WebhookSourceOptions } from './source-options';
import { InvalidEventAction, WebhookSchema } from './webhook-schema';

/** Ingest reads no longer type from an event. */
const MAX_TYPE_LENGTH = 256;

/** The compiled schemas of an ingest function, and the names under which sources know them. Equal schemas are one. */
export class SchemaFile {
  private readonly names = new Map<string, string>();

  /** What a source says of its events, and undefined where it says nothing. Throws for what can mean nothing. */
  public add(source: string, options: Pick<WebhookSourceOptions, 'schema' | 'schemasByEventType' | 'onInvalid'>): SchemaConfig | undefined {
    const { schema, schemasByEventType, onInvalid } = options;
    const name = `source ${JSON.stringify(source)}`;
    if (schemasByEventType) checkTypes(name, Object.keys(schemasByEventType));
    if (!schema && !schemasByEventType) {
      if (onInvalid === undefined) return undefined;
      throw new Error(`${name} has onInvalid, but no schema that an event could fail: give it schema or schemasByEventType, or leave onInvalid out`);
    }
    return {
      ...(schema && { any: this.nameOf(schema) }),
      ...(schemasByEventType && {
        byType: Object.fromEntries(Object.entries(schemasByEventType).map(([type, ofType]) => [type, this.nameOf(ofType)])),
      }),
      onInvalid: checkOneOf(onInvalid ?? InvalidEventAction.QUARANTINE, InvalidEventAction, `onInvalid of ${name}`),
    };
  }

  /** The file as it is now, by its name; none without schemas. */
  public get texts(): { readonly [name: string]: string } {
    if (this.names.size === 0) return {};
    const runtime = readFileSync(path.join(bundleDirectory('tools'), 'schema-runtime.js'), 'utf8');
    const exported = [...this.names].map(([code, name]) => `export const ${name}=${code};\n`);
    return { [SCHEMAS_FILE]: `${runtime}${exported.join('')}` };
  }

  private nameOf({ _code }: WebhookSchema): string {
    const name = this.names.get(_code) ?? `schema${this.names.size + 1}`;
    this.names.set(_code, name);
    return name;
  }
}

function checkTypes(name: string, types: string[]): void {
  if (types.length === 0) throw new Error(`schemasByEventType of ${name} is empty: name a type, or leave it out`);
  for (const type of types) {
    if (type.includes('*')) {
      throw new Error(`schemasByEventType of ${name} has ${JSON.stringify(type)}, but names of types have no "*" here: name each type, and give schema for all others`);
    }
    if (type.length < 1 || type.length > MAX_TYPE_LENGTH) {
      throw new Error(`schemasByEventType of ${name} has ${JSON.stringify(type)}, which is no event's type: a type has 1 to ${MAX_TYPE_LENGTH} characters`);
    }
  }
}
