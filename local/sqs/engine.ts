import { randomUUID } from 'crypto';
import type { AwsJsonService } from '../aws-service';
import type { Clock } from '../clock';
import { partitionOf } from '../partition';
import { invalidParameter, queueDoesNotExist, sqsError } from './errors';
import { RECREATE_INTERVAL_MS } from './limits';
import { MoveTasks } from './move-tasks';
import { callAction } from './protocol';
import { Queue, type QueueHost } from './queue';
import { type AttributeMap, differingAttribute } from './queue-attributes';
import { checkTags } from './tags';

export interface SqsEngineOptions {
  readonly clock: Clock;
  readonly region: string;
  /** 12 digits. */
  readonly account: string;
  /** What queue URLs begin with, e.g. `http://127.0.0.1:4566`. Read each time, so that a port may be known later. */
  readonly origin: () => string;
  /** Numbers from 0 to below 1 that message ids are made of. Default: random UUIDs. */
  readonly random?: () => number;
}

/**
 * SQS in this process, on the clock it is given: every wait but the long polls of outside clients is the clock's. Standard and
 * FIFO queues, one region, one account, no permissions. What AWS spreads over time (attribute changes, purges, counts) happens
 * at once.
 */
export class SqsEngine implements AwsJsonService {
  readonly prefix = 'AmazonSQS';
  readonly contentType = 'application/x-amz-json-1.0';
  readonly account: string;
  readonly moveTasks: MoveTasks;
  private readonly byName = new Map<string, Queue>();
  private readonly deletedAt = new Map<string, number>();
  private readonly host: QueueHost;

  constructor(private readonly options: SqsEngineOptions) {
    const { clock, region, account, origin, random } = options;
    this.account = account;
    const arnPrefix = `arn:${partitionOf(region)}:sqs:${region}:${account}:`;
    this.host = {
      clock,
      newId: random ? () => uuidFrom(random) : randomUUID,
      urlOf: (name) => `${origin()}/${account}/${name}`,
      arnOf: (name) => `${arnPrefix}${name}`,
      findByArn: (arn) => (arn.startsWith(arnPrefix) ? this.byName.get(arn.slice(arnPrefix.length)) : undefined),
    };
    this.moveTasks = new MoveTasks(this.host, () => this.queues());
  }

  /** In the order they were created. */
  queues(): Queue[] {
    return [...this.byName.values()];
  }

  /**
   * Gives the queue of this name, made now or before. A dead-letter queue must be there before its source. Throws for names and
   * attributes that SQS refuses, for other attributes than the queue has, and within 60 seconds after it was deleted.
   */
  createQueue(name: string, attributes: AttributeMap = {}, tags: AttributeMap = {}): Queue {
    checkQueueName(name, attributes);
    checkTags(tags);
    const existing = this.byName.get(name);
    if (existing) return sameQueue(existing, attributes);
    const deletedAt = this.deletedAt.get(name);
    if (deletedAt !== undefined && this.options.clock.now() - deletedAt < RECREATE_INTERVAL_MS) {
      throw sqsError('QueueDeletedRecently', 'You must wait 60 seconds after deleting a queue before you can create another with the same name.');
    }
    this.deletedAt.delete(name);
    const queue = new Queue(this.host, name, attributes);
    for (const [key, value] of Object.entries(tags)) queue.tags.set(key, value);
    this.byName.set(name, queue);
    return queue;
  }

  /** The queue of a name or a URL; of a URL the last two segments count, whatever its host. Throws `QueueDoesNotExist`. */
  queue(urlOrName: string): Queue {
    const segments = urlOrName.split('/');
    const name = segments.pop() as string;
    const queue = segments.length === 0 || segments.pop() === this.account ? this.byName.get(name) : undefined;
    if (!queue) throw queueDoesNotExist();
    return queue;
  }

  /** Throws `QueueDoesNotExist`. */
  queueByArn(arn: string): Queue {
    const queue = this.host.findByArn(arn);
    if (!queue) throw queueDoesNotExist();
    return queue;
  }

  deleteQueue(queue: Queue): void {
    this.byName.delete(queue.name);
    this.deletedAt.set(queue.name, this.options.clock.now());
    queue.close();
  }

  call(action: string, input: { [name: string]: unknown }, signal: AbortSignal): Promise<object> {
    return callAction(this, action, input, signal);
  }

  /** Ends every wait and forgets every message. */
  close(): void {
    this.moveTasks.close();
    for (const queue of this.byName.values()) queue.close();
    this.byName.clear();
  }
}

function checkQueueName(name: string, { FifoQueue }: AttributeMap): void {
  if (FifoQueue?.toLowerCase() === 'true') {
    if (/^[A-Za-z0-9_-]{1,75}\.fifo$/.test(name)) return;
    throw invalidParameter('The name of a FIFO queue can only include alphanumeric characters, hyphens, or underscores, '
      + 'must end with .fifo suffix and be 1 to 80 in length');
  }
  if (/^[A-Za-z0-9_-]{1,80}$/.test(name)) return;
  throw invalidParameter('Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length');
}

function sameQueue(queue: Queue, attributes: AttributeMap): Queue {
  const name = differingAttribute(queue.fifo, queue.attributes, attributes);
  if (name === undefined) return queue;
  throw sqsError('QueueNameExists', `A queue already exists with the same name and a different value for attribute ${name}`);
}

/** A version 4 UUID. */
function uuidFrom(random: () => number): string {
  const part = (): string => Math.floor(random() * 2 ** 32).toString(16).padStart(8, '0');
  const [a, b, c, d] = [part(), part(), part(), part()];
  const variant = (8 + Number.parseInt(c.slice(0, 1), 16) % 4).toString(16);
  return `${a}-${b.slice(0, 4)}-4${b.slice(5)}-${variant}${c.slice(1, 4)}-${c.slice(4)}${d}`;
}
