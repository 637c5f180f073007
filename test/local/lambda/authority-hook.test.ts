import { writeFileSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import { listen } from '../../../local/loopback';
import { CONFIG_FILE } from '../../../lib/contract/config';
import { SCHEMES } from '../../../lib/contract/schemes';
import type { AuthorityHook } from '../../../local/lambda/runtime/authority-hook';
import { closeFunctions, folderWith, newFunction, removeFolders, returned } from './support';

interface Asked { readonly url?: string; readonly method?: string; readonly headers: IncomingHttpHeaders }

const asked: Asked[] = [];
let server: Server;
let hook: AuthorityHook;

beforeAll(async () => {
  server = createServer(({ url, method, headers }, response) => {
    asked.push({ url, method, headers });
    response.end('of the authority');
  });
  const port = await listen(server, 0, 'the test');
  hook = { origin: `http://127.0.0.1:${port}`, hosts: ['keys.example.com'], trustAnchor: 'PEM', publicKeys: { theirs: 'ours' } };
});
afterAll(() => server.close());
beforeEach(() => { asked.length = 0; });
afterEach(closeFunctions);
afterAll(removeFolders);

/** As the ingest bundle asks: the named export, with a URL and options. */
const ASKING = `import { request } from 'node:https';
export const handler = ({ url }) => new Promise((resolve) => {
  request(new URL(url), { method: 'GET', headers: { accept: 'x' } }, (response) => {
    let text = '';
    response.setEncoding('utf8').on('data', (chunk) => { text += chunk; }).on('end', () => resolve(text));
  }).on('error', ({ code }) => resolve(code)).end();
});`;

function asking(bootstrapArguments: string[]): (url: string) => Promise<string> {
  const codeDirectory = folderWith(ASKING);
  writeFileSync(`${codeDirectory}/${CONFIG_FILE}`, '{"sources":{}}');
  const { target } = newFunction(ASKING, { definition: { codeDirectory }, bootstrapArguments });
  return async (url) => returned<string>(await target.invoke({ url }));
}

test('only the hosts that it names are asked of the authority', async () => {
  const ask = asking([JSON.stringify(hook)]);
  expect(await ask('https://keys.example.com/jwks?a=1')).toBe('of the authority');
  expect(asked).toEqual([{ url: '/jwks?a=1', method: 'GET', headers: expect.objectContaining({ host: 'keys.example.com', accept: 'x' }) }]);
  expect(await ask('https://keys.example.com:8443/jwks')).toBe('of the authority');
  expect(asked[1]?.headers.host).toBe('keys.example.com');

  // Names that lead nowhere: https://www.rfc-editor.org/rfc/rfc6761#section-6.4
  for (const host of ['other.invalid', 'keys.example.com.invalid', 'keys.invalid']) expect(await ask(`https://${host}/`)).toMatch(/^(ENOTFOUND|EAI_AGAIN)$/);
  expect(asked).toHaveLength(2);
});

test('a function that is given none asks as ever', async () => {
  const { hosts, ...rest } = hook;
  expect(await asking([])('https://keys.invalid/')).toMatch(/^(ENOTFOUND|EAI_AGAIN)$/);
  expect(await asking([JSON.stringify({ ...rest, hosts: ['keys.invalid'] })])('https://keys.invalid/')).toBe('of the authority');
  expect(hosts).not.toContain('keys.invalid');
});

describe('the configuration that the function reads', () => {
  const discord = { scheme: SCHEMES.discord, publicKey: 'theirs' };
  const paypal = { scheme: { ...SCHEMES.paypal, settings: { webhookId: 'W' } } };
  const github = { scheme: SCHEMES.github, secret: { id: 's' } };
  const config = {
    version: 1,
    sources: { discord: { verifications: [discord] }, paypal: { verifications: [paypal] }, github: { verifications: [github] } },
  };
  const READING = `import { readFileSync } from 'node:fs';
export const handler = () => ({
  config: JSON.parse(readFileSync(new URL('./${CONFIG_FILE}', import.meta.url), 'utf8')),
  other: readFileSync(new URL('./other.json', import.meta.url), 'utf8'),
});`;

  async function read(bootstrapArguments: string[]): Promise<{ config: typeof config; other: string }> {
    const codeDirectory = folderWith(READING);
    for (const file of [CONFIG_FILE, 'other.json']) writeFileSync(`${codeDirectory}/${file}`, JSON.stringify(config));
    const { target } = newFunction(READING, { definition: { codeDirectory }, bootstrapArguments });
    return returned(await target.invoke({}));
  }

  test('has the run\'s key beside the sender\'s, and is otherwise what was deployed', async () => {
    const { config: { sources }, other } = await read([JSON.stringify(hook)]);
    expect(sources.discord.verifications).toEqual([discord, { ...discord, publicKey: 'ours' }]);
    expect(sources.paypal.verifications).toEqual([{ scheme: { ...paypal.scheme, settings: { webhookId: 'W', trustAnchors: ['PEM'] } } }]);
    expect(sources.github.verifications).toEqual([github]);
    expect(JSON.parse(other)).toEqual(config);
  });

  test('is untouched without an authority', async () => {
    expect((await read([])).config).toEqual(config);
  });
});
