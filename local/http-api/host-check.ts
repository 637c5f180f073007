const NAMES = ['127.0.0.1', 'localhost', '[::1]'];

/**
 * Whether a request's Host header names this machine and the port of the server that got it. A server on loopback answers 403 to
 * every other: a page of the web can reach it only through a name of its own that resolves to 127.0.0.1 (DNS rebinding), and
 * that name is in the header.
 */
export function hostAllowed(host: string | undefined, port: number): boolean {
  const given = host?.toLowerCase();
  return NAMES.some((name) => given === `${name}:${port}` || (port === 80 && given === name));
}
