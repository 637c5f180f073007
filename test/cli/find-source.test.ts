import type { AwsAccess } from '../../cli/aws-access';
import { Exit } from '../../cli/cli-error';
import { findSource, sourceUrl } from '../../cli/find-source';
import type { RunNote } from '../../cli/run-note';
import { readSecret, secretId } from '../../cli/secret';
import type { GatewayParts, SecretPart, VerificationPart } from '../../lib/contract/parts';
import { SCHEMES } from '../../lib/contract/schemes';
import { FakeAws, type FakeStack } from './fixtures/fake-aws';

let aws: FakeAws;
let access: AwsAccess;

beforeEach(async () => {
  aws = new FakeAws();
  const endpoint = await aws.start();
  access = { client: { endpoint, region: 'eu-west-1', credentials: { accessKeyId: 'LOCAL', secretAccessKey: 'local' } } };
});
afterEach(() => aws.stop());

function parts(gateway: string, sources: readonly string[], secret: Partial<SecretPart> = { logicalId: 'Secret' }): GatewayParts {
  return {
    version: 1,
    gateway,
    api: 'Api',
    sources: Object.fromEntries(sources.map((name) => [name, { path: `/${name}`, verifications: [{ scheme: SCHEMES.github, secret: { key: 'utf8', ...secret } }], function: 'Ingest' }])),
    targets: {},
  };
}

function stack(name: string, gateways: readonly GatewayParts[], over: Partial<FakeStack> = {}): FakeStack {
  const metadata = Object.fromEntries(gateways.map((each) => [`cdk-webhooks:${each.gateway}`, each]));
  return { name, template: JSON.stringify({ Metadata: metadata }), resources: { Api: 'api123', Secret: 'arn:secret' }, ...over };
}

describe('a source', () => {
  test('is found without the name of its stack', async () => {
    aws.stacks = [{ name: 'Other', template: '{}' }, stack('Hooks', [parts('Hooks/Gateway', ['github'])]), { name: 'Yaml', template: 'Resources: {}' }];
    expect(await findSource(access, undefined, 'github')).toMatchObject({ name: 'github', gateway: { stack: 'Hooks' }, part: { path: '/github' } });
  });

  test('with --stack, only that stack is read', async () => {
    aws.stacks = [stack('A', [parts('A/Gateway', ['github'])]), stack('B', [parts('B/Gateway', ['github'])])];
    expect((await findSource(access, 'B', 'github')).gateway.stack).toBe('B');
    expect(aws.calls).toEqual(['DescribeStacks B', 'GetTemplate B']);
  });

  test.each([['A/github', 'A/G'], ['A/G/github', 'A/G'], ['B/Two/github', 'B/Two']])('%s says which of several gateways is meant', async (asked, gateway) => {
    aws.stacks = [stack('A', [parts('A/G', ['github'])]), stack('B', [parts('B/One', ['github']), parts('B/Two', ['github'])])];
    expect((await findSource(access, undefined, asked)).gateway.parts.gateway).toBe(gateway);
  });

  test('is found in a stack that was deployed as YAML', async () => {
    const metadata = JSON.stringify({ 'cdk-webhooks:Y/G': parts('Y/G', ['github']) });
    aws.stacks = [stack('Y', [], { template: `Metadata:\n  cdk-webhooks:Y/G: {}\n# summary: ${metadata}` })];
    expect((await findSource(access, undefined, 'github')).gateway.stack).toBe('Y');
  });

  test('fails when several gateways have it, and names them', async () => {
    aws.stacks = [stack('A', [parts('A/G', ['github'])]), stack('B', [parts('B/G', ['github'])])];
    await expect(findSource(access, undefined, 'github')).rejects.toMatchObject({ exit: Exit.USAGE, message: expect.stringContaining('A/G/github, B/G/github') });
  });

  test.each(['stripe', 'constructor'])('fails when there is no %s, and names those there are', async (name) => {
    aws.stacks = [stack('A', [parts('A/G', ['github', 'orders'])])];
    await expect(findSource(access, undefined, name)).rejects.toMatchObject({ exit: Exit.NO_MATCH, message: expect.stringContaining('github, orders') });
  });

  test.each([
    ['there is no stack of that name', 'None', '"None"'],
    ['the stack has no gateway', 'Plain', '"Plain"'],
    ['no stack has a gateway', undefined, 'no stack'],
  ])('fails when %s', async (_what, name, message) => {
    aws.stacks = [{ name: 'Plain', template: '{"Resources": {}}' }];
    await expect(findSource(access, name, 'github')).rejects.toMatchObject({ exit: Exit.NO_MATCH, message: expect.stringContaining(message) });
  });

  test.each(['AccessDenied', 'ExpiredToken', 'InvalidClientTokenId'])('fails without access: %s', async (code) => {
    aws.refuseWith = code;
    await expect(findSource(access, 'A', 'github')).rejects.toMatchObject({ exit: Exit.NO_ACCESS });
  });

  test('fails without access when nothing answers', async () => {
    aws.stop();
    await expect(findSource(access, 'A', 'github')).rejects.toMatchObject({ exit: Exit.NO_ACCESS, message: expect.stringContaining('ECONNREFUSED') });
  });
});

describe('the URL of a source', () => {
  const run = (sources: RunNote['sources']): AwsAccess => ({ ...access, endpoint: access.client.endpoint, run: { sources } as RunNote });

  test.each([
    ['github', 'http://127.0.0.1:1/github'],
    ['A/github', 'http://127.0.0.1:2/github'],
    ['A/G/github', 'http://127.0.0.1:3/github'],
  ])('of a local run is what the run says of %s', async (name, url) => {
    aws.stacks = [stack('A', [parts('A/G', ['github'])])];
    expect((await sourceUrl(run({ [name]: url }), await findSource(access, 'A', 'github'))).href).toBe(url);
  });

  test('is the output with its path, which may be a domain of one\'s own', async () => {
    const outputs = { Other: 'https://x.example.com/other', Text: 'github', GithubUrl: 'https://hooks.example.com/github' };
    aws.stacks = [stack('A', [parts('A/G', ['github'])], { outputs })];
    expect((await sourceUrl(access, await findSource(access, 'A', 'github'))).href).toBe('https://hooks.example.com/github');
  });

  test('is the address of the API without such an output, or when two gateways share the outputs', async () => {
    const address = 'https://api123.execute-api.eu-west-1.amazonaws.com/github';
    aws.stacks = [stack('A', [parts('A/G', ['github'])]), stack('B', [parts('B/G', ['github']), parts('B/H', [])], { outputs: { Url: 'https://x.example.com/github' } })];
    for (const name of ['A', 'B']) expect((await sourceUrl(access, await findSource(access, name, 'github'))).href).toBe(address);
  });

  test.each([
    ['without an output', {}],
    ['whose output is an address at AWS', { GithubUrl: 'https://api123.execute-api.eu-west-1.amazonaws.com/github' }],
  ])('fails at an endpoint of this machine that is nobody\'s run known here, %s', async (_what, outputs) => {
    const elsewhere = { ...access, endpoint: access.client.endpoint };
    aws.stacks = [stack('A', [parts('A/G', ['github'])], { outputs })];
    await expect(sourceUrl(elsewhere, await findSource(access, 'A', 'github'))).rejects.toMatchObject({ exit: Exit.NO_MATCH, message: expect.stringContaining('--url') });
  });
});

describe('the secret of a source', () => {
  async function read(secret: Partial<SecretPart>, asked?: string): Promise<string> {
    aws.stacks = [stack('A', [parts('A/G', ['github'], secret)])];
    const source = await findSource(access, 'A', 'github');
    const verification = source.part.verifications[0] as VerificationPart;
    return readSecret(access, await secretId(source, verification, asked), verification.secret);
  }

  test('is read by logical id, by name, or by the name that is asked for', async () => {
    aws.secrets = { 'arn:secret': 'one', 'a/b': 'two', 'other': 'three' };
    expect([await read({ logicalId: 'Secret' }), await read({ id: 'a/b' }), await read({}, 'other')]).toEqual(['one', 'two', 'three']);
  });

  test('may be a field of a JSON object', async () => {
    aws.secrets = { 'a/b': '{"signing": "s3cret", "other": 1}' };
    expect(await read({ id: 'a/b', field: 'signing' })).toBe('s3cret');
  });

  test.each([
    ['it does not exist', {}, { id: 'a/b' }, Exit.NO_MATCH],
    ['it has no text', { 'a/b': '' }, { id: 'a/b' }, Exit.FAILED],
    ['it has no such field', { 'a/b': '{"x": "s3cret"}' }, { id: 'a/b', field: 'y' }, Exit.FAILED],
    ['it is no JSON', { 'a/b': 's3cret' }, { id: 'a/b', field: 'y' }, Exit.FAILED],
    ['its resource is gone', {}, { logicalId: 'Gone' }, Exit.NO_MATCH],
    ['only another stack knows it', {}, {}, Exit.NO_MATCH],
  ])('fails when %s, and shows nothing of it', async (_what, secrets, part, exit) => {
    aws.secrets = secrets as { [id: string]: string };
    await expect(read(part)).rejects.toMatchObject({ exit, message: expect.not.stringContaining('s3cret') });
  });
});
