/** Why a local run cannot start or go on. */
export type LocalRunErrorCode =
  | 'assembly-missing'
  | 'assembly-invalid'
  | 'asset-missing'
  | 'asset-zip'
  | 'unresolvable'
  | 'invalid-resource'
  | 'no-gateway'
  | 'port-taken'
  | 'port-denied'
  | 'unknown-target'
  | 'invalid-target';

/** A failure that a person can cure: the code is for scripts, the message says what to change. */
export class LocalRunError extends Error {
  constructor(readonly code: LocalRunErrorCode, message: string) {
    super(message);
    this.name = 'LocalRunError';
  }
}
