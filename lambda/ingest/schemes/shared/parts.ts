import type { KeyObject } from 'node:crypto';
import { toKey } from '../../../shared/key';
import { SecretError } from '../../../shared/secret-error';

/** A secret of two parts: an id that travels with the request, and the key that never does. */
export interface IdAndKey {
  readonly id: string;
  readonly key: KeyObject;
}

/**
 * Reads the versions of a secret that is more than one text. As with plain keys, the current version must be right, and a replaced one
 * may have been replaced because it was not.
 */
export function readVersions<Parts>([current = '', ...previous]: string[], read: (text: string) => Parts): Parts[] {
  const versions = [read(current)];
  for (const text of previous) {
    try {
      versions.push(read(text));
    } catch {
      continue;
    }
  }
  return versions;
}

/** Reads `id:key`. Throws `SecretError`. */
export function readIdAndKey(text: string, secretId: string): IdAndKey {
  const colon = text.indexOf(':');
  if (colon < 1) throw new SecretError('unusable', secretId, 'it is not "id:key"');
  return { id: text.slice(0, colon), key: toKey(text.slice(colon + 1), 'utf8', secretId) };
}
