import fc from 'fast-check';
import type { IngestConfig, OrderingKeyConfig } from '../../../lib/contract/config';
import { orderOf } from '../../../lambda/ingest/order';
import { readRequest } from '../../../lambda/ingest/request';
import { apiEvent, githubPost, ingest, ingestConfig } from '../support/ingest';

const ID = 'evt_abcdefghijklmnopqrstuvwxyz';
const HASH = '0123456789abcdef'.repeat(4);
/** With half of the body's hash. */
const DEDUPLICATION_ID = `${ID}#0123456789abcdef0123456789abcdef`;
const BY_CUSTOMER: OrderingKeyConfig = { field: { json: '$.customer' } };

const order = (key: OrderingKeyConfig, body = '{"customer":"a"}', headers = {}, source = 'github') => (
  orderOf(key, { source, id: ID, hash: HASH }, readRequest(apiEvent({ ...githubPost(body), headers })), {}));

describe('the group', () => {
  test('is the same for the same value, whatever else is in the event', () => {
    expect(order(BY_CUSTOMER, '{"customer":"a","n":1}').groupId).toBe(order(BY_CUSTOMER, '{"n":2,"customer":"a"}', {}, 'stripe').groupId);
    expect(order(BY_CUSTOMER, '{"customer":"b"}').groupId).not.toBe(order(BY_CUSTOMER).groupId);
    expect(order(BY_CUSTOMER, '{"customer":7}').groupId).toBe(order(BY_CUSTOMER, '{"customer":"7"}').groupId);
  });

  test('can be of a header', () => {
    const key = { field: { header: 'x-shop' } };
    expect(order(key, '{}', { 'X-Shop': 'a' }).groupId).toBe(order(BY_CUSTOMER).groupId);
  });

  test('can be of the source', () => {
    expect(order({ source: true }, '1').groupId).toBe(order({ source: true }, '2').groupId);
    expect(order({ source: true }, '1', {}, 'stripe').groupId).not.toBe(order({ source: true }, '1').groupId);
  });

  test.each(['{}', '{"customer":""}', '{"customer":null}', '{"customer":{"id":1}}', 'not JSON', ''])('is the event\'s own where %j has no value', (body) => {
    expect(order(BY_CUSTOMER, body)).toEqual({ groupId: ID, deduplicationId: DEDUPLICATION_ID });
  });

  test('is one that SQS takes and that does not show the value, whatever it is', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary', minLength: 1, maxLength: 300 }), (customer) => {
      const { groupId, deduplicationId } = order(BY_CUSTOMER, JSON.stringify({ customer }));
      expect(groupId).toMatch(/^[A-Za-z0-9_]{1,128}$/);
      expect(deduplicationId).toBe(DEDUPLICATION_ID);
      if (customer.length > 8) expect(groupId).not.toContain(customer);
    }), { numRuns: 200 });
  });
});

describe('a target with an ordering key', () => {
  const config: IngestConfig = {
    ...ingestConfig(),
    targets: { ordered: { queueUrl: 'q.fifo', orderingKey: { field: { json: '$.issue.number' } } }, other: { queueUrl: 'q' } },
  };

  test('has its messages sent with their group and the event\'s id, and no other target has', async () => {
    const gateway = ingest({ config });
    await gateway.post(githubPost());
    const [ordered, other] = gateway.sent;
    expect(ordered!.order).toEqual({ groupId: expect.stringMatching(/^[0-9a-f]{64}$/), deduplicationId: expect.stringContaining(`${gateway.envelopes()[0]!.id}#`) });
    expect(other).toEqual({ queueUrl: 'q', message: ordered!.message });
  });

  test('row 19: takes events as they come, whatever order they say that they have', async () => {
    const gateway = ingest({ config });
    const bodies = [3, 1, 2].map((sequence) => JSON.stringify({ sequence, created_at: `2026-01-0${sequence}T00:00:00Z`, issue: { number: 7 } }));
    for (const [index, body] of bodies.entries()) {
      const post = githubPost(body);
      expect((await gateway.post({ ...post, headers: { ...post.headers, 'x-github-delivery': `delivery-${index}` } })).statusCode).toBe(200);
    }
    const ordered = gateway.sent.filter(({ queueUrl }) => queueUrl === 'q.fifo');
    expect(ordered.map(({ message }) => (JSON.parse(message) as { body: string }).body)).toEqual(bodies);
    expect(new Set(ordered.map(({ order: each }) => each?.groupId)).size).toBe(1);
    expect(new Set(ordered.map(({ order: each }) => each?.deduplicationId)).size).toBe(3);
  });

  test('row 42: drops the second message of an event whose sender tries again', async () => {
    const gateway = ingest({ config });
    await gateway.post(githubPost());
    await gateway.post(githubPost());
    const orders = gateway.sent.flatMap(({ order: each }) => each ? [each] : []);
    expect(orders).toHaveLength(2);
    expect(orders[0]).toEqual(orders[1]);
  });
});
