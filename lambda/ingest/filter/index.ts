import type { EventFilter } from '../../../lib/contract/config';
import { isCredentialHeader } from '../credential-header';
import { FilterError } from './filter-error';
import { compilePattern } from './pattern';
import { isObject, someValue } from './scalar';
import { checkTexts, type Part } from './texts';
import { NO } from './verdict';

export { FilterError } from './filter-error';

/** What a filter sees of an event. */
export interface FilterInput {
  /** The parsed body; undefined where it is not JSON. */
  readonly body: () => unknown;
  /** By lower-case name, without credentials. */
  readonly headers: { readonly [name: string]: string | undefined };
  readonly metadata: { readonly [name: string]: string | null | undefined };
}

export type Filter = (event: FilterInput) => boolean;

const METADATA_FIELDS = ['id', 'source', 'type', 'time', 'providerId'];

const METADATA: Part = {
  name: 'metadata',
  refuse: (field) => METADATA_FIELDS.includes(field) ? undefined : `is not in an event's metadata: that has ${METADATA_FIELDS.join(', ')}`,
  always: ['id', 'source', 'type', 'time'],
  nullable: ['type'],
};

const HEADERS: Part = {
  name: 'headers',
  refuse: (field) => {
    if (field !== field.toLowerCase()) return `is not in lower case: write ${JSON.stringify(field.toLowerCase())}`;
    return isCredentialHeader(field) ? 'is a credential or a signature, and filters see none: look at another header' : undefined;
  },
  always: [],
  nullable: [],
};

/**
 * Compiles a filter in the grammar of EventBridge's event patterns. Throws `FilterError` for what is wrong, and for what can never
 * match. Metadata and headers come first: they cost nothing, and the body has to be parsed.
 */
export function compileFilter(filter: EventFilter): Filter {
  if (!isObject(filter)) throw new FilterError('filter', 'is no object: give it body, headers or metadata');
  const { body, headers, metadata, ...others } = filter as EventFilter;
  const [unknown] = Object.keys(others);
  if (unknown !== undefined) throw new FilterError(unknown, 'is nothing that a filter can look at: it takes body, headers and metadata');
  if (!body && !headers && !metadata) throw new FilterError('filter', 'is empty, so every event would match: leave it out, or give it body, headers or metadata');
  checkTexts(metadata, METADATA);
  checkTexts(headers, HEADERS);
  const ofMetadata = metadata && compilePattern(metadata, 'metadata');
  const ofHeaders = headers && compilePattern(headers, 'headers');
  const ofBody = body && compilePattern(body, 'body');
  return (event) => {
    if (ofMetadata && ofMetadata(event.metadata) === NO) return false;
    if (ofHeaders && ofHeaders(event.headers) === NO) return false;
    if (!ofBody) return true;
    const parsed = event.body();
    // What is not JSON, or no object, has no fields, and none that must not exist either: it is another kind of event.
    return someValue(parsed, isObject) && ofBody(parsed) !== NO;
  };
}
