import type { IngestConfig, VerificationConfig } from '../../../lib/contract/config';
import type { CodeScheme, Scheme } from '../../../lib/contract/scheme';
import { SCHEMES } from '../../../lib/contract/schemes';
import { travellingHeaders } from '../../../lambda/ingest/travelling-headers';
import { githubPost, ingest, ingestConfig, KEYS, source, standardPost, stripePost } from '../support/ingest';

const ALWAYS = ['content-type', 'content-encoding', 'user-agent', 'idempotency-key'];
const verification = (scheme: Scheme): VerificationConfig => source(scheme, 's').verifications[0]!;
const names = (scheme: Scheme, forwarded: string[] = [], others: Scheme[] = []) => (
  travellingHeaders(scheme, { verifications: [scheme, ...others].map(verification) }, forwarded));

describe('the headers of an event', () => {
  test('are an allow list, without the signature and without credentials', async () => {
    const gateway = ingest();
    const extra = {
      'authorization': 'Bearer x', 'cookie': 'session=1', 'x-api-key': 'k', 'x-forwarded-for': '192.0.2.1', 'x-github-encoded-secret': 's',
      'content-encoding': 'identity', 'idempotency-key': 'i-1',
    };
    for (const post of [githubPost(), stripePost(), standardPost()]) await gateway.post({ ...post, headers: { ...post.headers, ...extra } });
    const common = { 'content-encoding': 'identity', 'idempotency-key': 'i-1' };
    const github = { 'content-type': 'application/json', 'user-agent': 'GitHub-Hookshot/044aadd', 'x-github-event': 'issues' };
    expect(gateway.envelopes()[0]?.headers).toEqual({ ...common, ...github, 'x-github-delivery': '72d3162e-cc78-11e3-81ab-4c9367dc0958' });
    expect(gateway.envelopes()[1]?.headers).toEqual({ ...common, 'content-type': 'application/json; charset=utf-8' });
    expect(gateway.envelopes().at(-1)?.headers)
      .toEqual({ ...common, 'content-type': 'application/json', 'webhook-id': 'msg_1', 'webhook-timestamp': '1767323045' });
    for (const { message } of gateway.sent) for (const value of ['Bearer', 'session=1', KEYS.github, 'sha256=', 'v1=']) expect(message).not.toContain(value);
  });

  test('never have the signature or a credential, whatever a scheme calls an id', () => {
    expect(names({ ...SCHEMES.github, id: [{ header: 'authorization' }, { header: 'cookie' }], type: [{ header: 'x-hub-signature-256' }] })).toEqual(ALWAYS);
  });

  test('are those that a scheme names inside of a joined id too', () => {
    expect(names({ ...SCHEMES.github, id: [{ all: [{ header: 'x-account' }, { json: '$.id' }] }], type: [] })).toEqual([...ALWAYS, 'x-account']);
  });
});

describe('a header that a target wants', () => {
  const wanting = (targets: { [name: string]: string[] | undefined }): IngestConfig => ({
    ...ingestConfig(),
    targets: Object.fromEntries(Object.entries(targets).map(([name, forwardHeaders]) => [name, { queueUrl: `https://sqs/${name}`, forwardHeaders }])),
  });

  test('travels, to all targets of the source', async () => {
    const gateway = ingest({ config: wanting({ one: ['x-tenant', 'x-absent'], other: ['x-trace'], third: undefined }) });
    const post = githubPost();
    await gateway.post({ ...post, headers: { ...post.headers, 'x-tenant': 'a', 'x-trace': 't', 'x-unasked': 'u' } });
    expect(gateway.sent).toHaveLength(3);
    for (const { headers } of gateway.envelopes()) {
      expect(headers).toMatchObject({ 'x-tenant': 'a', 'x-trace': 't', 'x-github-event': 'issues' });
      expect(Object.keys(headers)).not.toEqual(expect.arrayContaining(['x-unasked']));
      expect(Object.keys(headers)).not.toEqual(expect.arrayContaining(['x-absent']));
    }
  });

  test('stays behind where only a target of other sources wants it', async () => {
    const config = wanting({ one: undefined, other: ['x-tenant'] });
    const gateway = ingest({ config: { ...config, targets: { ...config.targets, other: { ...config.targets['other']!, sources: ['stripe'] } } } });
    const post = githubPost();
    await gateway.post({ ...post, headers: { ...post.headers, 'x-tenant': 'a' } });
    expect(gateway.envelopes()[0]?.headers).not.toHaveProperty('x-tenant');
  });

  test('is not there twice', () => {
    expect(names(SCHEMES.github, ['x-github-event', 'content-type', 'x-tenant', 'x-tenant']))
      .toEqual([...ALWAYS, 'x-github-delivery', 'x-github-event', 'x-tenant']);
  });

  const code = (name: string): CodeScheme => ({ kind: 'code', name, module: name });

  test.each<[string, Scheme, string[]]>([
    ['a credential of anybody', SCHEMES.github, ['authorization', 'proxy-authorization', 'cookie']],
    ['the signature', SCHEMES.github, ['x-hub-signature-256', 'x-hub-signature']],
    ['a signature under an odd name', { ...SCHEMES.github, signature: { header: 'x-proof', format: 'plain' } }, ['x-proof']],
    ['the token', SCHEMES['gitlab-token'], ['x-gitlab-token']],
    ['a part of a joined token', { kind: 'token', name: 't', token: { all: [{ header: 'x-user' }, { header: 'x-pass' }] } }, ['x-user', 'x-pass']],
    ['the token of a handshake', { ...SCHEMES.github, handshakes: [
      { method: 'GET', signed: false, when: [], token: { header: 'x-verify' }, answer: {} }] }, ['x-verify']],
    ['Twilio\'s signature', code('twilio'), ['x-twilio-signature']],
    ['Box\'s signatures', code('box'), ['box-signature-primary', 'box-signature-secondary']],
    ['PayPal\'s signature', code('paypal'), ['paypal-transmission-sig']],
    ['Plaid\'s token', code('plaid'), ['plaid-verification']],
    ['a JWT in a header of one\'s own', { ...code('jwt'), settings: { header: 'X-Auth-Token' } }, ['x-auth-token']],
    ['a MAC', code('other'), ['x-airtable-content-mac', 'x-hmac-sha256']],
  ])('row 72: stays behind if it is %s', (_what, scheme, forwarded) => {
    expect(names(scheme, forwarded)).toEqual(names(scheme));
  });

  test('row 72: stays behind, and no filter sees it, if it is a JWT in a header of one\'s own', async () => {
    const jwt: Scheme = { ...code('jwt'), settings: { header: 'x-auth-token' } };
    const gateway = ingest({
      config: {
        gateway: 'g', sources: { s: { verifications: [{ scheme: jwt, previousSecretOverlapSeconds: 0 }] } },
        targets: {
          filtered: { queueUrl: 'filtered', filter: { headers: { 'x-auth-token': [{ exists: true }] } } },
          forwarded: { queueUrl: 'forwarded', forwardHeaders: ['x-auth-token'] },
        },
      },
      schemes: { jwt: { createVerifier: () => ({ verify: async () => ({ valid: true }) }) } },
    });
    await gateway.post({ path: '/s', method: 'POST', headers: { 'X-Auth-Token': 'eyJ.eyJ.sig' }, body: '{}' });
    expect(gateway.sent.map(({ queueUrl }) => queueUrl)).toEqual(['forwarded']);
    expect(gateway.envelopes()[0]?.headers).toEqual({});
  });

  test('row 72: stays behind if it is a credential of another verification of its source, or of its pairing', () => {
    expect(names(SCHEMES.github, ['x-gitlab-token', 'stripe-signature'], [SCHEMES['gitlab-token'], SCHEMES.stripe])).toEqual(names(SCHEMES.github));
    const paired = { verifications: [verification(SCHEMES.github)], pairing: { key: { header: 'x-hook-secret' } } };
    expect(travellingHeaders(SCHEMES.github, paired, ['x-hook-secret'])).toEqual(names(SCHEMES.github));
  });
});
