import type { Clock } from '../clock';
import type { OnLine } from '../run/lines';

/** Longer inputs are shortened: 256 KB of a webhook in a terminal help nobody. */
const MAX_INPUT_CHARACTERS = 16_384;

/** What is left of each long text then. */
const EXCERPT_CHARACTERS = 1_024;

/** One call of a service that a local run does not have, but answers as if all went well. */
export interface RecordedCall {
  /** As in the ARNs of its resources: `sns`, `events`, `states`, `kinesis` or `firehose`. */
  readonly service: string;
  readonly action: string;
  /** ARN. */
  readonly resource: string;
  /** What the action was given, in the words of its API. */
  readonly input: { readonly [name: string]: unknown };
}

export type Recorder = (call: RecordedCall) => void;

/** Tells each call in a line of the run. */
export function recorder(onLine: OnLine, clock: Clock): Recorder {
  return ({ service, action, resource, input }) => onLine({
    event: 'aws-call', time: new Date(clock.now()).toISOString(), service, action, resource, input: bounded(input),
  });
}

function bounded(input: RecordedCall['input']): unknown {
  const text = JSON.stringify(input);
  if (text.length <= MAX_INPUT_CHARACTERS) return input;
  return JSON.parse(text, (_name, value: unknown) => (
    typeof value === 'string' && value.length > EXCERPT_CHARACTERS ? `${value.slice(0, EXCERPT_CHARACTERS)}… (${value.length} characters)` : value));
}
