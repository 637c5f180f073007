import { FilterError, shown } from './filter-error';
import { isObject } from './scalar';

/** What one flat part of an event is made of. */
export interface Part {
  readonly name: string;
  /** Why there is no such field, with what there is. Undefined: there may be. */
  readonly refuse: (field: string) => string | undefined;
  /** Fields that every event has. */
  readonly always: readonly string[];
  /** Fields that may be null. */
  readonly nullable: readonly string[];
}

/** Headers and metadata are texts at one level: a pattern that asks for more could never match. */
export function checkTexts(pattern: unknown, part: Part, path = part.name): void {
  if (!isObject(pattern)) return;
  for (const [field, value] of Object.entries(pattern)) {
    if (field === '$or' && Array.isArray(value)) {
      value.forEach((alternative, index) => checkTexts(alternative, part, `${path}.$or[${index}]`));
      continue;
    }
    const at = `${path}.${field}`;
    const reason = part.refuse(field);
    if (reason !== undefined) throw new FilterError(at, reason);
    if (!Array.isArray(value)) throw new FilterError(at, `is ${shown(value)}, and there are only texts: write a list of values`);
    for (const matcher of value) checkText(matcher, field, part, at);
  }
}

function checkText(matcher: unknown, field: string, { name, always, nullable }: Part, path: string): void {
  if (matcher === null && nullable.includes(field)) return;
  const isOther = matcher === null || typeof matcher === 'number' || typeof matcher === 'boolean' || (isObject(matcher) && 'numeric' in matcher);
  if (isOther) throw new FilterError(path, `has ${shown(matcher)}, which no text is, and there are only texts in ${name}: compare texts`);
  if (isObject(matcher) && matcher['exists'] === false && always.includes(field)) {
    throw new FilterError(path, `must not exist, and every event has it: ${nullable.includes(field) ? 'write [null] for events without one' : 'leave it out'}`);
  }
}
