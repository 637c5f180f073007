import type { RejectReason } from '../../lib/contract/log';

/** What a rejection is answered by. `forbidden` is a handshake with a wrong token: some senders want another status than for a signature. */
export type AnswerName = RejectReason | 'forbidden';

/** The end of a request that is not accepted. The reason is for the log; the detail too, and never for the sender. */
export class Rejection extends Error {
  override readonly name = 'Rejection';

  constructor(readonly reason: RejectReason, readonly detail?: string, readonly answer: AnswerName = reason) {
    super(detail ?? reason);
  }
}
