import { SchemaError } from './schema-error';

export type Draft = '2020-12' | 'draft-07';

const DRAFTS: { readonly [uri: string]: Draft } = {
  'https://json-schema.org/draft/2020-12/schema': '2020-12',
  'http://json-schema.org/draft-07/schema': 'draft-07',
};

/** By the schema's own word. */
export function draftOf({ $schema }: { readonly [keyword: string]: unknown }): Draft {
  if ($schema === undefined) return '2020-12';
  const draft = typeof $schema === 'string' ? DRAFTS[$schema.replace(/#$/, '')] : undefined;
  if (draft) return draft;
  const uris = Object.keys(DRAFTS).map((uri) => JSON.stringify(uri)).join(' and ');
  throw new SchemaError('/$schema', `${JSON.stringify($schema)} is a dialect that is not known: ${uris} are; without it a schema is 2020-12`);
}
