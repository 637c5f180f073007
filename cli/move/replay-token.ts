import { randomBytes } from 'node:crypto';
import { CliError, Exit } from '../cli-error';
import type { Selection } from '../store/selection';

/** What a replay is, so that another process can go on with it. */
export interface ReplayState {
  readonly gateway: string;
  readonly replay: string;
  /** Either of the two. */
  readonly ids?: readonly string[];
  readonly selection?: Selection;
  readonly to?: string;
  /** Where it stopped. */
  readonly position?: string;
}

const VERSION = 1;

export const writeReplayToken = (state: ReplayState): string => Buffer.from(JSON.stringify([VERSION, state])).toString('base64url');

export function readReplayToken(token: string): ReplayState {
  try {
    const [version, state] = JSON.parse(Buffer.from(token, 'base64url').toString()) as [unknown, ReplayState | undefined];
    if (version === VERSION && typeof state?.replay === 'string' && typeof state.gateway === 'string') return state;
  } catch {
    // Told below.
  }
  throw new CliError(Exit.USAGE, `--resume is ${JSON.stringify(token)}, which is no token of a replay; write the "resume" of the replay that was stopped`);
}

const ALPHABET = 'abcdefghijklmnopqrstuvwxyz234567';

/** The id of a replay: what tells its attempts from others. */
export const newReplayId = (): string => `rpl_${[...randomBytes(16)].map((byte) => ALPHABET[byte & 31]).join('')}`;
