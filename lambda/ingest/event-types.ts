import { inOrder } from './filter/wildcard';

/** Whether a type is one of some names, in which `*` stands for any run of characters. An event without a type is only `*`. */
export function compileEventTypes(names: readonly string[] | undefined): (type: string | null) => boolean {
  if (names === undefined || names.includes('*')) return () => true;
  const matches = names.map((name) => inOrder(name.split('*')));
  return (type) => type !== null && matches.some((match) => match(type));
}
