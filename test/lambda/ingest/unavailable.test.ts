import { AwsCallError, type AwsFailure } from '../../../lambda/shared/aws-error';
import { githubPost, ingestConfig } from '../support/ingest';
import { noise, QUEUES, recorded, recordedConfig } from '../support/recorded';

const refusal = (kind: AwsFailure, code = 'Refused') => new AwsCallError('sqs SendMessage', kind, code, 400);

describe('row 40b: a queue that is gone, or refuses for good', () => {
  test.each([
    ['is deleted', 'missing', 'AWS.SimpleQueueService.NonExistentQueue'],
    ['is denied', 'denied', 'AccessDenied'],
    ['has its key disabled', 'denied', 'KmsDisabled'],
    ['finds the message too long', 'invalid', 'InvalidParameterValue'],
  ] as const)('%s: the sender is spared, and that target\'s copy is on record', async (_what, kind, code) => {
    const gateway = recorded({}, { crm: refusal(kind, code) });
    expect(await gateway.post(githubPost())).toEqual({ statusCode: 200 });
    expect(gateway.taken).toEqual(['audit', 'search']);
    const [event, target] = [...gateway.table.rows.values()];
    expect(event).toMatchObject({ targets: QUEUES, enqueued: new Set(['audit', 'search']), unavailable: new Set(['crm']) });
    expect(target).toMatchObject({
      sk: 'T#crm', outcome: 'unavailable', reason: 'target-unavailable', detail: expect.stringContaining(code), gpk2: expect.stringContaining('T#crm#unavailable#'),
    });
    expect(gateway.lines.map((line) => [line.event, 'target' in line && line.target])).toEqual([['accepted', false], ['quarantined', 'crm']]);
    expect(gateway.lines[1]).toMatchObject({ reason: 'target-unavailable' });
    expect(gateway.metrics[0]).toMatchObject({ Accepted: 1, Quarantined: 1 });
  });

  test('and is the only one: the row is the only copy, and has the body', async () => {
    const gateway = recorded({}, Object.fromEntries(QUEUES.map((name) => [name, refusal('missing')])));
    expect(await gateway.post(githubPost())).toEqual({ statusCode: 200 });
    expect(String([...gateway.table.rows.values()][0]!['body'])).toBe(githubPost().body);
    expect(gateway.lines[0]).toMatchObject({ event: 'accepted', targets: [] });
  });

  test.each([1, 2])('and the store fails at write %i: 503', async (failing) => {
    const gateway = recorded({}, { crm: refusal('missing') });
    let writes = 0;
    gateway.table.around = async (call, act) => {
      if (call === 'update' && ++writes === failing) throw new AwsCallError('dynamodb UpdateItem', 'throttled', 'ThrottlingException', 400);
      return act();
    };
    expect(await gateway.post(githubPost())).toMatchObject({ statusCode: 503 });
    expect(gateway.lines.at(-1)).toMatchObject({ event: 'rejected', reason: 'store' });
    expect(await gateway.post(githubPost())).toEqual({ statusCode: 200 });
    expect([...gateway.table.rows.values()].at(-1)).toMatchObject({ sk: 'T#crm', outcome: 'unavailable' });
  });

  test('and the payload bucket fails: there is no copy, and 503', async () => {
    const gateway = recorded({ putPayload: async () => { throw new Error('broken'); } }, Object.fromEntries(QUEUES.map((name) => [name, refusal('missing')])));
    expect(await gateway.post(githubPost(noise(9_000)))).toMatchObject({ statusCode: 503 });
    expect(gateway.table.rows.size).toBe(0);
  });

  test('while another fails for now: 503, and nothing is said of it before the retry', async () => {
    const queues: { [name: string]: Error | undefined } = { crm: refusal('missing'), search: refusal('throttled') };
    const gateway = recorded({}, queues);
    expect(await gateway.post(githubPost())).toMatchObject({ statusCode: 503 });
    expect([...gateway.table.rows.values()]).toEqual([expect.not.objectContaining({ unavailable: expect.anything() })]);
    delete queues['search'];
    expect(await gateway.post(githubPost())).toEqual({ statusCode: 200 });
    expect(gateway.lines.filter(({ event }) => event === 'accepted')).toEqual([expect.objectContaining({ targets: ['search'], duplicate: false })]);
    expect([...gateway.table.rows.values()][0]).toMatchObject({ enqueued: new Set(['audit', 'search']), unavailable: new Set(['crm']) });
  });

  test('and comes back: the sender\'s next copy reaches it', async () => {
    const queues: { [name: string]: Error | undefined } = { crm: refusal('missing') };
    const gateway = recorded({}, queues);
    await gateway.post(githubPost());
    delete queues['crm'];
    await gateway.post(githubPost());
    expect(gateway.taken).toEqual(['audit', 'search', 'crm']);
    const [event, target] = [...gateway.table.rows.values()];
    expect(event).toMatchObject({ enqueued: new Set(QUEUES) });
    expect(event).not.toHaveProperty('unavailable');
    expect(target).toMatchObject({ outcome: 'waiting' });
  });

  test('leaves alone what says that the target has taken the event', async () => {
    const gateway = recorded({}, { crm: refusal('missing') });
    gateway.table.around = async (call, act) => {
      const result = act();
      if (call === 'update') {
        const [{ id }] = [...gateway.table.rows.values()] as [{ id: string }];
        if (!gateway.table.row(id, 'T#crm')) gateway.table.apply({ pk: `E#${id}`, sk: 'T#crm', set: { outcome: 'delivered' } });
      }
      return result;
    };
    expect(await gateway.post(githubPost())).toEqual({ statusCode: 200 });
    expect([...gateway.table.rows.values()].at(-1)).toMatchObject({ outcome: 'delivered' });
  });

  test('without an event store it is as every other failure', async () => {
    const gateway = recorded({ config: { ...ingestConfig(), targets: recordedConfig().targets } }, { crm: refusal('missing') });
    expect(await gateway.post(githubPost())).toMatchObject({ statusCode: 503 });
    expect(gateway.lines.at(-1)).toMatchObject({ reason: 'enqueue' });
  });
});
