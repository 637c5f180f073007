import {
  CreateSecretCommand, DeleteSecretCommand, DescribeSecretCommand, GetSecretValueCommand, ListSecretVersionIdsCommand, PutSecretValueCommand,
  RestoreSecretCommand, type SecretsManagerClient, TagResourceCommand, UpdateSecretVersionStageCommand,
} from '@aws-sdk/client-secrets-manager';
import { ManualClock } from '../../local/clock';
import { secretArn, SecretsManager } from '../../local/secrets-manager';
import { ServiceEndpoint } from '../../local/service-endpoint';
import { secretsClient } from './services';

const START = Date.parse('2026-11-20T12:00:00.250Z');
const DAY = 86_400_000;
const SecretId = 'hooks/github';
const where = { region: 'eu-west-1', account: '000000000000' };

let clock: ManualClock;
let secrets: SecretsManager;
let endpoint: ServiceEndpoint;
let client: SecretsManagerClient;

beforeEach(async () => {
  clock = new ManualClock(START);
  secrets = new SecretsManager({ clock, ...where });
  secrets.add({ name: SecretId, current: 'one' });
  endpoint = new ServiceEndpoint();
  endpoint.addJsonService(secrets);
  await endpoint.listen(0);
  client = secretsClient(endpoint.origin);
});

afterEach(async () => {
  client.destroy();
  await endpoint.close();
});

const read = (input: object) => client.send(new GetSecretValueCommand({ SecretId, ...input }));
const value = async (VersionStage?: string, id = SecretId) => (await read({ SecretId: id, VersionStage })).SecretString;
const stages = async () => Object.values((await client.send(new DescribeSecretCommand({ SecretId }))).VersionIdsToStages ?? {}).flat().sort();
const error = (name: string, message: RegExp) => expect.objectContaining({ name, message: expect.stringMatching(message) });
const notThere = error('ResourceNotFoundException', /^Secrets Manager can't find the specified secret\.$/);

describe('GetSecretValue', () => {
  test('gives the current value, and when it was made on the clock of the run', async () => {
    await clock.advance(5000);
    expect(await client.send(new GetSecretValueCommand({ SecretId }))).toMatchObject({
      ARN: secretArn(where, SecretId), Name: SecretId, SecretString: 'one', VersionStages: ['AWSCURRENT'], CreatedDate: new Date(START),
    });
  });

  test.each([
    ['name', SecretId],
    ['ARN', secretArn(where, SecretId)],
    ['ARN without its last six letters', 'arn:aws:secretsmanager:eu-west-1:000000000000:secret:hooks/github'],
  ])('finds it by %s', async (_name, id) => {
    expect(await value(undefined, id)).toBe('one');
  });

  test('finds one that was made with an ARN of its own', async () => {
    const arn = 'arn:aws:secretsmanager:us-east-1:111122223333:secret:prod/stripe-AbCdEf';
    secrets.add({ name: 'prod/stripe', arn, current: 'two', previous: 'zero' });
    expect(await value(undefined, arn)).toBe('two');
    expect(await value('AWSPREVIOUS', 'prod/stripe')).toBe('zero');
  });

  test('finds a version by its id', async () => {
    const { VersionId } = await client.send(new PutSecretValueCommand({ SecretId, SecretString: 'two', VersionStages: ['AWSPENDING'] }));
    expect(await client.send(new GetSecretValueCommand({ SecretId, VersionId }))).toMatchObject({ SecretString: 'two', VersionStages: ['AWSPENDING'] });
    await expect(client.send(new GetSecretValueCommand({ SecretId, VersionId, VersionStage: 'AWSCURRENT' })))
      .rejects.toEqual(error('InvalidRequestException', /not associated/));
  });

  test('gives binary values back as they came', async () => {
    await client.send(new PutSecretValueCommand({ SecretId, SecretBinary: Buffer.from([0, 255, 1]) }));
    const { SecretBinary, SecretString } = await client.send(new GetSecretValueCommand({ SecretId }));
    expect([Buffer.from(SecretBinary ?? []), SecretString]).toEqual([Buffer.from([0, 255, 1]), undefined]);
  });

  test.each<[string, object, unknown]>([
    ['a secret that is not there', { SecretId: 'gone' }, notThere],
    ['half a name', { SecretId: 'hooks' }, notThere],
    ['a label that no version has', { SecretId, VersionStage: 'AWSPREVIOUS' }, error('ResourceNotFoundException', /staging label: AWSPREVIOUS$/)],
    ['an id that no version has', { SecretId, VersionId: 'x'.repeat(32) }, error('ResourceNotFoundException', /VersionId: x{32}$/)],
    ['no SecretId', { SecretId: '' }, error('InvalidParameterException', /SecretId/)],
  ])('fails for %s', async (_name, input, expected) => {
    await expect(client.send(new GetSecretValueCommand(input as { SecretId: string }))).rejects.toEqual(expected);
  });
});

describe('PutSecretValue', () => {
  test('moves AWSCURRENT to the new version and AWSPREVIOUS to the one it left', async () => {
    await clock.advance(DAY);
    await client.send(new PutSecretValueCommand({ SecretId, SecretString: 'two' }));
    expect([await value(), await value('AWSPREVIOUS')]).toEqual(['two', 'one']);
    expect((await client.send(new GetSecretValueCommand({ SecretId }))).CreatedDate).toEqual(new Date(START + DAY));
    await client.send(new PutSecretValueCommand({ SecretId, SecretString: 'three' }));
    expect([await value(), await value('AWSPREVIOUS')]).toEqual(['three', 'two']);
    expect(await stages()).toEqual(['AWSCURRENT', 'AWSPREVIOUS']);
  });

  test('leaves AWSCURRENT where it is when other labels are given', async () => {
    await client.send(new PutSecretValueCommand({ SecretId, SecretString: 'two', VersionStages: ['AWSPENDING'] }));
    expect([await value(), await value('AWSPENDING')]).toEqual(['one', 'two']);
    expect(await stages()).toEqual(['AWSCURRENT', 'AWSPENDING']);
  });

  test('does nothing the second time with the same token and value', async () => {
    const input = { SecretId, SecretString: 'two', ClientRequestToken: 'a'.repeat(32) };
    await client.send(new PutSecretValueCommand(input));
    expect(await client.send(new PutSecretValueCommand(input))).toMatchObject({ VersionId: input.ClientRequestToken });
    expect(await value('AWSPREVIOUS')).toBe('one');
    await expect(client.send(new PutSecretValueCommand({ ...input, SecretString: 'three' }))).rejects.toEqual(error('ResourceExistsException', /ClientRequestToken/));
  });

  test.each<[string, object, unknown]>([
    ['a secret that is not there', { SecretId: 'gone', SecretString: 'x' }, notThere],
    ['no value', { SecretId }, error('InvalidRequestException', /SecretString or SecretBinary/)],
    ['two values', { SecretId, SecretString: 'x', SecretBinary: Buffer.from('x') }, error('InvalidParameterException', /both/)],
    ['a value that is too long', { SecretId, SecretString: 'é'.repeat(32_769) }, error('InvalidParameterException', /65538 bytes.*65536/)],
    ['a short token', { SecretId, SecretString: 'x', ClientRequestToken: 'x' }, error('InvalidParameterException', /32-64/)],
  ])('fails for %s', async (_name, input, expected) => {
    await expect(client.send(new PutSecretValueCommand(input as { SecretId: string }))).rejects.toEqual(expected);
    expect(await value()).toBe('one');
  });
});

describe('UpdateSecretVersionStage', () => {
  const ids = async () => {
    const { VersionIdsToStages = {} } = await client.send(new DescribeSecretCommand({ SecretId }));
    const holder = (stage: string) => Object.entries(VersionIdsToStages).find(([, labels]) => labels.includes(stage))?.[0] as string;
    return { current: holder('AWSCURRENT'), previous: holder('AWSPREVIOUS') };
  };
  const update = (VersionStage: string, MoveToVersionId?: string, RemoveFromVersionId?: string) => client.send(
    new UpdateSecretVersionStageCommand({ SecretId, VersionStage, MoveToVersionId, RemoveFromVersionId }));

  beforeEach(async () => {
    await client.send(new PutSecretValueCommand({ SecretId, SecretString: 'two' }));
  });

  test('goes back to the previous version', async () => {
    const { current, previous } = await ids();
    await update('AWSCURRENT', previous, current);
    expect([await value(), await value('AWSPREVIOUS')]).toEqual(['one', 'two']);
  });

  test('takes a label off, which ends an overlap', async () => {
    const { previous } = await ids();
    await update('AWSPREVIOUS', undefined, previous);
    await expect(value('AWSPREVIOUS')).rejects.toEqual(error('ResourceNotFoundException', /AWSPREVIOUS/));
    expect(await value()).toBe('two');
  });

  test('fails where AWS would not know what is meant', async () => {
    const { current, previous } = await ids();
    await expect(update('AWSCURRENT', previous)).rejects.toEqual(error('InvalidParameterException', /RemoveFromVersionId can't be empty/));
    await expect(update('AWSCURRENT', undefined, current)).rejects.toEqual(error('InvalidParameterException', /can't be completely removed/));
    await expect(update('AWSPREVIOUS', undefined, current)).rejects.toEqual(error('InvalidParameterException', /not attached/));
    await expect(update('AWSCURRENT', 'x'.repeat(32), current)).rejects.toEqual(error('ResourceNotFoundException', /VersionId/));
    expect(await ids()).toEqual({ current, previous });
  });
});

describe('CreateSecret', () => {
  test('makes a secret with a value, or without one', async () => {
    const made = await client.send(new CreateSecretCommand({ Name: 'new', SecretString: 'x', Description: 'd' }));
    expect(made).toMatchObject({ Name: 'new', ARN: expect.stringMatching(/^arn:aws:secretsmanager:eu-west-1:000000000000:secret:new-[A-Za-z0-9]{6}$/) });
    expect(await value(undefined, 'new')).toBe('x');
    expect(await client.send(new DescribeSecretCommand({ SecretId: 'new' }))).toMatchObject({ Description: 'd', CreatedDate: new Date(START) });
    await client.send(new CreateSecretCommand({ Name: 'empty' }));
    await expect(value(undefined, 'empty')).rejects.toEqual(error('ResourceNotFoundException', /AWSCURRENT/));
  });

  test('makes the first version current, whatever its labels', async () => {
    await client.send(new CreateSecretCommand({ Name: 'empty' }));
    await client.send(new PutSecretValueCommand({ SecretId: 'empty', SecretString: 'x', VersionStages: ['MINE'] }));
    expect([await value(undefined, 'empty'), await value('MINE', 'empty')]).toEqual(['x', 'x']);
  });

  test('fails for a name that is taken or cannot be one', async () => {
    await expect(client.send(new CreateSecretCommand({ Name: SecretId }))).rejects.toEqual(error('ResourceExistsException', /already exists/));
    await expect(client.send(new CreateSecretCommand({ Name: 'a b' }))).rejects.toEqual(error('InvalidParameterException', /Invalid name/));
  });
});

test('ListSecretVersionIds leaves out versions without a label unless they are asked for', async () => {
  for (const SecretString of ['two', 'three']) await client.send(new PutSecretValueCommand({ SecretId, SecretString }));
  const list = async (IncludeDeprecated?: boolean) => {
    const { Versions = [] } = await client.send(new ListSecretVersionIdsCommand({ SecretId, IncludeDeprecated }));
    return Versions;
  };
  expect((await list()).flatMap(({ VersionStages }) => VersionStages)).toEqual(['AWSPREVIOUS', 'AWSCURRENT']);
  expect(await list(true)).toHaveLength(3);
});

describe('DeleteSecret', () => {
  const marked = error('InvalidRequestException', /marked for deletion/);

  test('keeps the secret for its recovery window, unreadable, and then it is gone', async () => {
    const { DeletionDate } = await client.send(new DeleteSecretCommand({ SecretId, RecoveryWindowInDays: 7 }));
    expect(DeletionDate).toEqual(new Date(START + 7 * DAY));
    await expect(value()).rejects.toEqual(marked);
    await expect(client.send(new PutSecretValueCommand({ SecretId, SecretString: 'x' }))).rejects.toEqual(marked);
    await expect(client.send(new CreateSecretCommand({ Name: SecretId }))).rejects.toEqual(error('InvalidRequestException', /scheduled for deletion/));
    expect((await client.send(new DescribeSecretCommand({ SecretId }))).DeletedDate).toEqual(DeletionDate);
    await clock.advance(7 * DAY - 1);
    await expect(value()).rejects.toEqual(marked);
    await clock.advance(1);
    await expect(value()).rejects.toEqual(notThere);
  });

  test('takes 30 days where none are named, and RestoreSecret undoes it', async () => {
    expect((await client.send(new DeleteSecretCommand({ SecretId }))).DeletionDate).toEqual(new Date(START + 30 * DAY));
    await client.send(new RestoreSecretCommand({ SecretId }));
    await clock.advance(31 * DAY);
    expect(await value()).toBe('one');
  });

  test('is at once when forced', async () => {
    await client.send(new DeleteSecretCommand({ SecretId, ForceDeleteWithoutRecovery: true }));
    await expect(value()).rejects.toEqual(notThere);
    await expect(client.send(new RestoreSecretCommand({ SecretId }))).rejects.toEqual(notThere);
  });

  test.each([6, 31])('fails for a window of %d days', async (RecoveryWindowInDays) => {
    await expect(client.send(new DeleteSecretCommand({ SecretId, RecoveryWindowInDays }))).rejects.toEqual(error('InvalidParameterException', /between 7 and 30/));
  });

  test('fails when it is forced and given a window', async () => {
    const input = { SecretId, RecoveryWindowInDays: 7, ForceDeleteWithoutRecovery: true };
    await expect(client.send(new DeleteSecretCommand(input))).rejects.toEqual(error('InvalidParameterException', /in conjunction/));
  });
});

test('an action that a local run does not have says so', async () => {
  await expect(client.send(new TagResourceCommand({ SecretId, Tags: [] }))).rejects.toEqual(error('UnknownOperationException', /no TagResource/));
});

test('the last letters of an ARN are the same on every run and differ between names', () => {
  expect(secretArn(where, 'a')).toBe(secretArn(where, 'a'));
  expect(secretArn(where, 'a').slice(-6)).not.toBe(secretArn(where, 'b').slice(-6));
});
