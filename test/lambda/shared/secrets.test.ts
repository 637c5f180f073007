import { AwsCallError } from '../../../lambda/shared/aws-error';
import { SecretError } from '../../../lambda/shared/secret-error';
import { Secrets, SECRET_REFRESH_MS, SECRET_STALE_MS, SECRET_TTL_MS } from '../../../lambda/shared/secrets';

const DAY_SECONDS = 86_400;
const reference = { id: 'webhooks/github' };

/** Secrets Manager with one secret, and a clock that is moved. */
function world({ current = 'current', previous }: { current?: string; previous?: string } = {}) {
  let now = Date.parse('2026-01-02T03:04:05Z');
  jest.spyOn(Date, 'now').mockImplementation(() => now);
  const state = {
    AWSCURRENT: current as string | undefined,
    AWSPREVIOUS: previous,
    /** An hour ago. */
    createdAt: now / 1_000 - 3_600,
    failure: undefined as AwsCallError | undefined,
  };
  const calls: string[] = [];
  const stale: SecretError[] = [];
  const call = async (_service: string, _action: string, input: object): Promise<never> => {
    const { VersionStage: stage } = input as { VersionStage: 'AWSCURRENT' | 'AWSPREVIOUS' };
    calls.push(stage);
    await Promise.resolve();
    if (state.failure) throw state.failure;
    if (state[stage] === undefined) throw new AwsCallError('secretsmanager GetSecretValue', 'missing', 'ResourceNotFoundException', 400);
    return { SecretString: state[stage], CreatedDate: state.createdAt } as never;
  };
  const secrets = new Secrets({ call }, (error) => stale.push(error));
  return { secrets, state, calls, stale, advance: (ms: number) => { now += ms; }, rotate: (text: string) => {
    Object.assign(state, { AWSPREVIOUS: state.AWSCURRENT, AWSCURRENT: text, createdAt: now / 1_000 });
  } };
}

const failure = (kind: 'unavailable' | 'denied' | 'timeout' | 'invalid') => new AwsCallError('secretsmanager GetSecretValue', kind, 'SomeCode');
const error = (promise: Promise<unknown>): Promise<SecretError> => promise.then(() => { throw new Error('did not fail'); }, (reason: SecretError) => reason);

afterEach(() => jest.restoreAllMocks());

describe('the cache', () => {
  test('asks once in five minutes', async () => {
    const { secrets, calls, advance } = world();
    for (let reads = 0; reads < 3; reads++) expect(await secrets.read(reference, 0)).toEqual(['current']);
    advance(SECRET_TTL_MS - 1);
    await secrets.read(reference, 0);
    expect(calls).toEqual(['AWSCURRENT']);
    advance(1);
    await secrets.read(reference, 0);
    expect(calls).toHaveLength(2);
  });

  test('lets all who ask at once wait for one answer', async () => {
    const { secrets, calls } = world();
    const reads = await Promise.all([secrets.read(reference, 0), secrets.read(reference, 0), secrets.refresh(reference, 0)]);
    expect(reads).toEqual([['current'], ['current'], true]);
    expect(calls).toHaveLength(1);
  });

  test('keeps secrets and fields apart', async () => {
    const { secrets, calls } = world({ current: '{"a":"1","b":"2"}' });
    expect(await secrets.read({ id: 'x', field: 'a' }, 0)).toEqual(['1']);
    expect(await secrets.read({ id: 'x', field: 'b' }, 0)).toEqual(['2']);
    expect(await secrets.read({ id: 'y', field: 'a' }, 0)).toEqual(['1']);
    expect(calls).toHaveLength(3);
  });
});

describe('the previous version', () => {
  test('counts until its overlap ends, also while it is cached', async () => {
    const { secrets, advance } = world({ previous: 'previous' });
    expect(await secrets.read(reference, DAY_SECONDS)).toEqual(['current', 'previous']);
    advance(23 * 3_600_000 - 1);
    expect(await secrets.read(reference, DAY_SECONDS)).toEqual(['current', 'previous']);
    advance(1);
    expect(await secrets.read(reference, DAY_SECONDS)).toEqual(['current']);
  });

  test('is not asked for when its overlap is over', async () => {
    const { secrets, calls } = world({ previous: 'previous' });
    expect(await secrets.read(reference, 3_600)).toEqual(['current']);
    expect(await secrets.read(reference, 0)).toEqual(['current']);
    expect(calls).toEqual(['AWSCURRENT', 'AWSCURRENT']);
  });

  test('need not be there', async () => {
    expect(await world().secrets.read(reference, DAY_SECONDS)).toEqual(['current']);
  });

  test.each(['', ' ', 'x\n'])('is left out when it is %j, which cannot have signed anything', async (previous) => {
    expect(await world({ previous }).secrets.read(reference, DAY_SECONDS)).toEqual(['current']);
  });
});

describe('row 22: a rotation', () => {
  test('is seen at a refresh, and the one before still counts', async () => {
    const { secrets, rotate } = world();
    await secrets.read(reference, DAY_SECONDS);
    rotate('next');
    expect(await secrets.read(reference, DAY_SECONDS)).toEqual(['current']);
    expect(await secrets.refresh(reference, DAY_SECONDS)).toBe(true);
    expect(await secrets.read(reference, DAY_SECONDS)).toEqual(['next', 'current']);
  });

  test('row 67: is looked for once in 30 seconds', async () => {
    const { secrets, calls, advance, rotate } = world();
    await secrets.read(reference, 0);
    expect(await secrets.refresh(reference, 0)).toBe(false);
    rotate('next');
    advance(SECRET_REFRESH_MS - 1);
    for (let forgeries = 0; forgeries < 100; forgeries++) expect(await secrets.refresh(reference, 0)).toBe(false);
    expect(calls).toHaveLength(2);
    advance(1);
    expect(await secrets.refresh(reference, 0)).toBe(true);
    expect(calls).toHaveLength(3);
  });
});

describe('row 43: while Secrets Manager cannot be asked', () => {
  test.each(['unavailable', 'denied', 'timeout', 'invalid'] as const)('a first read fails as unavailable, not as unusable: %s', async (kind) => {
    const { secrets, state, calls } = world();
    state.failure = failure(kind);
    const first = await error(secrets.read(reference, 0));
    expect(first).toBeInstanceOf(SecretError);
    expect(first).toMatchObject({ kind: 'unavailable', id: 'webhooks/github' });
    expect(first.message).toBe(`secret "webhooks/github" is unavailable: secretsmanager GetSecretValue failed: ${kind} (SomeCode)`);
    state.failure = undefined;
    expect(await secrets.read(reference, 0)).toEqual(['current']);
    expect(calls).toHaveLength(2);
  });

  test('row 55: what is cached is used for 24 hours, and asked for again every 30 seconds', async () => {
    const { secrets, state, calls, stale, advance } = world();
    await secrets.read(reference, 0);
    state.AWSCURRENT = undefined;
    advance(SECRET_TTL_MS);
    expect(await secrets.read(reference, 0)).toEqual(['current']);
    expect(await secrets.read(reference, 0)).toEqual(['current']);
    expect(calls).toHaveLength(2);
    expect(stale.map(({ kind }) => kind)).toEqual(['unavailable']);
    advance(SECRET_REFRESH_MS);
    expect(await secrets.read(reference, 0)).toEqual(['current']);
    expect(calls).toHaveLength(3);
    advance(SECRET_STALE_MS - SECRET_TTL_MS - SECRET_REFRESH_MS - 1);
    expect(await secrets.read(reference, 0)).toEqual(['current']);
    advance(1);
    expect(await error(secrets.read(reference, 0))).toMatchObject({ kind: 'unavailable' });
  });

  test('a refresh says that it does not know, until it does', async () => {
    const { secrets, state, calls, advance } = world();
    await secrets.read(reference, 0);
    state.failure = failure('timeout');
    expect(await error(secrets.refresh(reference, 0))).toMatchObject({ kind: 'unavailable' });
    expect(await error(secrets.refresh(reference, 0))).toMatchObject({ kind: 'unavailable' });
    expect(calls).toHaveLength(2);
    expect(await secrets.read(reference, 0)).toEqual(['current']);
    state.failure = undefined;
    advance(SECRET_REFRESH_MS);
    expect(await secrets.refresh(reference, 0)).toBe(false);
  });

  test('the previous version missing for that reason is no reason to go on without it', async () => {
    const { secrets, state } = world({ previous: 'previous' });
    Object.defineProperty(state, 'AWSPREVIOUS', { get: () => { throw failure('unavailable'); } });
    expect(await error(secrets.read(reference, DAY_SECONDS))).toMatchObject({ kind: 'unavailable' });
  });
});

describe('row 53: a secret that cannot be right', () => {
  test.each([
    ['', undefined, 'it is empty'],
    [' \n', undefined, 'it is empty'],
    ['hunter2\n', undefined, 'it begins or ends with white space'],
    [' hunter2', undefined, 'it begins or ends with white space'],
    ['hunter2', 'key', 'it is not JSON, so it has no field "key"'],
    ['{"other":"hunter2"}', 'key', 'its field "key" is missing or not a string'],
    ['{"key":5}', 'key', 'its field "key" is missing or not a string'],
    ['"hunter2"', 'key', 'its field "key" is missing or not a string'],
    ['null', 'key', 'its field "key" is missing or not a string'],
    ['{"key":""}', 'key', 'it is empty'],
    ['{"key":"hunter2\\n"}', 'key', 'it begins or ends with white space'],
    ['{}', 'constructor', 'its field "constructor" is missing or not a string'],
  ])('%j with field %j', async (current, field, explanation) => {
    const { secrets, state } = world({ current });
    const failed = await error(secrets.read({ id: 'arn:x', ...(field ? { field } : {}) }, 0));
    expect(failed).toMatchObject({ kind: 'unusable', id: 'arn:x' });
    expect(failed.message).toContain(`secret "arn:x" is unusable: ${explanation}`);
    expect(failed.message).not.toContain('hunter2');
    state.AWSCURRENT = field ? JSON.stringify({ [field]: 'good' }) : 'good';
    expect(await secrets.read({ id: 'arn:x', ...(field ? { field } : {}) }, 0)).toEqual(['good']);
  });

  test('is unusable at once, not used as it was before', async () => {
    const { secrets, state, advance } = world();
    await secrets.read(reference, 0);
    state.AWSCURRENT = '';
    advance(SECRET_TTL_MS);
    expect(await error(secrets.read(reference, 0))).toMatchObject({ kind: 'unusable' });
  });

  test('may be binary', async () => {
    const secrets = new Secrets({ call: async () => ({ SecretBinary: 'AAAA', CreatedDate: 1 }) as never });
    expect(await error(secrets.read(reference, 0))).toMatchObject({ kind: 'unusable', message: expect.stringContaining('it is binary') });
  });
});
