import type { RejectReason } from '../../lib/contract/log';

/** The end of a request that is not accepted. The reason decides the answer; the detail is for the log and never for the sender. */
export class Rejection extends Error {
  override readonly name = 'Rejection';

  constructor(readonly reason: RejectReason, readonly detail?: string) {
    super(detail ?? reason);
  }
}
