import { Duration, RemovalPolicy, Token } from 'aws-cdk-lib';
import { readUrl, showUrl } from './readable-url';

const NAME = /^[a-zA-Z][a-zA-Z0-9-]{0,62}$/;
const HEADER = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;

/** A source's name is its path, and both kinds of name are part of logical ids, queue names and outputs. */
export function checkName(kind: 'source' | 'target', name: string): void {
  if (!NAME.test(name)) {
    throw new Error(
      `${kind} name ${JSON.stringify(name)} is not allowed: a name is 1 to 63 letters, digits and hyphens and starts with a letter`,
    );
  }
  // Where the name is a key, JavaScript would find this instead.
  if (name in {}) throw new Error(`${kind} name ${JSON.stringify(name)} is not allowed: every object of JavaScript has something of that name; use another`);
}

/**
 * That something is what it has to be, for those who write no types.
 *
 * @param part what nothing else has
 */
export function checkGiven(what: string, part: unknown, factory: string): void {
  if (part === undefined) throw new Error(`${what} is not one of ${factory}: make it with a function of that class`);
}

/** A value of an enum, for those who write no types. */
export function checkOneOf<T extends string>(value: T, values: { readonly [name: string]: T }, what: string): T {
  const allowed = Object.values(values);
  if (allowed.includes(value)) return value;
  throw new Error(`${what} ${JSON.stringify(value)} is not allowed: use one of ${listNames(allowed)}`);
}

/** What is kept or destroyed with a stack. Of what a gateway makes nothing can have a snapshot, and the CDK makes each complain in its own words. */
export function removalPolicy(policy: RemovalPolicy = RemovalPolicy.RETAIN): RemovalPolicy {
  if (policy !== RemovalPolicy.SNAPSHOT) return policy;
  throw new Error('removalPolicy SNAPSHOT protects nothing, for neither queues nor tables, buckets and secrets have snapshots: use RETAIN or DESTROY');
}

/** A header's name in lower case, as API Gateway hands headers to a function. */
export function headerName(name: string, what: string): string {
  if (Token.isUnresolved(name)) throw new Error(`${what} is known only at deployment, but a function's file needs it at synth: give a plain name`);
  if (!HEADER.test(name)) {
    throw new Error(`${what} ${JSON.stringify(name)} is not a header name: use letters, digits and hyphens, e.g. "x-signature"`);
  }
  return name.toLowerCase();
}

/** The name of a header that a function is to read. */
export function requestHeader(name: string, what: string): string {
  const lower = headerName(name, what);
  // https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
  if (lower === 'cookie') throw new Error(`${what} ${JSON.stringify(name)} is not allowed, for API Gateway takes cookies out of the headers: name another`);
  return lower;
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
  return url === undefined ? undefined : publicUrl(url, 'publicBaseUrl', 'https://hooks.example.com').replace(/\/+$/, '');
}

/** A URL that a sender is given, as it was written. */
export function publicUrl(url: string, what: string, example: string): string {
  const read = readUrl(url);
  if (read === 'unknown') return url;
  if (read?.username || read?.password) {
    throw new Error(`${what} ${showUrl(read)} is not allowed with a user name or password before the host, which outputs and consoles would show: leave it out`);
  }
  if (read?.protocol !== 'https:' || read.search || read.hash) {
    throw new Error(`${what} ${JSON.stringify(url)} is not allowed: it is an https URL without query and fragment, e.g. ${JSON.stringify(example)}`);
  }
  return url;
}

/** A number for a message. That of a token says nothing to anybody. */
export function showNumber(value: number): string {
  return Token.isUnresolved(value) ? 'one that is known only at deployment' : String(value);
}

/** A list of names for a message. */
export function listNames(names: Iterable<string>): string {
  return [...names].map((name) => JSON.stringify(name)).join(', ') || 'none';
}

function show(duration: Duration): string {
  return duration.toHumanString();
}
