import { execFileSync } from 'node:child_process';
import { Webhook } from 'standardwebhooks';
import { githubPost, ingest, KEYS, NOW, standardPost } from '../support/ingest';

const BODIES = ['{}', '', '{"text":"grüße 💥"}', 'payload=%7B%7D\r\n', `{"long":"${'x'.repeat(100_000)}"}`];

/** The library is an ES module, which jest does not load. */
function octokitSign(bodies: string[]): string[] {
  const script = `
    const { sign } = await import('@octokit/webhooks-methods');
    const bodies = JSON.parse(await new Response(process.stdin).text());
    console.log(JSON.stringify(await Promise.all(bodies.map((body) => sign(${JSON.stringify(KEYS.github)}, body)))));`;
  return JSON.parse(execFileSync(process.execPath, ['--input-type=module', '--eval', script], { input: JSON.stringify(bodies), encoding: 'utf8' }));
}

test("what GitHub's own library signs is accepted", async () => {
  // It refuses to sign nothing.
  const bodies = BODIES.filter((body) => body !== '');
  const signatures = octokitSign(bodies);
  for (const [index, body] of bodies.entries()) {
    const post = githubPost(body);
    expect((await ingest().post({ ...post, headers: { ...post.headers, 'x-hub-signature-256': signatures[index]! } })).statusCode).toBe(200);
  }
});

test.each(BODIES)('what the library of Standard Webhooks signs is accepted: %.30s', async (body) => {
  const signature = new Webhook(KEYS.standard).sign('msg_1', new Date(NOW), body);
  const post = standardPost(body);
  expect((await ingest().post({ ...post, headers: { ...post.headers, 'webhook-signature': signature } })).statusCode).toBe(200);
});
