/** A value as the JSON protocol carries it: one type and what it holds. Numbers are text, bytes are base64. */
export interface AttributeValue {
  readonly S?: string;
  readonly N?: string;
  readonly B?: string;
  readonly BOOL?: boolean;
  readonly NULL?: boolean;
  readonly SS?: string[];
  readonly NS?: string[];
  readonly BS?: string[];
  readonly L?: AttributeValue[];
  readonly M?: Item;
}

export interface Item {
  readonly [name: string]: AttributeValue;
}

export type ValueType = keyof AttributeValue;
export type SetType = 'SS' | 'NS' | 'BS';

export function typeOf(value: AttributeValue): ValueType {
  return Object.keys(value)[0] as ValueType;
}

/** The members of a set; undefined for what is none. */
export function membersOf(value: AttributeValue): string[] | undefined {
  return value.SS ?? value.NS ?? value.BS;
}

/** Sets know no order. Numbers are normal already, so equal ones have the same text. */
export function sameValue(a: AttributeValue, b: AttributeValue): boolean {
  const type = typeOf(a);
  if (type !== typeOf(b)) return false;
  if (type === 'L') return sameList(a.L as AttributeValue[], b.L as AttributeValue[]);
  if (type === 'M') return sameItem(a.M as Item, b.M as Item);
  const [members, others] = [membersOf(a), membersOf(b)];
  if (members && others) return members.length === others.length && members.every((member) => others.includes(member));
  return a[type] === b[type];
}

export function sameItem(a: Item, b: Item): boolean {
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every((name) => b[name] !== undefined && sameValue(a[name]!, b[name]));
}

function sameList(a: AttributeValue[], b: AttributeValue[]): boolean {
  return a.length === b.length && a.every((value, i) => sameValue(value, b[i]!));
}

/** The bytes that DynamoDB counts: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html */
export function itemSize(item: Item): number {
  let size = 0;
  for (const name in item) size += attributeSize(name, item[name]!);
  return size;
}

export function attributeSize(name: string, value: AttributeValue): number {
  return Buffer.byteLength(name) + valueSize(value);
}

/** A list or a map has 3 bytes of its own and one for each of what it holds. */
const CONTAINER_BYTES = 3;

function valueSize(value: AttributeValue): number {
  switch (typeOf(value)) {
    case 'S': return Buffer.byteLength(value.S!);
    case 'N': return numberSize(value.N!);
    case 'B': return Buffer.byteLength(value.B!, 'base64');
    case 'SS': return value.SS!.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
    case 'NS': return value.NS!.reduce((sum, text) => sum + numberSize(text), 0);
    case 'BS': return value.BS!.reduce((sum, text) => sum + Buffer.byteLength(text, 'base64'), 0);
    case 'L': return value.L!.reduce((sum, part) => sum + valueSize(part) + 1, CONTAINER_BYTES);
    case 'M': return itemSize(value.M!) + Object.keys(value.M!).length + CONTAINER_BYTES;
    default: return 1;
  }
}

/** A byte for two significant digits, and one more; the sign of a negative number is another. */
function numberSize(text: string): number {
  const digits = text.replace(/^-|\./g, '').replace(/^0+|0+$/g, '').length;
  return Math.ceil(digits / 2) + 1 + (text.startsWith('-') ? 1 : 0);
}

/** What `size()` of an expression gives; undefined where the type has none. */
export function sizeFunction(value: AttributeValue): number | undefined {
  if (value.S !== undefined) return value.S.length;
  if (value.B !== undefined) return Buffer.byteLength(value.B, 'base64');
  if (value.M !== undefined) return Object.keys(value.M).length;
  return (value.L ?? membersOf(value))?.length;
}
