import { AwsCallError } from '../../../lambda/shared/aws-error';
import { githubPost, ingest, stripePost } from '../support/ingest';

test('row 15: an event that comes twice at the same moment is taken twice, under one id', async () => {
  const messages: string[] = [];
  let release: () => void = () => undefined;
  const both = new Promise<void>((resolve) => { release = resolve; });
  // Neither is answered before both are at their queue.
  const gateway = ingest({ send: async (_queueUrl, message) => { if (messages.push(message) === 2) release(); await both; } });
  const answers = await Promise.all([gateway.post(githubPost()), gateway.post(githubPost())]);
  expect(answers).toEqual([{ statusCode: 200 }, { statusCode: 200 }]);
  const [first, second] = messages.map((message) => (JSON.parse(message) as { id: string }).id);
  expect([messages.length, second]).toEqual([2, first]);
});

test('row 41: an event that one queue took and another did not is answered 503, and its retry has the same id', async () => {
  const sent: [string, unknown][] = [];
  let broken = true;
  const gateway = ingest({ send: async (url, message) => {
    if (broken && url.endsWith('billing')) throw new AwsCallError('sqs SendMessage', 'throttled', 'ThrottlingException', 400);
    sent.push([url.split('/').pop() as string, (JSON.parse(message) as { id: string }).id]);
  } });
  expect((await gateway.post(stripePost())).statusCode).toBe(503);
  broken = false;
  expect((await gateway.post(stripePost())).statusCode).toBe(200);
  const id = sent[0]?.[1];
  expect(sent).toEqual([['audit', id], ['audit', id], ['billing', id]]);
});
