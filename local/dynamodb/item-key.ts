import { type KeyAttribute, keyAttributes, type KeySchema } from './definition';
import { invalidValue, validationError } from './errors';
import { attribute } from './expression/path';
import { sortable } from './key';
import { type AttributeValue, type Item, typeOf } from './value';

/** A key in the form that sorts. */
export interface SortKey {
  readonly hash: string;
  /** Empty where there is no range key. */
  readonly range: string;
}

/** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ServiceQuotas.html#limits-partition-sort-keys */
const MAX_HASH_BYTES = 2048;
const MAX_RANGE_BYTES = 1024;

/** The key of a new item. */
export function keyOfItem(item: Item, schema: KeySchema): SortKey {
  return sortKey(schema, ({ name, type }) => {
    const value = attribute(item, name);
    if (!value) throw invalidValue(`Missing the key ${name} in the item`);
    if (typeOf(value) !== type) throw invalidValue(`Type mismatch for key ${name} expected: ${type} actual: ${typeOf(value)}`);
    return value;
  });
}

/** The key that a request names: its attributes and no others. */
export function keyOfRequest(key: Item, schema: KeySchema): SortKey {
  const attributes = keyAttributes(schema);
  if (Object.keys(key).length !== attributes.length) throw validationError('The provided key element does not match the schema');
  return sortKey(schema, ({ name, type }) => {
    const value = attribute(key, name);
    if (!value || typeOf(value) !== type) throw validationError('The provided key element does not match the schema');
    return value;
  });
}

/** The key of an item in an index; undefined where the item is not in it. */
export function keyInIndex(item: Item, schema: KeySchema, indexName: string): SortKey | undefined {
  let whole = true;
  for (const { name, type } of keyAttributes(schema)) {
    const value = attribute(item, name);
    // Also where the other half is missing.
    if (value && typeOf(value) !== type) {
      throw invalidValue(`Type mismatch for Index Key ${name} Expected: ${type} Actual: ${typeOf(value)} IndexName: ${indexName}`);
    }
    whole &&= value !== undefined;
  }
  return whole ? sortKey(schema, ({ name }) => attribute(item, name)!) : undefined;
}

function sortKey(schema: KeySchema, valueOf: (key: KeyAttribute) => AttributeValue): SortKey {
  const text = (key: KeyAttribute, maxBytes: number): string => {
    const value = valueOf(key);
    const sorted = sortable(value)!;
    if (sorted === '') {
      throw validationError(`One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty ${
        value.B === undefined ? 'string' : 'binary'} value. Key: ${key.name}`);
    }
    // Of text and bytes, one character is a byte.
    if (sorted.length > maxBytes && value.N === undefined) {
      throw invalidValue(`Size of ${maxBytes === MAX_HASH_BYTES ? 'hashkey' : 'rangekey'} has exceeded the maximum size limit of${maxBytes} bytes`);
    }
    return sorted;
  };
  return { hash: text(schema.hash, MAX_HASH_BYTES), range: schema.range ? text(schema.range, MAX_RANGE_BYTES) : '' };
}
