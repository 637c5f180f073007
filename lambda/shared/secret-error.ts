const CURES = { unavailable: '', unusable: '; put the right value into it' };

/** Why a secret cannot be used: it could not be read, or what was read cannot be right. The message has its id, never its value. */
export class SecretError extends Error {
  override readonly name = 'SecretError';

  constructor(readonly kind: 'unavailable' | 'unusable', readonly id: string, explanation: string) {
    super(`secret ${JSON.stringify(id)} is ${kind}: ${explanation}${CURES[kind]}`);
  }
}

/** By its name: the module of a scheme is a bundle of its own, with a class of its own. */
export function isSecretError(error: unknown): error is SecretError {
  return error instanceof Error && error.name === 'SecretError' && 'kind' in error;
}
