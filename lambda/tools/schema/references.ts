import type { Checked } from './check';
import { placesIn } from './places';
import { SchemaError } from './schema-error';

/**
 * Throws where a reference leads to what was not walked through, and where a schema comes back to itself with the same value in hand, as
 * `{"$ref": "#"}` does: it would never end. Through a member or an item it may, because a body ends.
 */
export function checkReferences({ schemas }: Checked): void {
  const names = anchors(schemas);
  // A reference is relative to the nearest `$id`.
  const nested = [...schemas].some(([pointer, { $id }]) => pointer !== '' && $id !== undefined);
  const done = new Set<string>();
  const path: string[] = [];
  const visit = (pointer: string): void => {
    if (path.includes(pointer)) throw new SchemaError(pointer, 'the schema leads back to itself with the same value, and would never end: refer to it from a member or an item');
    const schema = schemas.get(pointer);
    if (!schema || done.has(pointer)) return;
    path.push(pointer);
    for (const place of placesIn(schema, pointer)) if (place.inPlace) visit(place.pointer);
    for (const reference of [schema.$ref, schema.$dynamicRef]) {
      const target = typeof reference === 'string' ? resolve(reference, names) : undefined;
      if (target === undefined) continue;
      if (!nested && !schemas.has(target)) throw nowhere(pointer, reference as string);
      visit(target);
    }
    path.pop();
    done.add(pointer);
  };
  for (const pointer of schemas.keys()) visit(pointer);
}

function nowhere(pointer: string, reference: string): SchemaError {
  return new SchemaError(pointer, `the reference ${JSON.stringify(reference)} leads to no schema: put it into $defs, and refer to it as "#/$defs/NAME"`);
}

function anchors(schemas: Checked['schemas']): Map<string, string> {
  const names = new Map<string, string>();
  for (const [pointer, { $anchor, $dynamicAnchor, $id }] of schemas) {
    for (const name of [$anchor, $dynamicAnchor]) if (typeof name === 'string') names.set(`#${name}`, pointer);
    if (typeof $id === 'string') names.set($id, pointer);
  }
  return names;
}

/** The pointer of what a reference inside of the file means. */
function resolve(reference: string, names: Map<string, string>): string | undefined {
  if (reference === '#') return '';
  if (!reference.startsWith('#/')) return names.get(reference);
  try {
    return decodeURIComponent(reference.slice(1));
  } catch {
    return undefined;
  }
}
