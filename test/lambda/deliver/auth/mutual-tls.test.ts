import https from 'node:https';
import tls, { type TLSSocket } from 'node:tls';
import type { HttpAuthSettings } from '../../../../lib/contract/config';
import { selfSigned } from '../../support/certificate';
import { listen } from '../../support/server';
import { authorized } from './support';

const auth: HttpAuthSettings = { kind: 'mutual-tls', certificate: { id: 'arn:certificate' }, privateKey: { id: 'arn:key' } };

const cleanups: (() => void)[] = [];
afterEach(() => {
  jest.restoreAllMocks();
  for (const cleanup of cleanups.splice(0)) cleanup();
});

/** A target that takes only these client certificates, and one that tells who came. */
async function target(...clients: { cert: string }[]) {
  const own = selfSigned();
  const seen: string[] = [];
  const sockets = new Set<unknown>();
  const options = { ...own, ca: clients.map(({ cert }) => cert), requestCert: true, rejectUnauthorized: true };
  const server = https.createServer(options, (request, response) => {
    sockets.add(request.socket);
    seen.push((request.socket as TLSSocket).getPeerX509Certificate()?.toString() ?? '');
    response.end();
  });
  cleanups.push(() => { server.closeAllConnections(); server.close(); });
  const connect = tls.connect;
  jest.spyOn(tls, 'connect').mockImplementation(((given: tls.ConnectionOptions) => connect({ ...given, ca: own.cert })) as typeof tls.connect);
  return { origin: await listen(server, 'https'), seen, sockets };
}

test('the certificate is shown, over a connection that is kept', async () => {
  const client = selfSigned();
  const { origin, seen, sockets } = await target(client);
  const { send, asked } = authorized(origin, auth, { 'arn:certificate': [client.cert], 'arn:key': [client.key] });
  expect(await send()).toEqual({ outcome: 'delivered', status: 200 });
  expect(await send()).toEqual({ outcome: 'delivered', status: 200 });
  expect(seen.map((text) => text.trim())).toEqual([client.cert.trim(), client.cert.trim()]);
  expect(sockets.size).toBe(1);
  expect(asked).toEqual(expect.arrayContaining([['arn:certificate', 3_600], ['arn:key', 3_600]]));
});

test('new versions of the secrets get new connections', async () => {
  const [old, next] = [selfSigned(), selfSigned()];
  const { origin, seen } = await target(old, next);
  const { send, secrets } = authorized(origin, auth, { 'arn:certificate': [old.cert], 'arn:key': [old.key] });
  await send();
  Object.assign(secrets, { 'arn:certificate': [next.cert, old.cert], 'arn:key': [next.key, old.key] });
  await send();
  expect(seen.map((text) => text.trim())).toEqual([old.cert.trim(), next.cert.trim()]);
});

test('between the rotation of one secret and that of the other, the pair that belongs together is used', async () => {
  const [old, next] = [selfSigned(), selfSigned()];
  const { origin, seen } = await target(old, next);
  const { send } = authorized(origin, auth, { 'arn:certificate': [next.cert, old.cert], 'arn:key': [old.key] });
  expect(await send()).toEqual({ outcome: 'delivered', status: 200 });
  expect(seen.map((text) => text.trim())).toEqual([old.cert.trim()]);
});

test('row 28: a target that does not know the certificate is a failed attempt', async () => {
  const { origin } = await target(selfSigned());
  const client = selfSigned();
  const result = await authorized(origin, auth, { 'arn:certificate': [client.cert], 'arn:key': [client.key] }).send();
  expect(['tls', 'reset']).toContain(result.outcome);
});

const good = selfSigned();
test.each([
  ['no certificate', { 'arn:certificate': ['nothing'], 'arn:key': [good.key] }, 'secret "arn:certificate" is unusable: it is not a certificate in PEM'],
  ['no key', { 'arn:certificate': [good.cert], 'arn:key': ['nothing'] }, 'secret "arn:key" is unusable: it is not a private key in PEM'],
  ['the key of another', { 'arn:certificate': [good.cert], 'arn:key': [selfSigned().key] }, 'it is not the key of the certificate in secret "arn:certificate"'],
])('%s sends nothing', async (_what, versions, explanation) => {
  const result = await authorized('https://127.0.0.1:1', auth, versions).send();
  expect(result).toMatchObject({ outcome: 'aws', status: null, detail: expect.stringContaining(explanation) });
});
