import { Duration, Token } from 'aws-cdk-lib';

const NAME = /^[a-zA-Z][a-zA-Z0-9-]{0,62}$/;
const HEADER = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;

/** A source's name is its path, and both kinds of name are part of logical ids, queue names and outputs. */
export function checkName(kind: 'source' | 'target', name: string): void {
  if (!NAME.test(name)) {
    throw new Error(
      `${kind} name ${JSON.stringify(name)} is not allowed: a name is 1 to 63 letters, digits and hyphens and starts with a letter`,
    );
  }
}

/** A header's name in lower case, as API Gateway hands headers to a function. */
export function headerName(name: string, what: string): string {
  if (!Token.isUnresolved(name) && !HEADER.test(name)) {
    throw new Error(`${what} ${JSON.stringify(name)} is not a header name: use letters, digits and hyphens, e.g. "x-signature"`);
  }
  return name.toLowerCase();
}

/** A duration as whole seconds within bounds. It goes into a function's file, so it must be known at synth. */
export function seconds(duration: Duration, what: string, bounds: { readonly min: Duration; readonly max: Duration }): number {
  if (duration.isUnresolved()) throw new Error(`${what} is known only at deployment, but a function's file needs it at synth: give a plain Duration`);
  const value = duration.toSeconds({ integral: false });
  if (!Number.isInteger(value) || value < bounds.min.toSeconds() || value > bounds.max.toSeconds()) {
    throw new Error(`${what} must be whole seconds from ${show(bounds.min)} to ${show(bounds.max)}, got ${show(duration)}`);
  }
  return value;
}

/** API Gateway's throttle of one route. */
export function checkThrottle(rateLimit: number, burstLimit: number, what: string): void {
  if (!Token.isUnresolved(rateLimit) && !(rateLimit > 0 && Number.isFinite(rateLimit))) {
    throw new Error(`${what}: throttlingRateLimit must be more than 0 requests a second, got ${rateLimit}; to close a source, remove it`);
  }
  if (!Token.isUnresolved(burstLimit) && !(Number.isInteger(burstLimit) && burstLimit > 0)) {
    throw new Error(`${what}: throttlingBurstLimit must be a whole number of requests from 1 up, got ${burstLimit}`);
  }
}

/** What a source's path follows: without a slash at its end. */
export function publicBaseUrl(url?: string): string | undefined {
  if (url === undefined || Token.isUnresolved(url)) return url;
  const { protocol, search, hash } = URL.canParse(url) ? new URL(url) : { protocol: '', search: '', hash: '' };
  if (protocol !== 'https:' || search || hash) {
    throw new Error(`publicBaseUrl ${JSON.stringify(url)} is not allowed: it is an https URL without query and fragment, e.g. "https://hooks.example.com"`);
  }
  return url.replace(/\/+$/, '');
}

/** A list of names for a message. */
export function listNames(names: Iterable<string>): string {
  return [...names].map((name) => JSON.stringify(name)).join(', ') || 'none';
}

function show(duration: Duration): string {
  return duration.toHumanString();
}
