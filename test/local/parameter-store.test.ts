import {
  DeleteParameterCommand, DescribeParametersCommand, GetParameterCommand, GetParameterHistoryCommand, GetParametersCommand, PutParameterCommand,
  type PutParameterRequest, type SSMClient,
} from '@aws-sdk/client-ssm';
import { ManualClock } from '../../local/clock';
import { parameterArn, ParameterStore } from '../../local/parameter-store';
import { ServiceEndpoint } from '../../local/service-endpoint';
import { parametersClient } from './services';

const START = Date.parse('2026-11-20T12:00:00.250Z');
const Name = '/hooks/github';
const where = { region: 'eu-west-1', account: '000000000000' };
const arn = 'arn:aws:ssm:eu-west-1:000000000000:parameter/hooks/github';

let clock: ManualClock;
let parameters: ParameterStore;
let endpoint: ServiceEndpoint;
let client: SSMClient;

beforeEach(async () => {
  clock = new ManualClock(START);
  parameters = new ParameterStore({ clock, ...where });
  parameters.add({ name: Name, current: 'one' });
  endpoint = new ServiceEndpoint();
  endpoint.addJsonService(parameters);
  await endpoint.listen(0);
  client = parametersClient(endpoint.origin);
});

afterEach(async () => {
  client.destroy();
  await endpoint.close();
});

const get = async (name = Name, WithDecryption = true) => (await client.send(new GetParameterCommand({ Name: name, WithDecryption }))).Parameter;
const value = async (name?: string) => (await get(name))?.Value;
const put = (input: Partial<PutParameterRequest>) => client.send(new PutParameterCommand({ Name, Value: 'two', Overwrite: true, ...input }));
const error = (name: string, message: RegExp) => expect.objectContaining({ name, message: expect.stringMatching(message) });

describe('GetParameter', () => {
  test('gives the current value, its version, and when it was put on the clock of the run', async () => {
    await clock.advance(5000);
    expect(await get()).toEqual({ ARN: arn, Name, Type: 'SecureString', DataType: 'text', Value: 'one', Version: 1, LastModifiedDate: new Date(START) });
  });

  test('gives a version by its number, and says which was asked for', async () => {
    await clock.advance(1000);
    await put({ Value: 'two' });
    expect(await get(`${Name}:1`)).toMatchObject({ Name, ARN: arn, Value: 'one', Version: 1, Selector: ':1', LastModifiedDate: new Date(START) });
    expect(await get(`${Name}:2`)).toMatchObject({ Value: 'two', Version: 2, Selector: ':2', LastModifiedDate: new Date(START + 1000) });
  });

  test('finds it by ARN, too, also a version', async () => {
    await put({ Value: 'two' });
    expect([await value(arn), await value(`${arn}:1`)]).toEqual(['two', 'one']);
  });

  test('gives a SecureString encrypted where nobody asks to decrypt it', async () => {
    expect((await get(Name, false))?.Value).toMatch(/^[A-Za-z0-9+/=]{40,}$/);
  });

  test('gives a String as it is', async () => {
    await put({ Name: 'plain', Type: 'String' });
    expect(await get('plain', false)).toMatchObject({ Type: 'String', Value: 'two', ARN: 'arn:aws:ssm:eu-west-1:000000000000:parameter/plain' });
  });

  test('has the previous version of one that was made with it', async () => {
    parameters.add({ name: 'both', current: 'new', previous: 'old' });
    expect([await value('both'), await value('both:1')]).toEqual(['new', 'old']);
  });

  test.each<[string, string, unknown]>([
    ['a parameter that is not there', '/gone', error('ParameterNotFound', /\/gone/)],
    ['half a name', '/hooks', error('ParameterNotFound', /\/hooks/)],
    ['a version of none', '/gone:1', error('ParameterNotFound', /\/gone/)],
    ['a version that is not there', `${Name}:7`, error('ParameterVersionNotFound', /version 7 of \/hooks\/github/)],
    ['a label', `${Name}:live`, error('ParameterVersionNotFound', /version live/)],
    ['no name', '', error('ValidationException', /Name/)],
  ])('fails for %s', async (_name, name, expected) => {
    await expect(get(name)).rejects.toEqual(expected);
  });
});

test('GetParameters gives what is there, and says what is not', async () => {
  await put({ Value: 'two' });
  const { Parameters = [], InvalidParameters } = await client.send(new GetParametersCommand({ Names: [Name, `${Name}:1`, '/gone', `${Name}:9`], WithDecryption: true }));
  expect(Parameters.map(({ Value, Version }) => [Value, Version])).toEqual([['two', 2], ['one', 1]]);
  expect(InvalidParameters).toEqual(['/gone', `${Name}:9`]);
  await expect(client.send(new GetParametersCommand({ Names: Array(11).fill(Name) }))).rejects.toEqual(error('ValidationException', /11/));
});

describe('PutParameter', () => {
  test('makes one', async () => {
    expect(await put({ Name: '/new', Type: 'SecureString', Overwrite: undefined })).toMatchObject({ Version: 1, Tier: 'Standard' });
    expect(await value('/new')).toBe('two');
  });

  test('adds a version to one that is there, and keeps its type where none is given', async () => {
    expect(await put({ Value: 'two' })).toMatchObject({ Version: 2 });
    expect(await get()).toMatchObject({ Value: 'two', Type: 'SecureString', Version: 2 });
  });

  test('keeps the latest hundred versions', async () => {
    for (let version = 2; version <= 102; version++) await put({ Value: `v${version}` });
    expect([await value(), await value(`${Name}:3`)]).toEqual(['v102', 'v3']);
    await expect(get(`${Name}:2`)).rejects.toEqual(error('ParameterVersionNotFound', /2/));
  });

  test.each<[string, Partial<PutParameterRequest>, unknown]>([
    ['one that is there, without Overwrite', { Overwrite: false }, error('ParameterAlreadyExists', /already exists/)],
    ['another type', { Type: 'String' }, error('HierarchyTypeMismatchException', /SecureString/)],
    ['a new one without a type', { Name: '/new' }, error('ValidationException', /type is required/)],
    ['a type that there is not', { Name: '/new', Type: 'Secret' as never }, error('ValidationException', /"Secret"/)],
    ['no value', { Value: '' }, error('ValidationException', /Value/)],
    ['a value above 4 KB', { Value: 'é'.repeat(2_049) }, error('ValidationException', /4098 bytes.*4096/)],
    ['a value above 8 KB in the advanced tier', { Value: 'x'.repeat(8_193), Tier: 'Advanced' }, error('ValidationException', /8193 bytes.*8192/)],
    ['a tier that there is not', { Tier: 'Gold' as never }, error('ValidationException', /"Gold"/)],
    ['a path without a slash at its start', { Name: 'a/b', Type: 'String' }, error('ValidationException', /fully qualified/)],
    ['a name that begins with aws', { Name: '/AWS/b', Type: 'String' }, error('ValidationException', /prefixed/)],
    ['a name with a colon', { Name: '/a:1', Type: 'String' }, error('ValidationException', /symbols/)],
    ['a name of 16 levels', { Name: '/a'.repeat(16), Type: 'String' }, error('HierarchyLevelLimitExceededException', /15/)],
    ['a key for what is not encrypted', { Name: '/new', Type: 'String', KeyId: 'k' }, error('ValidationException', /KeyId/)],
  ])('fails for %s', async (_name, input, expected) => {
    await expect(put(input)).rejects.toEqual(expected);
    expect(await get()).toMatchObject({ Value: 'one', Version: 1 });
  });

  test('takes 8 KB in the advanced tier, which a parameter never leaves', async () => {
    expect(await put({ Value: 'x'.repeat(8_192), Tier: 'Intelligent-Tiering' })).toMatchObject({ Tier: 'Advanced' });
    expect(await put({ Value: 'short' })).toMatchObject({ Tier: 'Advanced' });
    await expect(put({ Value: 'short', Tier: 'Standard' })).rejects.toEqual(error('ValidationException', /can't downgrade/));
  });
});

describe('GetParameterHistory', () => {
  const history = (input: object = {}) => client.send(new GetParameterHistoryCommand({ Name, WithDecryption: true, ...input }));

  test('has every version with the key, the tier and the description it was put with; a put that names no key takes the account\'s own', async () => {
    await put({ Value: 'two', KeyId: 'alias/mine', Description: 'd', Tier: 'Advanced' });
    await clock.advance(1000);
    await put({ Value: 'three' });
    const { Parameters = [] } = await history();
    expect(Parameters).toMatchObject([
      { Name, Type: 'SecureString', Version: 1, Value: 'one', KeyId: 'alias/aws/ssm', Tier: 'Standard', DataType: 'text', LastModifiedDate: new Date(START) },
      { Version: 2, Value: 'two', KeyId: 'alias/mine', Tier: 'Advanced', Description: 'd' },
      { Version: 3, Value: 'three', KeyId: 'alias/aws/ssm', Tier: 'Advanced', Description: 'd', LastModifiedDate: new Date(START + 1000) },
    ]);
  });

  test('comes in pages', async () => {
    for (const Value of ['two', 'three']) await put({ Value });
    const { Parameters: first = [], NextToken } = await history({ MaxResults: 2 });
    const { Parameters: second = [], NextToken: end } = await history({ MaxResults: 2, NextToken });
    expect([first, second].map((page) => page.map(({ Value }) => Value))).toEqual([['one', 'two'], ['three']]);
    expect(end).toBeUndefined();
    await expect(history({ MaxResults: 51 })).rejects.toEqual(error('ValidationException', /51/));
  });

  test('does not decrypt unless it is asked to', async () => {
    expect((await history({ WithDecryption: false })).Parameters?.[0]?.Value).not.toBe('one');
  });
});

test('DeleteParameter takes it away at once, with all versions', async () => {
  await put({ Value: 'two' });
  await client.send(new DeleteParameterCommand({ Name }));
  await expect(get()).rejects.toEqual(error('ParameterNotFound', /github/));
  await expect(client.send(new DeleteParameterCommand({ Name }))).rejects.toEqual(error('ParameterNotFound', /github/));
  expect(await put({ Type: 'String' })).toMatchObject({ Version: 1 });
});

test('an action that a local run does not have says so', async () => {
  await expect(client.send(new DescribeParametersCommand({}))).rejects.toEqual(error('UnknownOperationException', /no DescribeParameters/));
});

test('an ARN has one slash before the name, whether the name begins with one or not', () => {
  expect([parameterArn(where, '/a/b'), parameterArn(where, 'c')]).toEqual(['a/b', 'c'].map((name) => `arn:aws:ssm:eu-west-1:000000000000:parameter/${name}`));
});
