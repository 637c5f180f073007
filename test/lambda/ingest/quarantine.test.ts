import type { SchemaConfig } from '../../../lib/contract/config';
import { AwsCallError } from '../../../lambda/shared/aws-error';
import type { IngestDependencies } from '../../../lambda/ingest/handler';
import { githubPost, ingestConfig } from '../support/ingest';
import { noise, QUEUES, recorded, recordedConfig } from '../support/recorded';

const OBJECTION = 'issue.number is missing';

/** A source with a schema that `opinion` stands for. */
function withSchema(onInvalid: SchemaConfig['onInvalid'], opinion: { objection: string | undefined }, more: Partial<IngestDependencies> = {}) {
  const config = recordedConfig();
  const github = { ...config.sources['github']!, schema: { any: 'order', onInvalid } };
  return recorded({ config: { ...config, sources: { ...config.sources, github } }, compileSchema: () => () => opinion.objection, ...more });
}

describe('row 10: an authentic event that is not what its schema asks for', () => {
  test('is answered 2xx, kept and not delivered', async () => {
    const gateway = withSchema('quarantine', { objection: OBJECTION });
    expect(await gateway.post(githubPost())).toEqual({ statusCode: 200 });
    expect(gateway.taken).toEqual([]);
    expect([...gateway.table.rows.values()]).toEqual([expect.objectContaining({
      sk: 'EVENT', quarantined: OBJECTION, targets: QUEUES, gpk2: expect.stringMatching(/^Q#github#2026-01-02#[0-7]$/), body: Buffer.from(githubPost().body as string),
    })]);
    expect(gateway.lines).toEqual([expect.objectContaining({ event: 'quarantined', reason: OBJECTION, type: 'issues' })]);
    expect(gateway.metrics[0]).toMatchObject({ Accepted: 1, Quarantined: 1 });
  });

  test.each(['get', 'update'])('is answered 503 where the store fails at %s', async (call) => {
    const gateway = withSchema('quarantine', { objection: OBJECTION });
    gateway.table.failing[call] = new AwsCallError('dynamodb', 'timeout', 'ABORT_ERR');
    expect(await gateway.post(githubPost())).toMatchObject({ statusCode: 503 });
    expect(gateway.table.rows.size).toBe(0);
  });

  test('is answered 503 where its body cannot be kept', async () => {
    const gateway = withSchema('quarantine', { objection: OBJECTION }, { putPayload: async () => { throw new Error('broken'); } });
    expect(await gateway.post(githubPost(noise(9_000)))).toMatchObject({ statusCode: 503 });
    expect(gateway.table.rows.size).toBe(0);
  });

  test('comes again after the schema is right: it goes to its targets, and is in quarantine no longer', async () => {
    const opinion = { objection: OBJECTION as string | undefined };
    const gateway = withSchema('quarantine', opinion);
    await gateway.post(githubPost());
    opinion.objection = undefined;
    expect(await gateway.post(githubPost())).toEqual({ statusCode: 200 });
    expect(gateway.taken).toEqual(QUEUES);
    const [row] = [...gateway.table.rows.values()];
    expect(row).toMatchObject({ enqueued: new Set(QUEUES), targets: QUEUES });
    for (const gone of ['quarantined', 'gpk2', 'gsk2']) expect(row).not.toHaveProperty(gone);
  });

  test('comes again then, and the store cannot be asked: it is in quarantine no longer, either', async () => {
    const opinion = { objection: OBJECTION as string | undefined };
    const gateway = withSchema('quarantine', opinion);
    await gateway.post(githubPost());
    opinion.objection = undefined;
    gateway.table.failing['get'] = new AwsCallError('dynamodb', 'timeout', 'ABORT_ERR');
    expect(await gateway.post(githubPost())).toEqual({ statusCode: 200 });
    expect(gateway.taken).toEqual(QUEUES);
    const [row] = [...gateway.table.rows.values()];
    for (const gone of ['quarantined', 'gpk2', 'gsk2']) expect(row).not.toHaveProperty(gone);
  });

  test('was delivered before the schema was there: it stays so', async () => {
    const opinion = { objection: undefined as string | undefined };
    const gateway = withSchema('quarantine', opinion);
    await gateway.post(githubPost());
    opinion.objection = OBJECTION;
    expect(await gateway.post(githubPost())).toEqual({ statusCode: 200 });
    expect([...gateway.table.rows.values()]).toEqual([expect.not.objectContaining({ quarantined: OBJECTION })]);
    expect(gateway.lines.at(-1)).toMatchObject({ event: 'accepted', duplicate: true, targets: [] });
  });

  test('is answered 422 where that is asked for, and leaves no row', async () => {
    const gateway = withSchema('reject', { objection: OBJECTION });
    expect(await gateway.post(githubPost())).toMatchObject({ statusCode: 422 });
    expect(gateway.lines).toEqual([expect.objectContaining({ event: 'rejected', reason: 'schema', detail: OBJECTION })]);
    expect(gateway.table.calls).toEqual([]);
  });

  test('is answered 503 where nothing keeps it', async () => {
    const config = ingestConfig();
    const github = { ...config.sources['github']!, schema: { any: 'order', onInvalid: 'quarantine' as const } };
    const gateway = recorded({ config: { ...config, sources: { github } }, compileSchema: () => () => OBJECTION });
    expect(await gateway.post(githubPost())).toMatchObject({ statusCode: 503 });
  });
});

describe('row 57: a schema that does not work at run time', () => {
  test('throws at an event: the event is kept', async () => {
    const gateway = withSchema('quarantine', { objection: undefined }, { compileSchema: () => () => { throw new RangeError('too deep'); } });
    expect(await gateway.post(githubPost())).toEqual({ statusCode: 200 });
    expect([...gateway.table.rows.values()]).toEqual([expect.objectContaining({ quarantined: expect.stringContaining('too deep') })]);
  });

  test('throws at an event that would be refused: the sender comes again', async () => {
    const gateway = withSchema('reject', { objection: undefined }, { compileSchema: () => () => { throw new RangeError('too deep'); } });
    expect(await gateway.post(githubPost())).toMatchObject({ statusCode: 503 });
  });

  test('is not beside the function: its own source is asked to come again, and the others go on', async () => {
    const gateway = withSchema('quarantine', { objection: undefined }, { compileSchema: () => { throw new Error('schemas.mjs is not there'); } });
    expect(await gateway.post(githubPost())).toMatchObject({ statusCode: 503 });
    expect(gateway.lines).toEqual([expect.objectContaining({ reason: 'internal', detail: 'schemas.mjs is not there' })]);
  });
});
