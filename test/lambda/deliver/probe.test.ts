import { answers, DAY, deliver, deliverConfig, HOUR, record, withPayload } from '../support/deliver';

test('a probe is answered with what came of its attempts', async () => {
  const queue = deliver();
  expect(await queue.probe([record()])).toEqual({ batchItemFailures: [], attempts: [{ messageId: 'm1', outcome: 'delivered', status: 200 }] });
});

test('a probe that fails leaves the message as visible as the keeper wants it', async () => {
  const queue = deliver(answers(503));
  expect(await queue.probe([record(undefined, { sent: HOUR })])).toEqual({
    batchItemFailures: [{ itemIdentifier: 'm1' }], attempts: [{ messageId: 'm1', outcome: 'status', status: 503 }],
  });
  expect(queue.visibility).toEqual({});
  expect(queue.lines).toMatchObject([{ event: 'attempt', retryInSeconds: null }]);
});

test.each([
  [410, 0, 'gone', { gone: true }], [503, 4 * DAY + 1, 'expired', {}], [422, HOUR, 'rejected', {}],
])('a probe that ends with %d after %d seconds is a dead letter: %s', async (status, sent, reason, more) => {
  const queue = deliver(answers(status));
  expect(await queue.probe([record(undefined, { sent })]))
    .toEqual({ batchItemFailures: [], attempts: [{ messageId: 'm1', outcome: 'status', status, ...more }] });
  expect(queue.deadLetters).toMatchObject([{ attributes: { Reason: reason } }]);
});

test('a probe whose dead letter cannot be sent keeps the message, and does not hide it', async () => {
  const queue = deliver(answers(410), { sendDeadLetter: () => Promise.reject(new Error('no')) });
  expect((await queue.probe([record()])).batchItemFailures).toEqual([{ itemIdentifier: 'm1' }]);
  expect(queue.visibility).toEqual({});
});

test('a probe without an attempt says so, except where the body could not be read', async () => {
  expect((await deliver().probe([record('garbage')])).attempts).toEqual([]);
  const big = withPayload(Buffer.from('big'));
  expect((await deliver(answers(200), { readPayload: () => Promise.reject(new Error('no')) }).probe([record(big)])).attempts)
    .toEqual([{ messageId: 'm1', outcome: 'aws', status: null }]);
});

test('a probe that has no turn left does not hide the message', async () => {
  const queue = deliver(answers(200), { config: { ...deliverConfig, ratePerSecond: 0.01 } });
  await queue.probe([record()]);
  expect(await queue.probe([record(undefined, {}, 'm2')])).toEqual({ batchItemFailures: [{ itemIdentifier: 'm2' }], attempts: [] });
  expect(queue.visibility).toEqual({});
});

test.each([{}, { probe: false }, { probe: 'true' }])('a batch of the mapping is answered as Lambda asks: %j', async (more) => {
  const queue = deliver(answers(503));
  const answer = await queue.handler({ Records: [record()], ...more } as never, { getRemainingTimeInMillis: () => 30_000 });
  expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: 'm1' }] });
  expect(queue.visibility).toEqual({ 'handle of m1': 5 });
});
