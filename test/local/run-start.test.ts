import { GetSecretValueCommand } from '@aws-sdk/client-secrets-manager';
import { createServer } from 'node:net';
import { GatewayRun, synthesise } from './gateway-run';
import { Receiver } from './receiver';
import { post, secretsClient } from './services';

let receiver: Receiver;
let assembly: string;
let run: GatewayRun;

beforeAll(async () => {
  receiver = new Receiver();
  assembly = synthesise(await receiver.listen());
});

afterAll(() => receiver.close());

describe('the start of a run', () => {
  test('sends a target elsewhere without touching the assembly', async () => {
    const other = new Receiver();
    const url = await other.listen();
    run = await GatewayRun.start(assembly, { targets: { billing: `${url}?token=hidden` } });
    expect(run.ready.targets.billing?.url).toBe(url);
    await run.send('{}');
    await run.advance(0);
    await run.close();
    await other.close();
    expect(other.arrivals).toHaveLength(1);
    expect(run.said('delivered')).toHaveLength(1);
  });

  test('gives each gateway an origin of its own, and names that two share the name of their stack', async () => {
    const folder = synthesise('http://127.0.0.1:9/hooks', ['One', 'Two']);
    run = await GatewayRun.start(folder);
    const { sources, targets, apiUrl } = run.ready;
    expect(Object.keys(sources)).toEqual(['One/github', 'One/stripe', 'Two/github', 'Two/stripe']);
    expect(Object.keys(targets)).toEqual(['One/billing', 'Two/billing']);
    expect(sources['One/github']).toBe(`${apiUrl}/github`);
    expect(new URL(sources['Two/github'] as string).origin).not.toBe(apiUrl);
    for (const name of ['One/github', 'Two/github']) expect((await run.send('{}', { url: sources[name] })).status).toBe(200);
    await expect(GatewayRun.start(folder, { targets: { billing: 'http://127.0.0.1:9' } }))
      .rejects.toMatchObject({ code: 'unknown-target', message: expect.stringContaining('"One/billing", "Two/billing"') });
    await run.close();
  });

  test('tells unused secrets, and lets them be read all the same', async () => {
    run = await GatewayRun.start(assembly, { secrets: { 'webhooks/github': { current: 'a' }, 'mine': { current: 'b', previous: 'c' } } });
    expect(run.ready.unusedSecrets).toEqual(['mine']);
    const client = secretsClient(run.ready.awsEndpointUrl);
    expect((await client.send(new GetSecretValueCommand({ SecretId: 'mine', VersionStage: 'AWSPREVIOUS' }))).SecretString).toBe('c');
    client.destroy();
    await run.close();
  });

  test('fails when the port is taken, names it, and leaves nothing behind', async () => {
    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
    const { port } = taken.address() as { port: number };
    await expect(GatewayRun.start(assembly, { port })).rejects.toMatchObject({ code: 'port-taken', message: expect.stringContaining(`port ${port} `) });
    await new Promise((resolve) => taken.close(resolve));
    run = await GatewayRun.start(assembly, { port });
    expect(run.ready.apiUrl).toBe(`http://127.0.0.1:${port}`);
    await run.close();
    // Free again: every server of the run is closed.
    run = await GatewayRun.start(assembly, { port });
    await run.close();
  });

  test.each<[string, { [name: string]: string }, string, RegExp]>([
    ['a target that is not there', { nowhere: 'http://127.0.0.1:9' }, 'unknown-target', /"nowhere".*"billing"/],
    ['a URL that is none', { billing: '//127.0.0.1' }, 'invalid-target', /"billing" is "\/\/127.0.0.1", not with http:\/\//],
    ['a URL of another scheme', { billing: 'redis://me:hush@127.0.0.1:9' }, 'invalid-target', /^(?!.*hush).*"billing" starts with "redis:"/],
    ['a URL with a password', { billing: 'http://me:hush@127.0.0.1:9' }, 'invalid-target', /^(?!.*hush).*user name or password/],
  ])('fails for %s', async (_name, targets, code, message) => {
    await expect(GatewayRun.start(assembly, { targets })).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
  });

  test('close ends the servers and the timers, however often it is called', async () => {
    run = await GatewayRun.start(assembly);
    receiver.always = 500;
    await run.send('{}');
    expect(run.clock.due).toBeGreaterThan(0);
    await Promise.all([run.close(), run.close()]);
    receiver.reset();
    expect(run.clock.due).toBe(0);
    for (const url of [run.ready.apiUrl, run.ready.controlUrl, run.ready.awsEndpointUrl]) {
      await expect(post(url, {}, '')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    }
  });
});
