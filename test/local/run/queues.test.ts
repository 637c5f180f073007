import { createQueues } from '../../../local/run/queues';
import { deploy, recorder, resource } from './deploy';

const SQS = 'AWS::SQS::Queue';

type Made = { name: string; attributes: { [name: string]: string }; tags: { [key: string]: string } };

function create(resources: Parameters<typeof deploy>[0]): { made: Made[]; warned: string[] } {
  const made: Made[] = [];
  const { warn, warned } = recorder();
  createQueues(deploy(resources), { createQueue: (name, attributes, tags) => made.push({ name, attributes, tags }) }, warn);
  return { made, warned };
}

test('a queue has the attributes and the tags of its template, as text', () => {
  const { made } = create({ Q: resource(SQS, {
    QueueName: 'orders', VisibilityTimeout: 180, MessageRetentionPeriod: '1209600', SqsManagedSseEnabled: true, FifoQueue: false,
    RedriveAllowPolicy: { redrivePermission: 'denyAll' }, Tags: [{ Key: 'team', Value: 'hooks' }],
  }) });
  expect(made).toEqual([{ name: 'orders', tags: { team: 'hooks' }, attributes: {
    VisibilityTimeout: '180', MessageRetentionPeriod: '1209600', SqsManagedSseEnabled: 'true', RedriveAllowPolicy: '{"redrivePermission":"denyAll"}',
  } }]);
});

test('a FIFO queue is one, with a name that says so', () => {
  const { made: [queue] } = create({ Q: resource(SQS, { FifoQueue: true, ContentBasedDeduplication: true }) });
  expect(queue).toMatchObject({ name: expect.stringMatching(/\.fifo$/), attributes: { FifoQueue: 'true', ContentBasedDeduplication: 'true' } });
});

test('a dead-letter queue is made before those that use it, whatever their order', () => {
  const redrive = (logicalId: string) => ({ RedrivePolicy: { deadLetterTargetArn: { 'Fn::GetAtt': [logicalId, 'Arn'] }, maxReceiveCount: 3 } });
  const { made, warned } = create({
    A: resource(SQS, { QueueName: 'a', ...redrive('B') }), B: resource(SQS, { QueueName: 'b', ...redrive('C') }), C: resource(SQS, { QueueName: 'c' }),
  });
  expect(made.map(({ name }) => name)).toEqual(['c', 'b', 'a']);
  expect(JSON.parse(made[2]!.attributes.RedrivePolicy!)).toEqual({ deadLetterTargetArn: 'arn:aws:sqs:eu-west-1:000000000000:b', maxReceiveCount: 3 });
  expect(warned).toEqual([]);
});

test('a dead-letter queue outside the assembly is left out, and named', () => {
  const { made, warned } = create({ Q: resource(SQS, { RedrivePolicy: { deadLetterTargetArn: 'arn:aws:sqs:eu-west-1:1:else', maxReceiveCount: 3 } }) });
  expect(made[0]?.attributes).toEqual({});
  expect(warned).toEqual([expect.stringMatching(/^not-made: the queue "Q" of stack "Main" keeps its messages: .*"arn:aws:sqs:eu-west-1:1:else"/)]);
});

test('fails when SQS refuses the queue, and names it', () => {
  const refuse = () => {
    throw new Error('Invalid value for the parameter VisibilityTimeout.');
  };
  expect(() => createQueues(deploy({ Q: resource(SQS, { VisibilityTimeout: -1 }) }), { createQueue: refuse }, recorder().warn)).toThrow(
    expect.objectContaining({ code: 'invalid-resource', message: 'the queue "Q" of stack "Main" cannot be made: Invalid value for the parameter VisibilityTimeout.' }));
});
