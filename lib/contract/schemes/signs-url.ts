import type { Scheme } from '../scheme';

/** Whether a request is proved only by who knows the URL that its sender posts to. */
export function signsUrl(scheme: Scheme): boolean {
  if (scheme.kind === 'code') return scheme.signsUrl === true;
  return 'signed' in scheme && /\{(url|decodedUrl)\}/.test(scheme.signed);
}
