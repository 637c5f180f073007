import { GetSecretValueCommand, PutSecretValueCommand, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { WebhookSecret, WebhookSource } from '../../lib';
import { secretsClient } from '../local/services';
import { NotedRun } from './fixtures/noted-run';

const OLD = 'the secret until today';
const NEW = 'the secret from today on';

let run: NotedRun;
let client: SecretsManagerClient;

beforeEach(async () => {
  run = await NotedRun.start({
    github: WebhookSource.github({ secret: WebhookSecret.fromSecretName('webhooks/github') }),
    discord: WebhookSource.discord({ publicKey: '4a3c89d33a280bba5e0c141c5223726795baedfb79f93ce7615c1de4cdc1d386' }),
  }, { 'webhooks/github': { current: OLD } });
  client = secretsClient(run.gateway.ready.awsEndpointUrl);
});
afterEach(async () => {
  client.destroy();
  await run.close();
});

async function statuses(): Promise<{ old: number; new: number }> {
  const [previous, current] = [await run.gateway.send('{}', { secret: OLD }), await run.gateway.send('{}', { secret: NEW })];
  return { old: previous.status, new: current.status };
}

async function put(id: string, value: string): Promise<void> {
  await client.send(new PutSecretValueCommand({ SecretId: id, SecretString: value }));
}

describe('secrets revoke', () => {
  test('ends the previous secret of a source, which was taken beside the new one', async () => {
    expect(await statuses()).toEqual({ old: 200, new: 401 });
    await put('webhooks/github', NEW);
    await run.gateway.advance(301);
    expect(await statuses()).toEqual({ old: 200, new: 200 });

    expect(await run.cli('secrets', 'revoke', 'github', '--json')).toMatchObject({
      exit: 0, stderr: '', lines: [{ event: 'revoked', time: run.time(), name: 'github', secret: 'webhooks/github', revoked: true }],
    });
    await run.gateway.advance(31);
    expect(await statuses()).toEqual({ old: 401, new: 200 });
  });

  test('a function that is running asks before it takes the previous one, every 30 seconds at most', async () => {
    await put('webhooks/github', NEW);
    expect(await statuses()).toEqual({ old: 200, new: 200 });
    expect(await run.cli('secrets', 'revoke', 'github')).toMatchObject({ exit: 0, stdout: expect.stringContaining('after 30 seconds') });
    expect(await statuses()).toEqual({ old: 200, new: 200 });
    await run.gateway.advance(31);
    expect(await statuses()).toEqual({ old: 401, new: 200 });
  });

  test('a function that starts afterwards never takes it', async () => {
    await put('webhooks/github', NEW);
    await run.cli('secrets', 'revoke', 'github');
    expect(await statuses()).toEqual({ old: 401, new: 200 });
  });

  test('ends the key that a target was signed for before', async () => {
    const { name, value } = run.gateway.signingSecret;
    const next = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
    await put(name, next);
    await run.gateway.send('{}', { secret: OLD });
    await run.gateway.advance(0);
    expect(signatures()).toHaveLength(2);

    expect((await run.cli('secrets', 'revoke', 'all')).exit).toBe(0);
    await run.gateway.advance(301);
    run.receiver.reset();
    await run.gateway.send('{}', { secret: OLD });
    await run.gateway.advance(0);
    expect(signatures()).toHaveLength(1);
    await expect(client.send(new GetSecretValueCommand({ SecretId: name, VersionStage: 'AWSPREVIOUS' }))).rejects.toThrow('AWSPREVIOUS');
    expect(value).not.toBe(next);
  });

  test('where there is nothing to end it says so, and does it twice as well as once', async () => {
    expect(await run.cli('secrets', 'revoke', 'github')).toMatchObject({ exit: 0, stdout: 'webhooks/github: there is no previous version\n' });
    await put('webhooks/github', NEW);
    await run.cli('secrets', 'revoke', 'github');
    expect((await run.cli('secrets', 'revoke', 'github', '--json')).lines).toMatchObject([{ revoked: false }]);
  });

  test.each([
    [['revoke', 'gitlab'], 3, 'there is no source or target "gitlab"'],
    [['revoke', 'discord'], 3, '"discord"'],
    [['rotate', 'github'], 2, 'unknown action "rotate"; write revoke'],
    [['revoke'], 2, 'NAME is missing'],
  ])('%j is exit %i', async (args, exit, message) => {
    expect(await run.cli('secrets', ...args)).toMatchObject({ exit, stdout: '', stderr: expect.stringContaining(message) });
  });
});

function signatures(): string[] {
  return String(run.receiver.arrivals[0]?.headers['webhook-signature']).split(' ');
}
