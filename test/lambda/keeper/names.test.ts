import type { KeeperTargetFile } from '../../../lib/contract/config';
import { createHandler } from '../../../lambda/keeper/handler';
import { namesReader, withNames } from '../../../lambda/keeper/names';
import { awsCalls } from '../../../lambda/keeper/aws-calls';
import { AwsClient } from '../../../lambda/shared/aws';
import type { LogLine } from '../../../lib/contract/log';
import { keeperTarget, NOW } from '../support/keeper';
import { httpServer, type Received } from '../support/server';

const { queueUrl, deadLetterQueueUrl, functionName, ...nameless } = keeperTarget('billing');
const names = { queueUrl, deadLetterQueueUrl, functionName };

const cleanups: (() => void)[] = [];
afterEach(() => { for (const cleanup of cleanups.splice(0)) cleanup(); });

/** What AWS says of one target's parts. */
async function aws(answers: { readonly [action: string]: object | ((input: { [name: string]: string }) => object) }) {
  const asked: string[] = [];
  const { origin, close } = await httpServer(({ url, headers, body }: Received, response) => {
    const action = String(headers['x-amz-target'] ?? url).replace('AmazonSQS.', '');
    asked.push(action);
    const answer = answers[action];
    if (answer === undefined) response.statusCode = 404;
    response.end(JSON.stringify(typeof answer === 'function' ? answer(JSON.parse(body.toString()) as { [name: string]: string }) : answer ?? {}));
  });
  cleanups.push(close);
  const client = new AwsClient({ AWS_ACCESS_KEY_ID: 'AKID', AWS_SECRET_ACCESS_KEY: 'SECRET', AWS_REGION: 'eu-west-1', AWS_ENDPOINT_URL: origin });
  return { asked, client };
}

const mapping = {
  '/2015-03-31/event-source-mappings/mapping-of-billing': {
    State: 'Enabled', EventSourceArn: 'arn:aws:sqs:eu-west-1:1:billing', FunctionArn: 'arn:aws:lambda:eu-west-1:1:function:deliver',
  },
};
const queues = {
  GetQueueUrl: ({ QueueName, QueueOwnerAWSAccountId }: { [name: string]: string }) => ({ QueueUrl: `https://sqs/${QueueOwnerAWSAccountId}/${QueueName}` }),
  GetQueueAttributes: { Attributes: { RedrivePolicy: '{"deadLetterTargetArn":"arn:aws:sqs:eu-west-1:1:billing-dead","maxReceiveCount":1000}' } },
};

test('names in the configuration are not asked for', async () => {
  expect(await withNames(keeperTarget('billing'), {}, () => Promise.reject(new Error('asked')))).toEqual(keeperTarget('billing'));
});

test('names are asked for once in an environment', async () => {
  const readNames = jest.fn().mockResolvedValue(names);
  const memory = {};
  expect(await withNames(nameless, memory, readNames)).toEqual(keeperTarget('billing'));
  expect(await withNames(nameless, memory, readNames)).toEqual(keeperTarget('billing'));
  expect(readNames.mock.calls).toEqual([['mapping-of-billing']]);
});

test('names that could not be had are asked for again', async () => {
  const readNames = jest.fn().mockRejectedValueOnce(new Error('throttled')).mockResolvedValue(names);
  const memory = {};
  await expect(withNames(nameless, memory, readNames)).rejects.toThrow('throttled');
  expect(await withNames(nameless, memory, readNames)).toEqual(keeperTarget('billing'));
});

test('names that nobody has are an error', async () => {
  await expect(withNames(nameless, {}, undefined)).rejects.toThrow('the configuration has no names for mapping mapping-of-billing');
});

test('the mapping tells the queue and the function, and the queue its dead-letter queue', async () => {
  const { client } = await aws({ ...mapping, ...queues });
  expect(await namesReader(client)('mapping-of-billing')).toEqual({
    queueUrl: 'https://sqs/1/billing', deadLetterQueueUrl: 'https://sqs/1/billing-dead', functionName: 'arn:aws:lambda:eu-west-1:1:function:deliver',
  });
});

test('a queue without a dead-letter queue is an error', async () => {
  const { client } = await aws({ ...mapping, ...queues, GetQueueAttributes: {} });
  await expect(namesReader(client)('mapping-of-billing')).rejects.toThrow('the queue arn:aws:sqs:eu-west-1:1:billing has no dead-letter queue: deploy the stack again');
});

test('a target whose mapping is gone is a warning, and no other target\'s trouble', async () => {
  const { client } = await aws({
    ...mapping, ...queues, ListQueueTags: {},
    GetQueueAttributes: { Attributes: { ...queues.GetQueueAttributes.Attributes, ApproximateNumberOfMessages: '0', ApproximateNumberOfMessagesNotVisible: '0', ApproximateNumberOfMessagesDelayed: '0' } },
  });
  const lines: LogLine[] = [];
  const measured: unknown[] = [];
  const targets: { [name: string]: KeeperTargetFile } = { billing: nameless, gone: { ...nameless, mappingId: 'gone' } };
  const handler = createHandler({
    config: { gateway: 'Stack/Gateway', targets }, calls: awsCalls(client), readNames: namesReader(client), now: () => NOW,
    log: (line) => { lines.push(line); }, metrics: ({ Target }) => { measured.push(Target); },
  });
  await handler({}, { getRemainingTimeInMillis: () => 55_000 });
  expect(lines).toMatchObject([{ event: 'warning', code: 'keeper-failed', target: 'gone' }]);
  expect(measured).toEqual(['billing', undefined]);
});
