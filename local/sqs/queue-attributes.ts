import { sqsError } from './errors';
import {
  DEFAULT_RETENTION_SECONDS, MAX_DELAY_SECONDS, MAX_MESSAGE_BYTES, MAX_RETENTION_SECONDS, MAX_VISIBILITY_SECONDS, MAX_WAIT_SECONDS,
  MIN_MAXIMUM_MESSAGE_BYTES, MIN_RETENTION_SECONDS,
} from './limits';
import { type RedriveAllowPolicy, type RedrivePolicy, parseRedriveAllowPolicy, parseRedrivePolicy } from './redrive-policy';

export interface AttributeMap {
  readonly [name: string]: string;
}

/** The attributes of a queue as its code reads them. */
export interface QueueSettings {
  readonly delaySeconds: number;
  readonly maximumMessageBytes: number;
  readonly retentionSeconds: number;
  readonly waitSeconds: number;
  readonly visibilitySeconds: number;
  readonly redrive?: RedrivePolicy;
  readonly redriveAllow: RedriveAllowPolicy;
  readonly contentBasedDeduplication: boolean;
  readonly deduplicatesByGroup: boolean;
}

/** Checks one value and gives it as it is kept. */
type Rule = (name: string, value: string) => string;

const invalid = (name: string, reason?: string) =>
  sqsError('InvalidAttributeValue', `Invalid value for the parameter ${name}.${reason ? ` Reason: ${reason}` : ''}`);

const integer = (min: number, max: number): Rule => (name, value) => {
  if (!/^\d{1,9}$/.test(value) || Number(value) < min || Number(value) > max) throw invalid(name, `Must be an integer from ${min} to ${max}.`);
  return String(Number(value));
};

const oneOf = (...allowed: string[]): Rule => (name, value) => {
  if (!allowed.includes(value)) throw invalid(name, `Must be one of [${allowed.join(', ')}].`);
  return value;
};

const boolean: Rule = (name, value) => oneOf('true', 'false')(name, value.toLowerCase());

const policy: Rule = (name, value) => {
  try {
    if (value === '' || (JSON.parse(value) as { Statement?: unknown } | null)?.Statement) return value;
  } catch {
    // Not JSON: refused like JSON that is no policy.
  }
  throw invalid(name);
};

/** An empty value takes the attribute away. */
const orNothing = (rule: (value: string) => string): Rule => (_name, value) => (value === '' ? '' : rule(value));

/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html */
const RULES: { [name: string]: Rule } = {
  DelaySeconds: integer(0, MAX_DELAY_SECONDS),
  MaximumMessageSize: integer(MIN_MAXIMUM_MESSAGE_BYTES, MAX_MESSAGE_BYTES),
  MessageRetentionPeriod: integer(MIN_RETENTION_SECONDS, MAX_RETENTION_SECONDS),
  ReceiveMessageWaitTimeSeconds: integer(0, MAX_WAIT_SECONDS),
  VisibilityTimeout: integer(0, MAX_VISIBILITY_SECONDS),
  Policy: policy,
  RedrivePolicy: orNothing((value) => JSON.stringify(parseRedrivePolicy(value))),
  RedriveAllowPolicy: orNothing((value) => {
    parseRedriveAllowPolicy(value);
    return value;
  }),
  KmsMasterKeyId: (_name, value) => value,
  KmsDataKeyReusePeriodSeconds: integer(60, 86_400),
  SqsManagedSseEnabled: boolean,
};

const FIFO_RULES: { [name: string]: Rule } = {
  FifoQueue: (name, value) => {
    if (value.toLowerCase() !== 'true') throw invalid(name, 'Modifying queue type is not supported.');
    return 'true';
  },
  ContentBasedDeduplication: boolean,
  DeduplicationScope: oneOf('queue', 'messageGroup'),
  FifoThroughputLimit: oneOf('perQueue', 'perMessageGroupId'),
};

const DEFAULTS: AttributeMap = {
  DelaySeconds: '0',
  MaximumMessageSize: String(MAX_MESSAGE_BYTES),
  MessageRetentionPeriod: String(DEFAULT_RETENTION_SECONDS),
  ReceiveMessageWaitTimeSeconds: '0',
  VisibilityTimeout: '30',
  SqsManagedSseEnabled: 'true',
};

const FIFO_DEFAULTS: AttributeMap = {
  FifoQueue: 'true', ContentBasedDeduplication: 'false', DeduplicationScope: 'queue', FifoThroughputLimit: 'perQueue',
};

const KMS_REUSE_DEFAULT_SECONDS = '300';

/** Everything that GetQueueAttributes can be asked for. */
export const ATTRIBUTE_NAMES = new Set([
  ...Object.keys(RULES), ...Object.keys(FIFO_RULES), 'QueueArn', 'CreatedTimestamp', 'LastModifiedTimestamp',
  'ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible', 'ApproximateNumberOfMessagesDelayed',
]);

/** The attributes that a queue has when it is created with these. Throws for a name or a value that is not allowed. */
export function newAttributes(fifo: boolean, given: AttributeMap): AttributeMap {
  return mergeAttributes(fifo, fifo ? { ...DEFAULTS, ...FIFO_DEFAULTS } : DEFAULTS, given);
}

/** The attributes that a queue has after these are set. Throws, and changes nothing, when any of them is not allowed. */
export function mergeAttributes(fifo: boolean, current: AttributeMap, given: AttributeMap): AttributeMap {
  const checked = checkAttributes(fifo, given);
  const merged = Object.fromEntries(Object.entries({ ...current, ...checked }).filter(([, value]) => value !== ''));
  if (merged['FifoThroughputLimit'] === 'perMessageGroupId' && merged['DeduplicationScope'] !== 'messageGroup') {
    throw invalid('FifoThroughputLimit', 'The perMessageGroupId value is allowed only when the value for DeduplicationScope is messageGroup.');
  }
  return oneEncryption(merged, checked);
}

/** The first attribute whose value is not the queue's own, or undefined. */
export function differingAttribute(fifo: boolean, current: AttributeMap, given: AttributeMap): string | undefined {
  return Object.entries(checkAttributes(fifo, given)).find(([name, value]) => (current[name] ?? '') !== value)?.[0];
}

export function toSettings(attributes: AttributeMap): QueueSettings {
  const number = (name: string) => Number(attributes[name]);
  const { RedrivePolicy: redrive, RedriveAllowPolicy: redriveAllow = '{}' } = attributes;
  return {
    delaySeconds: number('DelaySeconds'),
    maximumMessageBytes: number('MaximumMessageSize'),
    retentionSeconds: number('MessageRetentionPeriod'),
    waitSeconds: number('ReceiveMessageWaitTimeSeconds'),
    visibilitySeconds: number('VisibilityTimeout'),
    ...(redrive !== undefined && { redrive: parseRedrivePolicy(redrive) }),
    redriveAllow: parseRedriveAllowPolicy(redriveAllow),
    contentBasedDeduplication: attributes['ContentBasedDeduplication'] === 'true',
    deduplicatesByGroup: attributes['DeduplicationScope'] === 'messageGroup',
  };
}

function checkAttributes(fifo: boolean, given: AttributeMap): AttributeMap {
  const checked: { [name: string]: string } = {};
  for (const [name, value] of Object.entries(given)) {
    const rule = Object.hasOwn(RULES, name) ? RULES[name] : fifo && Object.hasOwn(FIFO_RULES, name) ? FIFO_RULES[name] : undefined;
    if (!rule) throw sqsError('InvalidAttributeName', unknownName(name));
    checked[name] = rule(name, value);
  }
  return checked;
}

function unknownName(name: string): string {
  return name === 'DeduplicationScope' || name === 'FifoThroughputLimit'
    ? `You can specify the ${name} only when FifoQueue is set to true.`
    : `Unknown Attribute ${name}.`;
}

/** A queue is encrypted with a KMS key or with SQS's own, never both; naming a key turns the other off. */
function oneEncryption(merged: AttributeMap, given: AttributeMap): AttributeMap {
  if (!merged['KmsMasterKeyId']) return merged;
  if (given['SqsManagedSseEnabled'] === 'true') {
    throw sqsError('InvalidAttributeName',
      'You can use one type of server-side encryption (SSE) at one time. You can either enable KMS SSE or SQS SSE.');
  }
  return { KmsDataKeyReusePeriodSeconds: KMS_REUSE_DEFAULT_SECONDS, ...merged, SqsManagedSseEnabled: 'false' };
}
