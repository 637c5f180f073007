import type { AttributeValue } from '@aws-sdk/client-dynamodb';

export type Item = { readonly [name: string]: AttributeValue };
export type Plain = { readonly [name: string]: unknown };

/** An item's values as JavaScript has them. A set becomes an array. */
export function plain(item: Item): Plain {
  return Object.fromEntries(Object.entries(item).map(([name, value]) => [name, valueOf(value)]));
}

function valueOf(value: AttributeValue): unknown {
  if (value.S !== undefined) return value.S;
  if (value.N !== undefined) return Number(value.N);
  if (value.B !== undefined) return value.B;
  if (value.BOOL !== undefined) return value.BOOL;
  if (value.SS !== undefined) return value.SS;
  if (value.L !== undefined) return value.L.map(valueOf);
  if (value.M !== undefined) return plain(value.M);
  return undefined;
}
