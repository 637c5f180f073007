import type { SqsEngine } from './engine';
import { invalidParameter, queueDoesNotExist, sqsError } from './errors';
import { type Input, optionalInteger, optionalText, text, textList, textMap } from './input';
import { MAX_LISTED } from './limits';
import type { Actions } from './protocol';
import type { Queue } from './queue';
import { ATTRIBUTE_NAMES } from './queue-attributes';
import { checkTags } from './tags';

export const queueActions: Actions = {
  CreateQueue: (engine, input) => {
    const queue = engine.createQueue(text(input, 'QueueName'), textMap(input, 'Attributes'), textMap(input, 'tags'));
    return { QueueUrl: queue.url };
  },
  DeleteQueue: (engine, input) => engine.deleteQueue(queueOf(engine, input)),
  GetQueueUrl: getQueueUrl,
  GetQueueAttributes: (engine, input) => getQueueAttributes(queueOf(engine, input), textList(input, 'AttributeNames')),
  SetQueueAttributes: (engine, input) => queueOf(engine, input).setAttributes(textMap(input, 'Attributes')),
  ListQueues: (engine, input) => {
    const prefix = optionalText(input, 'QueueNamePrefix') ?? '';
    const { urls, next } = page(engine.queues().filter(({ name }) => name.startsWith(prefix)), input);
    return { ...(urls.length > 0 && { QueueUrls: urls }), NextToken: next };
  },
  ListDeadLetterSourceQueues: (engine, input) => {
    const { arn } = queueOf(engine, input);
    const { urls, next } = page(engine.queues().filter(({ settings }) => settings.redrive?.deadLetterTargetArn === arn), input);
    return { queueUrls: urls, NextToken: next };
  },
  PurgeQueue: (engine, input) => queueOf(engine, input).purge(),
  ListQueueTags: (engine, input) => {
    const { tags } = queueOf(engine, input);
    return tags.size === 0 ? {} : { Tags: Object.fromEntries(tags) };
  },
  TagQueue: (engine, input) => {
    const { tags } = queueOf(engine, input);
    const given = textMap(input, 'Tags');
    checkTags(given);
    for (const [key, value] of Object.entries(given)) tags.set(key, value);
  },
  UntagQueue: (engine, input) => {
    const { tags } = queueOf(engine, input);
    for (const key of textList(input, 'TagKeys')) tags.delete(key);
  },
};

export function queueOf(engine: SqsEngine, input: Input): Queue {
  const url = optionalText(input, 'QueueUrl') ?? '';
  if (url !== '' && !url.includes('/')) throw sqsError('InvalidAddress', `The address ${url} is not valid for this endpoint.`);
  return engine.queue(url);
}

function getQueueUrl(engine: SqsEngine, input: Input): object {
  const name = text(input, 'QueueName');
  const owner = optionalText(input, 'QueueOwnerAWSAccountId') ?? engine.account;
  if (owner !== engine.account || name.includes('/')) throw queueDoesNotExist();
  return { QueueUrl: engine.queue(name).url };
}

function getQueueAttributes(queue: Queue, names: readonly string[]): object {
  const unknown = names.find((name) => name !== 'All' && !ATTRIBUTE_NAMES.has(name));
  if (unknown !== undefined) throw sqsError('InvalidAttributeName', `Unknown Attribute ${unknown}.`);
  const { available, inFlight, delayed } = queue.counts();
  const all: { [name: string]: string } = {
    QueueArn: queue.arn,
    ApproximateNumberOfMessages: String(available),
    ApproximateNumberOfMessagesNotVisible: String(inFlight),
    ApproximateNumberOfMessagesDelayed: String(delayed),
    CreatedTimestamp: String(Math.floor(queue.createdAt / 1000)),
    LastModifiedTimestamp: String(Math.floor(queue.modifiedAt / 1000)),
    ...queue.attributes,
  };
  const asked = Object.entries(all).filter(([name]) => names.includes('All') || names.includes(name));
  return asked.length === 0 ? {} : { Attributes: Object.fromEntries(asked) };
}

/** The token is the name of the last queue that was listed; there is one only when `MaxResults` asks for pages. */
function page(queues: readonly Queue[], input: Input): { urls: string[]; next?: string } {
  const maxResults = optionalInteger(input, 'MaxResults');
  const token = optionalText(input, 'NextToken');
  if (maxResults !== undefined && (maxResults < 1 || maxResults > MAX_LISTED)) {
    throw invalidParameter(`Value for parameter MaxResults is invalid. Reason: Must be an integer between 1 and ${MAX_LISTED}.`);
  }
  const listed = [...queues].sort((a, b) => (a.name < b.name ? -1 : 1));
  const start = token === undefined ? 0 : startOf(listed, token);
  const end = start + (maxResults ?? MAX_LISTED);
  const last = listed[end - 1];
  return {
    urls: listed.slice(start, end).map(({ url }) => url),
    ...(maxResults !== undefined && last && end < listed.length && { next: Buffer.from(last.name).toString('base64') }),
  };
}

function startOf(listed: readonly Queue[], token: string): number {
  const after = Buffer.from(token, 'base64').toString();
  if (Buffer.from(after).toString('base64') !== token) throw invalidParameter('Invalid or expired next token.');
  const start = listed.findIndex(({ name }) => name > after);
  return start < 0 ? listed.length : start;
}
