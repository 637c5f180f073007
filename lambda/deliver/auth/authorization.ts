import type { Egress, EgressFailed, EgressRequest } from '../../shared/egress';

/** How a target knows us, beside the signature. */
export interface Authorization {
  /** Lower-case names of the headers that it sets, so that nothing else does. */
  readonly headers: readonly string[];
  /**
   * Header lines, names and values in turn. `round` is 1 when the target has just answered 401 to those of 0; undefined where there is
   * nothing else to show. Throws `AuthorizationError`, or what reading secrets throws.
   */
  lines(request: EgressRequest, round: 0 | 1): Promise<readonly string[] | undefined>;
  /** Where connections are special too. */
  egress?(): Promise<Egress>;
}

/** Nothing could be shown to the target, for the time being. The message never has a secret. */
export class AuthorizationError extends Error {
  override readonly name = 'AuthorizationError';

  constructor(readonly outcome: EgressFailed['outcome'] | 'aws', message: string) {
    super(message);
  }
}
