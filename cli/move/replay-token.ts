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
    const [version, state] = JSON.parse(Buffer.from(token, 'base64url').toString()) as [unknown, unknown];
    if (version === VERSION && isState(state)) return state;
  } catch {
    // Told below.
  }
  throw new CliError(Exit.USAGE, `--resume is ${JSON.stringify(token)}, which is no token of a replay; write the "resume" of the replay that was stopped`);
}

type Unknown<T> = { readonly [name in keyof T]?: unknown };

/** It comes from a shell's history or a file, and may have been cut or put together by hand. */
function isState(state: unknown): state is ReplayState {
  const { gateway, replay, ids, selection, to, position } = Object(state) as Unknown<ReplayState>;
  const stoppedAt = ids === undefined ? /^\d{4}-\d\d-\d\dT[^#]+#./ : /^\d+$/;
  return isText(gateway) && isText(replay) && (to === undefined || isText(to))
    && (position === undefined || (isText(position) && stoppedAt.test(position)))
    && (ids === undefined ? isSelection(selection) : selection === undefined && isTexts(ids) && ids.length > 0);
}

function isSelection(selection: unknown): selection is Selection {
  const { range, sources, targets, quarantine, ...rest } = Object(selection) as Unknown<Selection>;
  const { since, until } = Object(range) as Unknown<Selection['range']>;
  return isTime(since) && isTime(until) && isTexts(sources) && isTexts(targets) && quarantine === undefined && Object.values(rest).every(isText);
}

const isText = (value: unknown): value is string => typeof value === 'string';
const isTexts = (value: unknown): value is string[] => Array.isArray(value) && value.every(isText);
const isTime = (value: unknown): boolean => isText(value) && !Number.isNaN(Date.parse(value));

const ALPHABET = 'abcdefghijklmnopqrstuvwxyz234567';

/** The id of a replay: what tells its attempts from others. */
export const newReplayId = (): string => `rpl_${[...randomBytes(16)].map((byte) => ALPHABET[byte & 31]).join('')}`;
