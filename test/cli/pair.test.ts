import { GetSecretValueCommand } from '@aws-sdk/client-secrets-manager';
import { createHmac } from 'node:crypto';
import { WebhookSecret, WebhookSource } from '../../lib';
import { post, secretsClient, type Reply } from '../local/services';
import { NotedRun } from './fixtures/noted-run';

// A day of a clock that is moved has 1,440 runs of the keeper.
jest.setTimeout(60_000);

const KEY = 'secret_tMrlL1qK5vuQAh1b6cZGhFChZTSYJlce98V0pYn7yBl';
const OTHER_KEY = 'secret_AnotherOneThatSomebodyElseBringsLater00000000000';
const EVENT = '{"id":"367cba44-b6f3-4c92-81e7-6a2e9659efd4","type":"page.created"}';

let run: NotedRun;

beforeEach(async () => {
  const secret = (name: string): WebhookSecret => WebhookSecret.fromSecretName(`webhooks/${name}`);
  run = await NotedRun.start({
    notion: WebhookSource.notion({ secret: secret('notion') }),
    asana: WebhookSource.asana({ secret: secret('asana') }),
    github: WebhookSource.github({ secret: secret('github') }),
    discord: WebhookSource.discord({ publicKey: '4a3c89d33a280bba5e0c141c5223726795baedfb79f93ce7615c1de4cdc1d386' }),
  });
});
afterEach(() => run.close());

function bring(key: string): Promise<Reply> {
  return post(run.url('notion'), { 'content-type': 'application/json' }, JSON.stringify({ verification_token: key }));
}

function bringToAsana(key: string): Promise<Reply> {
  return post(run.url('asana'), { 'content-type': 'application/json', 'x-hook-secret': key }, '{}');
}

function sendEvent(key: string): Promise<Reply> {
  const signature = `sha256=${createHmac('sha256', key).update(EVENT).digest('hex')}`;
  return post(run.url('notion'), { 'content-type': 'application/json', 'x-notion-signature': signature }, EVENT);
}

async function stored(name: string): Promise<string | undefined> {
  const client = secretsClient(run.gateway.ready.awsEndpointUrl);
  const { SecretString } = await client.send(new GetSecretValueCommand({ SecretId: `webhooks/${name}` }));
  client.destroy();
  return SecretString;
}

describe('pair', () => {
  test('lets Notion in with its key: refused before, stored after, and then its events verify', async () => {
    const before = await stored('notion');
    expect((await bring(KEY)).status).toBe(401);
    expect(await stored('notion')).toBe(before);

    expect(await run.cli('pair', 'notion', '--json')).toMatchObject({
      exit: 0, stderr: '', lines: [{ event: 'pairing', time: run.time(), source: 'notion', until: run.time(3_600) }],
    });
    expect((await bring(KEY)).status).toBe(200);
    expect(await stored('notion')).toBe(KEY);

    expect((await sendEvent(KEY)).status).toBe(200);
    expect((await sendEvent(OTHER_KEY)).status).toBe(401);
    await run.gateway.advance(0);
    expect(run.receiver.arrivals.map(({ body }) => body.toString())).toEqual([EVENT]);
    expect(run.gateway.said('handshake')).toEqual([expect.objectContaining({ source: 'notion', handshake: 'pairing' })]);
    expect(JSON.stringify(run.gateway.lines)).not.toContain(KEY);
  });

  test('takes one key: the next one is refused, until somebody pairs again', async () => {
    await run.cli('pair', 'notion');
    expect((await bring(KEY)).status).toBe(200);
    expect((await bring(OTHER_KEY)).status).toBe(401);
    expect(await stored('notion')).toBe(KEY);

    expect((await run.cli('pair', 'notion')).exit).toBe(0);
    expect((await bring(OTHER_KEY)).status).toBe(200);
    expect((await sendEvent(OTHER_KEY)).status).toBe(200);
    expect((await sendEvent(KEY)).status).toBe(401);
  });

  test('gives Asana back the key that it brings', async () => {
    expect(await bringToAsana(KEY)).toMatchObject({ status: 401, headers: expect.not.objectContaining({ 'x-hook-secret': expect.anything() }) });
    expect(await run.cli('pair', 'asana', '--hours', '0.5')).toMatchObject({ exit: 0, stderr: '', stdout: expect.stringContaining(`until ${run.time(1_800)}`) });
    expect(await bringToAsana(KEY)).toMatchObject({ status: 200, headers: { 'x-hook-secret': KEY } });
    expect(await stored('asana')).toBe(KEY);
  });

  test.each([['1', 3_600], ['24', 86_400]])('--hours %s is over after that time', async (hours, seconds) => {
    await run.cli('pair', 'notion', '--hours', hours);
    const waiting = await stored('notion');
    await run.gateway.advance(seconds + 1);
    expect((await bring(KEY)).status).toBe(401);
    expect(await stored('notion')).toBe(waiting);
  });

  test('is open until its time is over', async () => {
    await run.cli('pair', 'notion', '--hours', '24');
    await run.gateway.advance(86_400 - 60);
    expect((await bring(KEY)).status).toBe(200);
  });

  test('while it waits, an event of the key that the source had is to be sent again, and never lost', async () => {
    await run.cli('pair', 'notion');
    await bring(KEY);
    expect((await sendEvent(KEY)).status).toBe(200);
    await run.cli('pair', 'notion');
    await run.gateway.advance(301);
    expect((await sendEvent(KEY)).status).toBe(503);
    expect((await bring(KEY)).status).toBe(200);
    expect((await sendEvent(KEY)).status).toBe(200);
  });

  test('opens the door of no other source', async () => {
    await run.cli('pair', 'asana');
    expect((await bring(KEY)).status).toBe(401);
  });

  test('answers what it cannot do', async () => {
    const before = await stored('github');
    for (const source of ['github', 'discord']) {
      expect(await run.cli('pair', source)).toMatchObject({ exit: 2, stdout: '', stderr: expect.stringContaining(`"${source}" does not pair: only asana and notion bring their key`) });
    }
    expect(await stored('github')).toBe(before);
    expect(await run.cli('pair', 'gitlab')).toMatchObject({ exit: 3, stderr: expect.stringContaining('there is no source "gitlab"; there are ') });
    expect(await run.cli('pair')).toMatchObject({ exit: 2, stderr: expect.stringContaining('SOURCE is missing') });
    for (const hours of ['0', '24.1', '-1', '1e1', 'x', '']) {
      expect(await run.cli('pair', 'notion', `--hours=${hours}`)).toMatchObject({ exit: 2, stderr: expect.stringContaining('above 0 and up to 24') });
    }
  });
});
