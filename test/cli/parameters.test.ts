import { DeleteParameterCommand, GetParameterHistoryCommand, PutParameterCommand, type PutParameterRequest, type SSMClient } from '@aws-sdk/client-ssm';
import { Duration, Stack } from 'aws-cdk-lib';
import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import { WebhookSecret, WebhookSource } from '../../lib';
import { parametersClient } from '../local/services';
import { NotedRun } from './fixtures/noted-run';

const OLD = 'the secret until today';
const NEW = 'the secret from today on';
const NAME = '/webhooks/github';
const SIGNING = '/webhooks/signing';
const OVERLAP_SECONDS = 600;

const parameter = (parameterName: string): WebhookSecret => WebhookSecret.fromSsmParameter(
  StringParameter.fromSecureStringParameterAttributes(new Stack(), 'Own', { parameterName }));

let run: NotedRun;
let client: SSMClient;

beforeEach(async () => {
  run = await NotedRun.start({
    github: WebhookSource.github({ secret: parameter(NAME), previousSecretOverlap: Duration.seconds(OVERLAP_SECONDS) }),
    forms: WebhookSource.apiKey({ key: parameter('forms-key') }),
  }, { [NAME]: { current: OLD } }, { signingSecret: parameter(SIGNING) });
  client = parametersClient(run.gateway.ready.awsEndpointUrl);
});
afterEach(async () => {
  client.destroy();
  await run.close();
});

async function statuses(): Promise<{ old: number; new: number }> {
  const [previous, current] = [await run.gateway.send('{}', { secret: OLD }), await run.gateway.send('{}', { secret: NEW })];
  return { old: previous.status, new: current.status };
}

async function put(Value: string, more: Partial<PutParameterRequest> = {}): Promise<void> {
  await client.send(new PutParameterCommand({ Name: NAME, Value, Overwrite: true, ...more }));
}

async function versions(): Promise<object[]> {
  const { Parameters = [] } = await client.send(new GetParameterHistoryCommand({ Name: NAME, WithDecryption: true }));
  return Parameters.map(({ Version, Value, KeyId, Description }) => ({ Version, Value, KeyId, Description }));
}

function signatures(): string[] {
  return String(run.receiver.arrivals.at(-1)?.headers['webhook-signature']).split(' ');
}

describe('a source whose secret is a parameter', () => {
  test('verifies with the given value, and others are made up', async () => {
    expect(await statuses()).toEqual({ old: 200, new: 401 });
    expect(run.gateway.ready.generatedSecrets).toEqual({ 'forms-key': expect.stringMatching(/^\w{32}$/), [SIGNING]: expect.stringMatching(/^\w{32}$/) });
    expect(run.gateway.ready.unusedSecrets).toEqual([]);
  });

  test.each(['github', 'forms'])('takes what `send %s` signs', async (source) => {
    expect(await run.cli('send', source, '--json')).toMatchObject({ exit: 0, lines: [{ event: 'sent', source, status: 200 }] });
  });

  test('row 22: takes a new version at once, and the one before until its overlap ends', async () => {
    expect((await run.gateway.send('{}', { secret: OLD })).status).toBe(200);
    await run.gateway.advance(60);
    await put(NEW);
    expect(await statuses()).toEqual({ old: 200, new: 200 });
    await run.gateway.advance(OVERLAP_SECONDS - 1);
    expect(await statuses()).toEqual({ old: 200, new: 200 });
    await run.gateway.advance(1);
    expect(await statuses()).toEqual({ old: 401, new: 200 });
  });

  test('is answered 503 where the parameter is no SecureString, and the log says so without the value', async () => {
    await client.send(new DeleteParameterCommand({ Name: NAME }));
    await put(OLD, { Type: 'String' });
    expect((await run.gateway.send('{}', { secret: OLD })).status).toBe(503);
    expect(JSON.stringify(run.gateway.said('rejected'))).toContain('it is a parameter of the type \\"String\\", not SecureString');
    expect(JSON.stringify(run.gateway.lines)).not.toContain(OLD);
  });
});

describe('secrets revoke', () => {
  test('ends the previous version by putting the current value again, under its own key', async () => {
    await put(NEW, { KeyId: 'alias/mine', Description: 'of GitHub' });
    expect(await statuses()).toEqual({ old: 200, new: 200 });
    expect(await run.cli('secrets', 'revoke', 'github', '--json')).toMatchObject({
      exit: 0, stderr: '', lines: [{ event: 'revoked', time: run.time(), name: 'github', secret: NAME, revoked: true }],
    });
    expect(await versions()).toEqual([
      { Version: 1, Value: OLD, KeyId: 'alias/aws/ssm' },
      { Version: 2, Value: NEW, KeyId: 'alias/mine', Description: 'of GitHub' },
      { Version: 3, Value: NEW, KeyId: 'alias/mine', Description: 'of GitHub' },
    ]);
    await run.gateway.advance(31);
    expect(await statuses()).toEqual({ old: 401, new: 200 });
  });

  test('a function that starts afterwards never takes it', async () => {
    await put(NEW);
    await run.cli('secrets', 'revoke', 'github');
    expect(await statuses()).toEqual({ old: 401, new: 200 });
  });

  test('where there is nothing to end it says so and puts nothing, and does it twice as well as once', async () => {
    expect(await run.cli('secrets', 'revoke', 'github')).toMatchObject({ exit: 0, stdout: `${NAME}: there is no previous version\n` });
    expect(await versions()).toHaveLength(1);
    await put(NEW);
    await run.cli('secrets', 'revoke', 'github');
    expect((await run.cli('secrets', 'revoke', 'github', '--json')).lines).toMatchObject([{ revoked: false }]);
    expect(await versions()).toHaveLength(3);
  });

  test('ends the key that a target was signed for before; until then both sign', async () => {
    await put('whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', { Name: SIGNING });
    await run.gateway.send('{}', { secret: OLD });
    await run.gateway.advance(0);
    expect(signatures()).toHaveLength(2);
    expect((await run.cli('secrets', 'revoke', 'all')).stdout).toMatch(/^\/webhooks\/signing: the previous version is revoked/);
    await run.gateway.advance(301);
    await run.gateway.send('{}', { secret: OLD });
    await run.gateway.advance(0);
    expect(signatures()).toHaveLength(1);
  });
});

describe.each([['send', 'github'], ['secrets', 'revoke', 'github']])('%s', (...command) => {
  test('is exit 3 where the parameter is gone', async () => {
    await client.send(new DeleteParameterCommand({ Name: NAME }));
    expect(await run.cli(...command)).toMatchObject({ exit: 3, stdout: '', stderr: expect.stringContaining(`there is no parameter "${NAME}"`) });
  });

  test('is exit 1 where it is no SecureString', async () => {
    await client.send(new DeleteParameterCommand({ Name: NAME }));
    await put(OLD, { Type: 'String' });
    expect(await run.cli(...command)).toMatchObject({ exit: 1, stdout: '', stderr: expect.stringContaining('has the type "String", and functions use a SecureString only') });
  });
});
