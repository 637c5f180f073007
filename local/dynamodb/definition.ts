import { invalidValue, validationError } from './errors';
import { type Input, isObject, objects, optionalObject, text } from './input';
import type { KeyType } from './key';

export interface KeyAttribute {
  readonly name: string;
  readonly type: KeyType;
}

export interface KeySchema {
  readonly hash: KeyAttribute;
  readonly range?: KeyAttribute;
}

export interface IndexDefinition extends KeySchema {
  readonly name: string;
  readonly projectionType: 'ALL' | 'KEYS_ONLY' | 'INCLUDE';
  readonly included: readonly string[];
}

/** A table as CreateTable, or a template, describes it. */
export interface TableDefinition extends KeySchema {
  readonly name: string;
  readonly indexes: readonly IndexDefinition[];
}

const MAX_INDEXES = 20;

/** Throws `ValidationException`. */
export function readDefinition(input: Input): TableDefinition {
  const name = text(input, 'TableName');
  if (!/^[\w.-]{3,255}$/.test(name)) throw validationError(`TableName ${JSON.stringify(name)} must be 3 to 255 characters of letters, digits, _, - and .`);
  if (input.LocalSecondaryIndexes !== undefined) throw validationError('a local run has no local secondary indexes of DynamoDB, only global ones');
  const attributes = new Map(objects(input, 'AttributeDefinitions').map((definition) => [text(definition, 'AttributeName'), keyType(definition)]));
  const indexes = objects(input, 'GlobalSecondaryIndexes').map((index) => readIndex(index, attributes));
  if (indexes.length > MAX_INDEXES) throw validationError(`a table has at most ${MAX_INDEXES} global secondary indexes, and this one has ${indexes.length}`);
  const twice = indexes.find((index, i) => indexes.findIndex((other) => other.name === index.name) < i);
  if (twice) throw invalidValue(`Duplicate index name: ${twice.name}`);
  const definition = { name, ...readKeySchema(input, attributes), indexes };
  refuseUnusedAttributes(definition, attributes);
  return definition;
}

function readIndex(index: Input, attributes: ReadonlyMap<string, KeyType>): IndexDefinition {
  const { ProjectionType: projectionType = 'ALL', NonKeyAttributes: included = [] } = optionalObject(index, 'Projection') ?? {};
  if (projectionType !== 'ALL' && projectionType !== 'KEYS_ONLY' && projectionType !== 'INCLUDE') {
    throw invalidValue(`Unknown ProjectionType: ${JSON.stringify(projectionType)}`);
  }
  if (!Array.isArray(included) || included.some((name) => typeof name !== 'string')) throw invalidValue('NonKeyAttributes is no list of names');
  if (projectionType === 'INCLUDE' && included.length === 0) throw invalidValue('ProjectionType is INCLUDE, but NonKeyAttributes is not specified');
  if (projectionType !== 'INCLUDE' && included.length > 0) {
    throw invalidValue(`ProjectionType is ${projectionType}, but NonKeyAttributes is specified`);
  }
  return { name: text(index, 'IndexName'), ...readKeySchema(index, attributes), projectionType, included: included as string[] };
}

function readKeySchema(input: Input, attributes: ReadonlyMap<string, KeyType>): KeySchema {
  const [hash, range, ...more] = objects(input, 'KeySchema');
  if (!hash || more.length > 0 || hash.KeyType !== 'HASH' || (range && range.KeyType !== 'RANGE')) {
    throw invalidValue('KeySchema must be a HASH key, and a RANGE key after it or none');
  }
  const keyAttribute = (element: Input): KeyAttribute => {
    const name = text(element, 'AttributeName');
    const type = attributes.get(name);
    if (!type) throw invalidValue(`Some index key attributes are not defined in AttributeDefinitions. Keys: [${name}]`);
    return { name, type };
  };
  return { hash: keyAttribute(hash), ...(range && { range: keyAttribute(range) }) };
}

function refuseUnusedAttributes(definition: TableDefinition, attributes: ReadonlyMap<string, KeyType>): void {
  const used = new Set([definition, ...definition.indexes].flatMap(keyNames));
  const unused = [...attributes.keys()].filter((name) => !used.has(name));
  if (unused.length > 0) throw invalidValue(`Some AttributeDefinitions are not used. AttributeDefinitions: [${unused.join(', ')}]`);
}

function keyType(definition: Input): KeyType {
  const type = definition.AttributeType;
  if (type === 'S' || type === 'N' || type === 'B') return type;
  throw invalidValue(`the type of a key is S, N or B, not ${JSON.stringify(type)}`);
}

export function keyAttributes({ hash, range }: KeySchema): KeyAttribute[] {
  return range ? [hash, range] : [hash];
}

export function keyNames(schema: KeySchema): string[] {
  return keyAttributes(schema).map(({ name }) => name);
}

/** The definition as CreateTable takes it. */
export function describeDefinition(definition: TableDefinition): object {
  const attributes = new Map([definition, ...definition.indexes].flatMap(keyAttributes).map(({ name, type }) => [name, type]));
  return {
    TableName: definition.name,
    AttributeDefinitions: [...attributes].map(([AttributeName, AttributeType]) => ({ AttributeName, AttributeType })),
    KeySchema: describeKeys(definition),
    ...(definition.indexes.length > 0 && { GlobalSecondaryIndexes: definition.indexes.map(describeIndex) }),
  };
}

function describeIndex(index: IndexDefinition): object {
  return {
    IndexName: index.name, KeySchema: describeKeys(index), IndexStatus: 'ACTIVE',
    Projection: { ProjectionType: index.projectionType, ...(index.included.length > 0 && { NonKeyAttributes: index.included }) },
  };
}

function describeKeys({ hash, range }: KeySchema): object[] {
  return [{ AttributeName: hash.name, KeyType: 'HASH' }, ...(range ? [{ AttributeName: range.name, KeyType: 'RANGE' }] : [])];
}

/** Time to live as a template or UpdateTimeToLive gives it: the attribute, or undefined where it is off. */
export function readTimeToLive(specification: unknown): string | undefined {
  if (!isObject(specification)) throw invalidValue('TimeToLiveSpecification is no object');
  const enabled = String(specification.Enabled) === 'true';
  return enabled ? text(specification, 'AttributeName') : undefined;
}
