import type { SchemeRequest } from '../../../../lib/contract/scheme-module';
import { Refusal } from './judge';
import { readMultipart } from './multipart';

/** As many as PHP takes (`max_input_vars`), and several times what any sender has. Sorting more would be work done for strangers. */
const MAX_PAIRS = 1_000;

export type Pair = readonly [name: string, value: string];

/** The decoded pairs of a url-encoded body, in the order they were sent. */
export function readPairs(request: SchemeRequest): Pair[] {
  // Without text there is no form, and a signature over no pairs would let any bytes pass.
  if (request.text === undefined) throw new Refusal('signature', 'the body is no form: it is not UTF-8');
  return decodePairs(request.text);
}

export function decodePairs(text: string): Pair[] {
  let count = 1;
  for (let at = text.indexOf('&'); at !== -1; at = text.indexOf('&', at + 1)) count++;
  if (count > MAX_PAIRS) throw new Refusal('signature', `the form has more than ${MAX_PAIRS} fields`);
  return [...new URLSearchParams(text)];
}

/** Values by name, names in the order of their code units, values in the order they came. */
export function sortPairs(pairs: readonly Pair[]): [name: string, values: string[]][] {
  const byName = new Map<string, string[]>();
  for (const [name, value] of pairs) {
    const values = byName.get(name);
    if (values) values.push(value);
    else byName.set(name, [value]);
  }
  return [...byName].sort(([a], [b]) => (a < b ? -1 : 1));
}

/** The text fields of a form, url-encoded or multipart as its content type says. Throws `Refusal` where it is neither. */
export function readFields(request: SchemeRequest): Pair[] {
  const contentType = request.headers['content-type'] ?? '';
  return /^\s*multipart\//i.test(contentType) ? readMultipart(request.body, contentType) : readPairs(request);
}

/** A field that must not be there twice: the receiver might read the other one. */
export function onlyField(pairs: readonly Pair[], wanted: string): string | undefined {
  const [first, second] = pairs.filter(([name]) => name === wanted);
  if (second) throw new Refusal('signature', `the field ${wanted} came more than once`);
  return first?.[1];
}
