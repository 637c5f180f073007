import { checkHeaders } from './check-headers';
import { CliError, Exit } from './cli-error';
import type { OutgoingRequest } from './fields';
import { shellWord } from './shell-word';

/** The request as a line for a shell. Only text fits in one. */
export function curlLine({ url, headers, body }: OutgoingRequest): string {
  checkHeaders(headers);
  const text = body.toString('utf8');
  if (!Buffer.from(text).equals(body) || text.includes('\0')) {
    throw new CliError(Exit.USAGE, 'the body is binary, which no command line can hold; leave out --curl');
  }
  // --data-raw, because a body that begins with @ would be taken for a file's name.
  const words = ['curl', '-i', url.href, ...Object.entries(headers).flatMap(([name, value]) => ['-H', `${name}: ${value}`]), '--data-raw', text];
  return words.map(shellWord).join(' ');
}
