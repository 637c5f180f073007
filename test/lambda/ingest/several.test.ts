import type { VerificationConfig } from '../../../lib/contract/config';
import type { Scheme } from '../../../lib/contract/scheme';
import { SCHEMES } from '../../../lib/contract/schemes';
import { SecretError } from '../../../lambda/shared/secret-error';
import { githubPost, ingest, KEYS, NOW, standardPost } from '../support/ingest';

const token: Scheme = { name: 'token', kind: 'token', token: { header: 'x-token' }, id: [{ header: 'x-github-delivery' }], type: [{ header: 'x-kind' }] };
const of = (scheme: Scheme, id: string): VerificationConfig => ({ scheme, secret: { id }, previousSecretOverlapSeconds: 0 });

/** One source with several verifications, in this order. */
function several(verifications: VerificationConfig[], secrets: { [id: string]: string | SecretError }) {
  return ingest({
    config: { gateway: 'g', sources: { s: { path: '/github', verifications } }, targets: { t: { queueUrl: 'q' } } },
    secrets: {
      read: async ({ id }) => { const secret = secrets[id]!; if (typeof secret !== 'string') throw secret; return [secret]; },
      refresh: async () => false,
    },
  });
}

const both = [of(SCHEMES.github, 'github'), of(token, 'token')];
const secrets = { github: KEYS.github, token: 'a token' };
const withToken = { ...githubPost(), headers: { 'x-token': 'a token', 'x-kind': 'k', 'x-github-event': 'issues' } };

test('any of several verifications is enough, and names the event', async () => {
  const gateway = several(both, secrets);
  expect((await gateway.post(githubPost())).statusCode).toBe(200);
  expect((await gateway.post(withToken)).statusCode).toBe(200);
  expect(gateway.lines).toMatchObject([{ event: 'accepted', type: 'issues' }, { event: 'accepted', type: 'k' }]);
});

test('the first that proves a request counts', async () => {
  const gateway = several(both, secrets);
  await gateway.post({ ...githubPost(), headers: { ...githubPost().headers, ...withToken.headers, 'x-github-event': 'push' } });
  expect(gateway.lines).toMatchObject([{ type: 'push' }]);
});

test('none is a refusal', async () => {
  const gateway = several(both, secrets);
  expect((await gateway.post({ ...withToken, headers: { 'x-token': 'another' } })).statusCode).toBe(401);
  expect(gateway.sent).toEqual([]);
});

test('one whose secret cannot be read spares the others, and is a 503 where they do not prove the request', async () => {
  const gateway = several(both, { ...secrets, github: new SecretError('unavailable', 'github', 'timeout') });
  expect((await gateway.post({ ...githubPost(), headers: { ...githubPost().headers, ...withToken.headers } })).statusCode).toBe(200);
  expect((await gateway.post(githubPost())).statusCode).toBe(503);
});

test('of two refusals the one for the time is told, as its signature was right', async () => {
  const gateway = several([of(token, 'token'), of(SCHEMES['standard-webhooks'], 'standard')], { ...secrets, standard: KEYS.standard });
  await gateway.post({ ...standardPost('{}', NOW / 1_000 - 301), path: '/github' });
  expect(gateway.lines).toMatchObject([{ event: 'rejected', reason: 'timestamp' }]);
});

test('a method counts only for the verification whose events come by it', async () => {
  const gateway = several([of(SCHEMES.github, 'github'), of({ ...token, methods: ['POST', 'GET'] }, 'token')], secrets);
  expect((await gateway.post({ ...githubPost(), method: 'GET' })).statusCode).toBe(401);
  expect((await gateway.post({ ...withToken, method: 'GET' })).statusCode).toBe(200);
});
