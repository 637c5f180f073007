/**
 * The slow and obvious way to match a pattern: the event becomes a list of fields, the pattern a list of alternatives, and every
 * choice of fields is tried. A choice is good when no two of its fields are in different members of one list.
 */
export function referenceMatch(pattern: object, event: object): boolean {
  const fields = flatten(event);
  return alternatives(pattern, '').some((wants) => {
    const found = wants.filter(({ absent }) => !absent);
    return choices(found.map((want) => fields.filter((field) => field.path === want.path && want.matches(field.value)))).some((chosen) => {
      const places = merge(chosen);
      return places !== undefined && wants.filter(({ absent }) => absent)
        .every(({ path }) => !fields.some((field) => field.path === path && merge([...chosen, field]) !== undefined));
    });
  });
}

interface Field {
  readonly path: string;
  readonly value: unknown;
  /** For each list around it, which member it is in. */
  readonly places: { readonly [list: string]: number };
}

interface Want {
  readonly path: string;
  readonly absent: boolean;
  readonly matches: (value: unknown) => boolean;
}

function flatten(event: object): Field[] {
  const fields: Field[] = [];
  let lists = 0;
  const walk = (value: unknown, path: string, places: Field['places']): void => {
    if (Array.isArray(value)) {
      const list = lists++;
      value.forEach((member, index) => walk(member, path, typeof member === 'object' && member !== null ? { ...places, [list]: index } : places));
    } else if (typeof value === 'object' && value !== null) {
      for (const [key, member] of Object.entries(value)) walk(member, `${path}/${key}`, places);
    } else fields.push({ path, value, places });
  };
  walk(event, '', {});
  return fields;
}

function alternatives(pattern: object, path: string): Want[][] {
  return Object.entries(pattern).reduce<Want[][]>((sofar, [key, value]) => {
    const here: Want[][] = key === '$or' ? (value as object[]).flatMap((alternative) => alternatives(alternative, path))
      : Array.isArray(value) ? value.map((matcher) => [want(`${path}/${key}`, matcher)]) : alternatives(value as object, `${path}/${key}`);
    return sofar.flatMap((before) => here.map((more) => [...before, ...more]));
  }, [[]]);
}

function want(path: string, matcher: unknown): Want {
  const absent = typeof matcher === 'object' && matcher !== null && 'exists' in matcher && matcher.exists === false;
  return { path, absent, matches: (value) => matchesValue(matcher, value) };
}

export function matchesValue(matcher: unknown, value: unknown): boolean {
  if (typeof matcher !== 'object' || matcher === null) return value === matcher;
  const [[operator, operand]] = Object.entries(matcher) as [[string, unknown]];
  const text = typeof value === 'string' ? value : undefined;
  switch (operator) {
    case 'exists': return true;
    case 'prefix': return text !== undefined && pattern(operand, '^', '').test(text);
    case 'suffix': return text !== undefined && pattern(operand, '', '$').test(text);
    case 'equals-ignore-case': return text?.toLowerCase() === (operand as string).toLowerCase();
    case 'wildcard': return text !== undefined && new RegExp(`^${(operand as string).split('*').map(escape).join('[^]*')}$`).test(text);
    case 'anything-but': {
      if (Array.isArray(operand)) return !operand.includes(value);
      if (typeof operand !== 'object' || operand === null) return value !== operand;
      const [[name, texts]] = Object.entries(operand) as [[string, unknown]];
      return ![texts].flat().some((one) => matchesValue({ [name]: one }, value));
    }
    case 'numeric': {
      const [first, low, second, high] = operand as [string, number, string?, number?];
      const compare = (comparison: string, bound: number) => ({
        '=': Number(value) === bound, '<': Number(value) < bound, '<=': Number(value) <= bound, '>': Number(value) > bound, '>=': Number(value) >= bound,
      })[comparison] as boolean;
      return typeof value === 'number' && compare(first, low) && (second === undefined || compare(second, high as number));
    }
    default: throw new Error(`the reference knows no ${operator}`);
  }
}

function pattern(operand: unknown, before: string, after: string): RegExp {
  const ignoreCase = typeof operand === 'object' && operand !== null;
  return new RegExp(`${before}${escape(ignoreCase ? Object.values(operand)[0] as string : operand as string)}${after}`, ignoreCase ? 'i' : '');
}

function escape(text: string): string {
  return text.replace(/[^a-z0-9]/gi, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

function choices(options: Field[][]): Field[][] {
  return options.reduce<Field[][]>((sofar, fields) => sofar.flatMap((before) => fields.map((field) => [...before, field])), [[]]);
}

function merge(fields: readonly Field[]): Field['places'] | undefined {
  const merged: { [list: string]: number } = {};
  for (const { places } of fields) {
    for (const [list, index] of Object.entries(places)) {
      if (merged[list] !== undefined && merged[list] !== index) return undefined;
      merged[list] = index;
    }
  }
  return merged;
}
