/** What node:http lets through as the value of a header, without the empty one: no line breaks, nothing beyond Latin-1. */
const HEADER_VALUE = /^[\t\x20-\x7E\x80-\xFF]+$/;

export function isHeaderValue(value: unknown): value is string {
  return typeof value === 'string' && HEADER_VALUE.test(value);
}
