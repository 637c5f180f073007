import { StringConcat, Tokenization } from 'aws-cdk-lib';

/** Stands for a token where a URL is read: it may be a part of a host's name, of a path and of a query. */
const MARK = 'cdk-webhooks-token';

/** What can become a URL's scheme, if a token goes on with it. */
const BEGINNING = /^([a-z][a-z0-9+.-]*(:\/?)?)?$/i;
const ORIGIN = /^[a-z][a-z0-9+.-]*:\/\//i;
/** A port has to be a number where it is read. */
const PORT = new RegExp(`^([^/?#]*//[^/?#]*):${MARK}(?=[/?#]|$)`);

/**
 * A URL as far as synth knows it, with marks for its tokens: its scheme, its user and what else is written there can be judged. Undefined
 * where it can never be an absolute URL; 'unknown' where only the deployment knows even the scheme.
 */
export function readUrl(text: string): URL | 'unknown' | undefined {
  const marked = markTokens(text);
  if (marked === text) return parse(text);
  const head = marked.slice(0, marked.indexOf(MARK));
  if (!ORIGIN.test(head)) return BEGINNING.test(head) ? 'unknown' : undefined;
  return parse(marked.replace(PORT, '$1')) ?? 'unknown';
}

/** Whether only the deployment knows all of a host. */
export function hasToken(host: string): boolean {
  return host.includes(MARK);
}

/** A URL as a message may have it: neither user nor query, which carry passwords and tokens. */
export function showUrl(url: URL | string): string {
  const text = typeof url === 'string' ? markTokens(url).replace(/[?#].*$/s, '').replace(/[^/]*@/g, '') : `${url.protocol}//${url.host}${url.pathname}`;
  return JSON.stringify(text.replaceAll(MARK, '<token>'));
}

function markTokens(text: string): string {
  return String(Tokenization.reverseString(text).mapTokens({ mapToken: () => MARK }).join(new StringConcat()) ?? '');
}

function parse(text: string): URL | undefined {
  return URL.canParse(text) ? new URL(text) : undefined;
}
