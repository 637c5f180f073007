import { setImmediate } from 'node:timers/promises';
import type { TransformFunction } from '../../../lib/contract/transform';
import { createShape, shapeSeconds } from '../../../lambda/deliver/shape';
import { answers, DAY, deliver, deliverConfig, envelope, HOUR, record } from '../support/deliver';

const transform = { kind: 'module', timeoutSeconds: 5 } as const;
const gateway = 'Stack/Gateway';

/** A delivery function whose target has this transform. */
async function withTransform(run: TransformFunction, format?: 'cloudevents') {
  const config = { ...deliverConfig, transform, ...(format && { format }) };
  return deliver(answers(200), { config, shape: await createShape(config, async () => ({ default: run })) });
}

const sent = ({ deliveries }: ReturnType<typeof deliver>) => (
  deliveries.map(({ id, type, headers, body }) => ({ id, type, headers, body: String(body) })));

test('a target without a transform or a format has no shape', async () => {
  expect(await createShape({ gateway }, async () => { throw new Error('not asked for'); })).toBeUndefined();
});

test('a target sends what its transform made of the event, under the same id', async () => {
  const queue = await withTransform((event) => ({ body: { of: event.id }, type: 'other', headers: { 'x-tenant': 'a' } }));
  expect(await queue.run([record()])).toEqual([]);
  expect(sent(queue)).toEqual([{
    id: envelope.id, type: 'other', headers: { 'content-type': 'application/json', 'x-tenant': 'a' }, body: `{"of":"${envelope.id}"}`,
  }]);
  expect(queue.lines).toMatchObject([{ event: 'attempt', outcome: 'delivered' }, { event: 'delivered', id: envelope.id }]);
});

test('a target with a template sends it filled', async () => {
  const config = { ...deliverConfig, transform: { kind: 'template', template: { id: '$.body.id' } } } as const;
  const queue = deliver(answers(200), { config, shape: await createShape(config, async () => ({})) });
  await queue.run([record()]);
  expect(sent(queue)).toMatchObject([{ body: '{"id":"evt_1"}' }]);
});

test('an event that the transform drops is done with, and said', async () => {
  const queue = await withTransform(() => undefined);
  expect(await queue.run([record()])).toEqual([]);
  expect(queue.deliveries).toEqual([]);
  expect(queue.lines).toEqual([{
    time: '2026-01-02T03:04:05.000Z', event: 'dropped', id: envelope.id, source: 'stripe', type: 'invoice.paid', target: 'billing', reason: 'the transform returned nothing',
  }]);
  expect(await queue.run([record(undefined, { receives: 2 })])).toEqual([]);
  expect(queue.lines).toHaveLength(1);
});

describe('an event whose transform fails', () => {
  const failing = () => withTransform(() => { throw new RangeError('no order'); });

  test('is tried again by the schedule, and not sent', async () => {
    const queue = await failing();
    expect(await queue.run([record(), record(undefined, { sent: HOUR, firstReceived: 100 }, 'm2')])).toEqual(['m1', 'm2']);
    expect(queue.deliveries).toEqual([]);
    expect(queue.visibility).toEqual({ 'handle of m1': 5, 'handle of m2': 120 });
    expect(queue.lines).toMatchObject([
      { event: 'attempt', outcome: 'transform', status: null, retryInSeconds: 5, ms: expect.any(Number), detail: 'the transform failed: RangeError: no order' },
      { event: 'attempt', outcome: 'transform' },
    ]);
    expect(queue.values('Unavailable')).toEqual([]);
  });

  test('is a dead letter with the message when its time is over, as it came', async () => {
    const queue = await failing();
    expect(await queue.run([record(undefined, { sent: 4 * DAY + 1 })])).toEqual([]);
    expect(queue.deadLetters).toEqual([{ body: JSON.stringify(envelope), attributes: expect.objectContaining({
      Reason: 'transform', Detail: 'not delivered within 345600 seconds; at last, the transform failed: RangeError: no order',
    }) }]);
  });

  test('is one when its module could not be loaded', async () => {
    const config = { ...deliverConfig, transform };
    const shape = await createShape(config, () => Promise.reject(new Error('Cannot find package "table"')));
    const queue = deliver(answers(200), { config, shape });
    await queue.run([record(undefined, { sent: 4 * DAY + 1 })]);
    expect(queue.deadLetters).toMatchObject([{ attributes: { Reason: 'transform', Detail: expect.stringContaining('Cannot find package') } }]);
  });

  test('fails alone', async () => {
    const queue = await withTransform((event) => { if (event.id === 'evt_bad') throw new Error('bad'); return {}; });
    expect(await queue.run([record(), record({ ...envelope, id: 'evt_bad' }, {}, 'm2')])).toEqual(['m2']);
    expect(queue.deliveries.map(({ id }) => id)).toEqual([envelope.id]);
  });

  test('shows the keeper nothing of the target', async () => {
    expect(await (await failing()).probe([record()])).toEqual({ batchItemFailures: [{ itemIdentifier: 'm1' }], attempts: [] });
    expect(await (await withTransform(() => null)).probe([record()])).toEqual({ batchItemFailures: [], attempts: [] });
  });
});

test('a transform has its time beside that of the attempt', async () => {
  expect([shapeSeconds({ transform }), shapeSeconds({ transform: { kind: 'template', template: {} } }), shapeSeconds({})]).toEqual([5, 0, 0]);
  const queue = await withTransform(() => ({}));
  expect(await queue.run([record()], () => 22_000)).toEqual(['m1']);
  expect(queue.lines).toMatchObject([{ event: 'warning', code: 'out-of-time' }]);
  expect(await queue.run([record()], () => 22_001)).toEqual([]);
});

test('all events of a batch are transformed at once', async () => {
  let started = 0;
  let release: () => void = () => undefined;
  const gate = new Promise<void>((resolve) => { release = resolve; });
  const queue = await withTransform(async () => { started++; await gate; return {}; });
  const running = queue.run([record(), record(undefined, {}, 'm2')]);
  await setImmediate();
  expect(started).toBe(2);
  release();
  expect(await running).toEqual([]);
});

describe('a target that takes CloudEvents', () => {
  const cloudEvent = { specversion: '1.0', id: envelope.id, source: '/Stack/Gateway/stripe', time: envelope.time, datacontenttype: 'application/json' };

  test('is sent one, with its own content type and without the encoding of what is in it', async () => {
    const config = { ...deliverConfig, format: 'cloudevents' } as const;
    const queue = deliver(answers(200), { config, shape: await createShape(config, async () => ({})) });
    await queue.run([record({ ...envelope, headers: { ...envelope.headers, 'content-encoding': 'identity' } })]);
    const [{ headers, body, ...others }] = sent(queue) as [ReturnType<typeof sent>[number]];
    expect(JSON.parse(body)).toEqual({ ...cloudEvent, type: 'invoice.paid', contentencoding: 'identity', data: { id: 'evt_1' } });
    expect(headers).toEqual({ 'content-type': 'application/cloudevents+json; charset=utf-8' });
    expect(others).toEqual({ id: envelope.id, type: 'invoice.paid' });
  });

  test('is sent one of what its transform made', async () => {
    const queue = await withTransform(() => ({ body: { a: 1 }, type: 'other' }), 'cloudevents');
    await queue.run([record()]);
    expect(sent(queue).map(({ body }) => JSON.parse(body) as object)).toEqual([{ ...cloudEvent, type: 'other', data: { a: 1 } }]);
  });

  test('is sent none of what its transform drops or cannot make', async () => {
    expect(await (await withTransform(() => null, 'cloudevents')).run([record()])).toEqual([]);
    const queue = await withTransform(() => { throw new Error('no'); }, 'cloudevents');
    expect(await queue.run([record()])).toEqual(['m1']);
    expect(queue.deliveries).toEqual([]);
  });
});

test('the order of an event goes with it', async () => {
  const queue = deliver();
  await queue.run([record(undefined, { groupId: 'customer-1' })]);
  expect(queue.deliveries).toMatchObject([{ orderingGroup: 'customer-1', providerId: 'evt_1' }]);
});
