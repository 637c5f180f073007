import { AwsCallError, type AwsFailure } from '../../../../lambda/shared/aws-error';
import type { SecretError } from '../../../../lambda/shared/secret-error';
import { Secrets, SECRET_REFRESH_MS, SECRET_STALE_MS, SECRET_TTL_MS } from '../../../../lambda/shared/secrets';

const DAY_SECONDS = 86_400;
const HOUR_MS = 3_600_000;
const reference = { id: '/webhooks/github', service: 'ssm' } as const;

/** Parameter Store with one parameter, last changed an hour ago, and a clock that is moved. */
function world(values: string[] = ['current']) {
  let now = Date.parse('2026-01-02T03:04:05Z');
  jest.spyOn(Date, 'now').mockImplementation(() => now);
  const versions = values.map((Value, index) => ({ Value, Version: index + 1, Type: 'SecureString', LastModifiedDate: now / 1_000 - 3_600 }));
  const failures: { [name: string]: AwsCallError } = {};
  const calls: object[] = [];
  const stale: SecretError[] = [];
  const call = async (service: string, action: string, input: object): Promise<never> => {
    const { Name } = input as { Name: string };
    calls.push({ service, action, ...input });
    await Promise.resolve();
    if (failures[Name]) throw failures[Name];
    const [, name, selector] = /^([^:]+)(?::(\d+))?$/.exec(Name) as unknown as [string, string, string?];
    if (name !== reference.id || versions.length === 0) throw failed('missing', 'ParameterNotFound');
    const Parameter = selector === undefined ? versions.at(-1) : versions.find(({ Version }) => Version === Number(selector));
    if (!Parameter) throw failed('missing', 'ParameterVersionNotFound');
    return { Parameter } as never;
  };
  return {
    secrets: new Secrets({ call }, (error) => stale.push(error)), versions, failures, calls, stale,
    advance: (ms: number) => { now += ms; },
    put: (Value: string, more: object = {}) => {
      versions.push({ Value, Version: (versions.at(-1)?.Version ?? 0) + 1, Type: 'SecureString', LastModifiedDate: now / 1_000, ...more });
    },
  };
}

const failed = (kind: AwsFailure, code = 'SomeCode') => new AwsCallError('ssm GetParameter', kind, code);
const error = (promise: Promise<unknown>): Promise<SecretError> => promise.then(() => { throw new Error('did not fail'); }, (reason: SecretError) => reason);

afterEach(() => jest.restoreAllMocks());

test('the current version is read by name, decrypted, once in five minutes', async () => {
  const { secrets, calls, advance } = world();
  for (let reads = 0; reads < 3; reads++) expect(await secrets.read(reference, DAY_SECONDS)).toEqual(['current']);
  advance(SECRET_TTL_MS);
  await secrets.read(reference, DAY_SECONDS);
  const call = { service: 'ssm', action: 'GetParameter', Name: '/webhooks/github', WithDecryption: true };
  expect(calls).toEqual([call, call]);
});

test('a parameter and a secret of the same name are kept apart', async () => {
  const { secrets, calls } = world();
  await secrets.read(reference, 0);
  await error(secrets.read({ id: reference.id }, 0));
  expect(calls.map((call) => (call as { service: string }).service)).toEqual(['ssm', 'secretsmanager']);
});

test('a field of a JSON object is read from a parameter, too', async () => {
  const { secrets } = world(['{"key":"one"}', '{"key":"two"}']);
  expect(await secrets.read({ ...reference, field: 'key' }, DAY_SECONDS)).toEqual(['two', 'one']);
});

describe('the previous version', () => {
  test('is the one before, counted from when the current one was put, until its overlap ends', async () => {
    const { secrets, calls, advance } = world(['oldest', 'previous', 'current']);
    expect(await secrets.read(reference, DAY_SECONDS)).toEqual(['current', 'previous']);
    expect(calls).toContainEqual({ service: 'ssm', action: 'GetParameter', Name: '/webhooks/github:2', WithDecryption: true });
    advance(23 * HOUR_MS - 1);
    expect(await secrets.read(reference, DAY_SECONDS)).toEqual(['current', 'previous']);
    advance(1);
    expect(await secrets.read(reference, DAY_SECONDS)).toEqual(['current']);
  });

  test.each([0, 3_600])('is not asked for when its overlap of %d s is over', async (overlap) => {
    const { secrets, calls } = world(['previous', 'current']);
    expect(await secrets.read(reference, overlap)).toEqual(['current']);
    expect(calls).toHaveLength(1);
  });

  test('is none where the parameter was never changed, and none is asked for', async () => {
    const { secrets, calls } = world();
    expect(await secrets.read(reference, DAY_SECONDS)).toEqual(['current']);
    expect(calls).toHaveLength(1);
  });

  test('is none where Parameter Store has it no more', async () => {
    const { secrets, versions } = world(['previous', 'current']);
    versions.shift();
    expect(await secrets.read(reference, DAY_SECONDS)).toEqual(['current']);
  });

  test('is none where the current value was put again, which ends the one before', async () => {
    const { secrets } = world(['revoked', 'current', 'current']);
    expect(await secrets.read(reference, DAY_SECONDS)).toEqual(['current']);
  });

  test.each(['AccessDeniedException', 'InvalidKeyId'])('is none where its key may not be used (%s), and the current one does not suffer', async (code) => {
    const { secrets, failures, stale } = world(['previous', 'current']);
    failures['/webhooks/github:1'] = failed('denied', code);
    expect(await secrets.read(reference, DAY_SECONDS)).toEqual(['current']);
    expect(stale).toEqual([]);
  });

  test.each(['unavailable', 'throttled', 'timeout'] as const)('that cannot be asked for just now (%s) is no reason to go on without it', async (kind) => {
    const { secrets, failures } = world(['previous', 'current']);
    failures['/webhooks/github:1'] = failed(kind);
    expect(await error(secrets.read(reference, DAY_SECONDS))).toMatchObject({ kind: 'unavailable' });
  });

  test('is left out when it cannot have signed anything', async () => {
    expect(await world([' ', 'current']).secrets.read(reference, DAY_SECONDS)).toEqual(['current']);
  });
});

test('row 22: a rotation is seen at a refresh, and the one before still counts', async () => {
  const { secrets, put, advance } = world();
  await secrets.read(reference, DAY_SECONDS);
  put('next');
  expect(await secrets.read(reference, DAY_SECONDS)).toEqual(['current']);
  expect(await secrets.refresh(reference, DAY_SECONDS)).toBe(true);
  expect(await secrets.read(reference, DAY_SECONDS)).toEqual(['next', 'current']);
  put('next');
  advance(SECRET_REFRESH_MS);
  expect(await secrets.refresh(reference, DAY_SECONDS)).toBe(true);
  expect(await secrets.read(reference, DAY_SECONDS)).toEqual(['next']);
});

describe('while Parameter Store cannot be asked', () => {
  test.each([['throttled', 'ThrottlingException'], ['denied', 'AccessDeniedException'], ['invalid', 'ValidationException']] as const)(
    'a first read fails as unavailable, not as unusable: %s', async (kind, code) => {
      const { secrets, failures } = world();
      failures[reference.id] = failed(kind, code);
      const first = await error(secrets.read(reference, 0));
      expect(first).toMatchObject({ kind: 'unavailable', id: reference.id });
      expect(first.message).toBe(`secret "/webhooks/github" is unavailable: ssm GetParameter failed: ${kind} (${code})`);
    });

  test('what is cached is used for 24 hours, also when the parameter was deleted', async () => {
    const { secrets, versions, stale, advance } = world();
    await secrets.read(reference, 0);
    versions.length = 0;
    advance(SECRET_TTL_MS);
    expect(await secrets.read(reference, 0)).toEqual(['current']);
    expect(stale.map(({ message }) => message)).toEqual(['secret "/webhooks/github" is unavailable: there is no secret of this name, or it has no value']);
    advance(SECRET_STALE_MS);
    expect(await error(secrets.read(reference, 0))).toMatchObject({ kind: 'unavailable' });
  });
});

describe('a parameter that is no SecureString', () => {
  test.each(['String', 'StringList'])('is unusable, also while another value is cached: %s', async (Type) => {
    const { secrets, put, versions, advance } = world();
    await secrets.read(reference, 0);
    versions.length = 0;
    put('hunter2', { Type });
    advance(SECRET_TTL_MS);
    const failure = await error(secrets.read(reference, 0));
    expect(failure).toMatchObject({ kind: 'unusable', id: reference.id });
    expect(failure.message).toBe(`secret "/webhooks/github" is unusable: it is a parameter of the type "${Type}", not SecureString; put the right value into it`);
  });
});
