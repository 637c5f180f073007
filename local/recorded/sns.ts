import { randomUUID } from 'node:crypto';
import { AwsError } from '../aws-service';
import type { FormService } from '../service-endpoint';
import { element } from '../xml';
import { type FormValue, readForm } from './form';
import type { Recorder } from './recorder';

type Form = { readonly [name: string]: FormValue };

const NAMESPACE = 'http://sns.amazonaws.com/doc/2010-03-31/';
const SEQUENCE_LENGTH = 20;

/** Publish and PublishBatch. */
export class Sns implements FormService {
  readonly version = '2010-03-31';
  private published = 0;
  private readonly actions: { readonly [action: string]: (input: Form, topic: string) => string } = {
    Publish: (_input, topic) => this.message(topic),
    PublishBatch: (input, topic) => {
      const entries = entriesOf(input).map((entry) => `<member>${element('Id', String(entry['Id']))}${this.message(topic)}</member>`);
      return `<Successful>${entries.join('')}</Successful><Failed/>`;
    },
  };

  constructor(private readonly topics: ReadonlyMap<string, string>, private readonly record: Recorder) {}

  call(action: string, parameters: { readonly [name: string]: string }, requestId: string): string {
    const run = Object.hasOwn(this.actions, action) ? this.actions[action] : undefined;
    if (!run) throw new AwsError('InvalidAction', `a local run has no action ${JSON.stringify(action)} of SNS, only ${Object.keys(this.actions).join(', ')}`);
    const { Version: _version, ...input } = readForm(parameters);
    const topic = this.topics.get(String(input['TopicArn']));
    if (topic === undefined) throw new AwsError('NotFound', 'Topic does not exist', 404);
    const result = run(input, topic);
    this.record({ service: 'sns', action, resource: topic, input });
    return `<${action}Response xmlns="${NAMESPACE}"><${action}Result>${result}</${action}Result>`
      + `<ResponseMetadata>${element('RequestId', requestId)}</ResponseMetadata></${action}Response>`;
  }

  private message(topic: string): string {
    const sequence = topic.endsWith('.fifo') ? String(++this.published).padStart(SEQUENCE_LENGTH, '1') : undefined;
    return element('MessageId', randomUUID()) + element('SequenceNumber', sequence);
  }
}

function entriesOf({ PublishBatchRequestEntries: entries }: Form): Form[] {
  if (Array.isArray(entries) && entries.length > 0) return entries as Form[];
  throw new AwsError('EmptyBatchRequest', "The batch request doesn't contain any entries.");
}
