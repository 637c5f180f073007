import { readFileSync } from 'fs';
import * as path from 'path';
import { Token } from 'aws-cdk-lib';
import { bundleDirectory } from '../private/assets';

/**
 * What becomes of an authentic event that its schema does not allow.
 */
export enum InvalidEventAction {
  /**
   * The sender is answered as for any event, and the event is kept in quarantine: nothing is delivered until it is released. Senders such as
   * Shopify and Slack cancel a subscription whose receiver answers with errors. Needs an event store.
   */
  QUARANTINE = 'quarantine',
  /** The sender is answered 422, and the event is kept nowhere. */
  REJECT = 'reject',
}

/**
 * What an event's body has to be, as a JSON Schema: 2020-12, or draft 7 where its `$schema` says so.
 *
 * It is compiled to code when the app is synthesised, and the function compiles nothing. Formats are checked: date-time, date, time, duration,
 * email, hostname, ipv4, ipv6, uri, uri-reference, uuid, json-pointer, relative-json-pointer, regex, and OpenAPI's int32, int64 and byte.
 *
 * These are errors: what is no schema, another dialect, references that lead out of the schema, formats that are not known, patterns whose
 * time may grow faster than the square of a text, schemas that lead back to themselves with the same value, more than 512 KB.
 */
export class WebhookSchema {
  /**
   * A schema in a file, as JSON.
   *
   * @param file path of the file; a relative one starts at the folder in which the app runs
   */
  public static fromFile(file: string): WebhookSchema {
    const name = `schema ${JSON.stringify(file)}`;
    return new WebhookSchema(name, parse(name, read(name, path.resolve(file))));
  }

  /**
   * A schema in the app's own code. Everything in it is known when the app is synthesised.
   *
   * @param schema the schema, as JSON would have it
   */
  public static fromObject(schema: { [key: string]: any }): WebhookSchema {
    return new WebhookSchema('schema', plain(schema));
  }

  /**
   * A function that judges parsed JSON, as an expression.
   *
   * @internal
   */
  public readonly _code: string;

  private constructor(name: string, schema: unknown) {
    try {
      this._code = schemaTool().compileSchema(schema);
    } catch (error) {
      throw new Error(`${name}: ${(error as Error).message}`);
    }
  }
}

function read(name: string, file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new Error(`the ${name} cannot be read: ${(error as Error).message}`);
  }
}

function parse(name: string, text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    throw new Error(`${name}: this is no JSON: ${(error as Error).message}`);
  }
}

/** As JSON has it, without what is none. */
function plain(schema: { [key: string]: any }): unknown {
  return JSON.parse(stringify(schema, (_key, value) => {
    if (typeof value === 'bigint') throw new Error(`schema: it has the BigInt ${value}, which JSON has not: write a number`);
    if (!Token.isUnresolved(value)) return value;
    throw new Error('schema: a part of it is known only at deployment, but it is compiled at synth: give plain values');
  }));
}

function stringify(schema: object, replace: (key: string, value: unknown) => unknown): string {
  try {
    return JSON.stringify(schema, replace);
  } catch (error) {
    if ((error as Error).name !== 'TypeError') throw error;
    throw new Error('schema: an object in it holds itself, which JSON cannot write: name the part in "$defs", and lead to it by "$ref"');
  }
}

/** Loaded when the first schema is compiled: most gateways have none, and it has ajv in it. */
function schemaTool(): { compileSchema(schema: unknown): string } {
  return require(path.join(bundleDirectory('tools'), 'schema.cjs'));
}
