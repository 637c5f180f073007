/** What the rows of the event store hold. A list is one of texts, and a map one of texts and numbers. */
export type Value = string | number | boolean | Uint8Array | readonly string[] | ReadonlySet<string> | ValueMap;

export interface ValueMap {
  readonly [name: string]: string | number;
}

/** A row, or a part of one. What is undefined is not there. */
export interface Attributes {
  readonly [name: string]: Value | undefined;
}

/** As DynamoDB's JSON has it: https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_AttributeValue.html */
export interface AttributeValue {
  readonly S?: string;
  readonly N?: string;
  readonly B?: string;
  readonly BOOL?: boolean;
  readonly SS?: readonly string[];
  readonly L?: readonly AttributeValue[];
  readonly M?: { readonly [name: string]: AttributeValue };
}

export function marshal(value: Value): AttributeValue {
  if (typeof value === 'string') return { S: value };
  if (typeof value === 'number') return { N: String(value) };
  if (typeof value === 'boolean') return { BOOL: value };
  if (value instanceof Uint8Array) return { B: Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('base64') };
  if (value instanceof Set) return { SS: [...value as ReadonlySet<string>] };
  if (Array.isArray(value)) return { L: value.map(marshal) };
  return { M: Object.fromEntries(Object.entries(value).map(([name, part]) => [name, marshal(part)])) };
}

/** Undefined for what no row of this version holds. */
export function unmarshal({ S, N, B, BOOL, SS, L, M }: AttributeValue): Value | undefined {
  if (S !== undefined) return S;
  if (N !== undefined) return Number(N);
  if (BOOL !== undefined) return BOOL;
  if (B !== undefined) return Buffer.from(B, 'base64');
  if (SS !== undefined) return new Set(SS);
  if (L !== undefined) return L.flatMap((part) => part.S === undefined ? [] : [part.S]);
  if (M === undefined) return undefined;
  return Object.fromEntries(Object.entries(M).flatMap(([name, part]) => {
    const value = part.S ?? (part.N === undefined ? undefined : Number(part.N));
    return value === undefined ? [] : [[name, value]];
  }));
}

export function unmarshalRow(item: { readonly [name: string]: AttributeValue }): Attributes {
  return Object.fromEntries(Object.entries(item).map(([name, value]) => [name, unmarshal(value)]));
}
