/**
 * Characters that a terminal obeys or that hide what a line says: C0 and C1 controls, DEL, line and paragraph separators,
 * bidirectional overrides and isolates, zero-width characters. Event data comes from strangers.
 */
const UNPRINTABLE = /[\u0000-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;

/** Text for a terminal: what is not printable becomes a visible escape such as `\u001b`. */
export function printable(text: string): string {
  return text.replace(UNPRINTABLE, escape).replace(LONE_SURROGATE, escape);
}

/** As `printable`, but keeps line breaks and tabs: for text of several lines that is our own or the app's. */
export function printableLines(text: string): string {
  return text.split(/\r?\n/).map((line) => line.split('\t').map(printable).join('\t')).join('\n');
}

/** One JSON line, in which what JSON leaves unescaped and a terminal would obey is escaped too. The parsed value is the same. */
export function jsonLine(value: { readonly [name: string]: unknown }): string {
  return `${JSON.stringify(value).replace(UNPRINTABLE, escape)}\n`;
}

const LONE_SURROGATE = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

function escape(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
