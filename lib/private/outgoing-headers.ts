import { Token } from 'aws-cdk-lib';
import { headerName } from './checks';

/** Of one connection and not of a message: RFC 9110, 7.6.1. The HTTP client sets them, and they could end a request early. */
const CONNECTION = new Set([
  'connection', 'content-length', 'expect', 'host', 'keep-alive', 'proxy-authenticate', 'proxy-connection', 'te', 'trailer', 'transfer-encoding', 'upgrade',
]);
const CREDENTIALS = new Set(['authorization', 'cookie', 'proxy-authorization']);

/** What every HTTP client and server takes for a value: no line break, which would begin a header of its own. */
const VALUE = /^[\t\x20-\x7e]+$/;

/** What common servers take for all headers of a request together. */
const MAX_VALUE_LENGTH = 8 * 1024;

/** The name, in lower case, of a header that a target may be sent beside our own. */
export function outgoingHeader(name: string, what: string): string {
  const lower = headerName(name, what);
  const reason = refusal(lower);
  if (reason !== undefined) throw new Error(`${what} ${JSON.stringify(name)} is not allowed: ${reason}`);
  return lower;
}

/** The header that a key travels in. It may be `Authorization`, which some want without a scheme. */
export function keyHeader(name: string, what: string): string {
  return name.toLowerCase() === 'authorization' ? 'authorization' : outgoingHeader(name, what);
}

/** One of the three headers of a signature, by whatever name the receiver reads it. */
export function signatureHeader(name: string, what: string): string {
  const lower = headerName(name, what);
  return lower.startsWith('webhook-') ? lower : outgoingHeader(name, what);
}

/** Headers that are sent as they are, by lower-case name. */
export function staticHeaders(headers: { [name: string]: string }, what: string): { [name: string]: string } {
  const checked = Object.entries(headers).map(([name, value]): [string, string] => {
    const lower = outgoingHeader(name, what);
    // The value stays out of the message: people put tokens here.
    if (!Token.isUnresolved(value) && !VALUE.test(value)) {
      throw new Error(`${what} the value of ${JSON.stringify(name)} is not allowed: use one or more printable ASCII characters, without line breaks`);
    }
    if (!Token.isUnresolved(value) && value.length > MAX_VALUE_LENGTH) {
      throw new Error(`${what} the value of ${JSON.stringify(name)} has ${value.length} characters, and servers take ${MAX_VALUE_LENGTH} at most for all headers: shorten it`);
    }
    return [lower, value];
  });
  checkDistinct(checked.map(([name]) => name), what);
  return Object.fromEntries(checked);
}

/** No two parts may want to set the same header. */
export function checkDistinct(names: string[], what: string): void {
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new Error(`${what} ${JSON.stringify(twice)} is set twice: leave one of them out, names do not tell upper from lower case`);
}

function refusal(name: string): string | undefined {
  if (CONNECTION.has(name)) return 'the HTTP client sets it for each connection';
  if (CREDENTIALS.has(name)) return 'it carries credentials, which no file or queue may hold: use `auth`';
  if (name.includes('*')) return '"*" stands for no other names: name each header';
  if (name.startsWith('webhook-')) return 'names that begin with "webhook-" are those of the signature and of the receiver\'s answers';
  return undefined;
}
