/** A schema inside of a schema. */
export interface Place {
  /** A JSON pointer. */
  readonly pointer: string;
  readonly schema: unknown;
  /** Whether it judges the very value that its parent judges. */
  readonly inPlace: boolean;
}

type Shape = 'schema' | 'list' | 'map';

/** The keywords with schemas in them, of 2020-12 and of draft 7. */
const IN_PLACE: { readonly [keyword: string]: readonly Shape[] } = {
  not: ['schema'], if: ['schema'], then: ['schema'], else: ['schema'], allOf: ['list'], anyOf: ['list'], oneOf: ['list'], dependentSchemas: ['map'],
  dependencies: ['map'],
};

const OF_CHILDREN: { readonly [keyword: string]: readonly Shape[] } = {
  items: ['schema', 'list'], prefixItems: ['list'], additionalItems: ['schema'], unevaluatedItems: ['schema'], contains: ['schema'],
  properties: ['map'], patternProperties: ['map'], additionalProperties: ['schema'], unevaluatedProperties: ['schema'], propertyNames: ['schema'],
  contentSchema: ['schema'], $defs: ['map'], definitions: ['map'],
};

const OTHERS = [
  '$schema', '$id', '$ref', '$anchor', '$dynamicRef', '$dynamicAnchor', '$comment', '$vocabulary', 'type', 'enum', 'const', 'multipleOf', 'maximum',
  'exclusiveMaximum', 'minimum', 'exclusiveMinimum', 'maxLength', 'minLength', 'pattern', 'maxItems', 'minItems', 'uniqueItems', 'maxContains',
  'minContains', 'maxProperties', 'minProperties', 'required', 'dependentRequired', 'format', 'contentEncoding', 'contentMediaType', 'title',
  'description', 'default', 'deprecated', 'readOnly', 'writeOnly', 'examples',
];

export const KEYWORDS: readonly string[] = [...Object.keys(IN_PLACE), ...Object.keys(OF_CHILDREN), ...OTHERS];

/** The schemas right inside of a schema. Data, such as in `const` or `examples`, is none. */
export function placesIn(schema: object, pointer: string): Place[] {
  return Object.entries(schema).flatMap(([keyword, value]): Place[] => {
    const inPlace = Object.hasOwn(IN_PLACE, keyword);
    const shapes = inPlace ? IN_PLACE[keyword] : Object.hasOwn(OF_CHILDREN, keyword) ? OF_CHILDREN[keyword] : undefined;
    if (!shapes) return [];
    const at = `${pointer}/${keyword}`;
    if (Array.isArray(value)) return shapes.includes('list') ? value.map((item, index) => ({ pointer: `${at}/${index}`, schema: item, inPlace })) : [];
    if (typeof value !== 'object' || value === null || shapes.includes('schema')) return shapes.includes('schema') ? [{ pointer: at, schema: value, inPlace }] : [];
    if (!shapes.includes('map')) return [];
    // Of `dependencies`, those that are lists of names are no schemas.
    return Object.entries(value).filter(([, member]) => !Array.isArray(member))
      .map(([name, member]) => ({ pointer: `${at}/${escapePointer(name)}`, schema: member, inPlace }));
  });
}

export function isSchemaObject(schema: unknown): schema is { readonly [keyword: string]: unknown } {
  return typeof schema === 'object' && schema !== null && !Array.isArray(schema);
}

function escapePointer(name: string): string {
  return name.replace(/~/g, '~0').replace(/\//g, '~1');
}
