import { validateHeaderValue } from 'node:http';
import { CliError, Exit } from './cli-error';

/** Fails on a value that no header can carry. The value is not shown: it may be a secret, or signed with one. */
export function checkHeaders(headers: { readonly [name: string]: string }): void {
  for (const [name, value] of Object.entries(headers)) {
    const wrong = [...value].find((character) => !isAllowed(name, character));
    if (wrong === undefined) continue;
    const code = `U+${(wrong.codePointAt(0) as number).toString(16).toUpperCase().padStart(4, '0')}`;
    throw new CliError(Exit.USAGE, `the header ${JSON.stringify(name)} would have the character ${code}, and a header takes neither line breaks nor other`
      + ' control characters, nor any above U+00FF; change what is written there, such as --type or the secret');
  }
}

function isAllowed(name: string, value: string): boolean {
  try {
    validateHeaderValue(name, value);
    return true;
  } catch {
    return false;
  }
}
