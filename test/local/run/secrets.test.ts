import { writeFileSync } from 'node:fs';
import path from 'node:path';
import type { GatewayParts, SecretPart } from '../../../lib/contract/parts';
import type { TemplateResource } from '../../../local/assembly/template';
import { findGateways } from '../../../local/run/gateways';
import { createSecrets, type GivenSecrets } from '../../../local/run/secrets';
import { wantedSecrets } from '../../../local/run/wanted-secrets';
import { secretArn, type NewSecret } from '../../../local/secrets-manager';
import { temporaryFolder } from '../../temporary-folder';
import { deploy, place, resource } from './deploy';

const SECRET = 'AWS::SecretsManager::Secret';

interface World {
  readonly resources?: { [logicalId: string]: TemplateResource };
  /** Secrets of sources. */
  readonly parts?: SecretPart[];
  readonly signing?: SecretPart;
  readonly given?: GivenSecrets;
  /** Variables of a function. */
  readonly variables?: { [name: string]: string };
  /** The text of its file. */
  readonly config?: string;
}

function create({ resources = {}, parts = [], signing, given = {}, variables = {}, config = '{}' }: World) {
  const gateway: GatewayParts = {
    version: 1, gateway: 'Main/Gateway', api: 'Api',
    sources: Object.fromEntries(parts.map((secret, i) => [`s${i}`, { path: `/s${i}`, verifications: [{ scheme: {} as never, secret }], function: 'F' }])),
    targets: signing ? { t: { kind: 'http', queue: 'Q', deadLetterQueue: 'D', function: 'F', mapping: 'M', signingSecret: signing } } : {},
  };
  const deployment = deploy(resources, { Metadata: { 'cdk-webhooks:Main/Gateway': gateway } });
  const codeDirectory = temporaryFolder();
  writeFileSync(path.join(codeDirectory, 'config.json'), config);
  const functions = [{ definition: { environment: variables, codeDirectory } as never }];
  const added: NewSecret[] = [];
  const wanted = wantedSecrets(deployment, findGateways(deployment), functions, place);
  const parameters: NewSecret[] = [];
  const stores = {
    secrets: { add: (secret: NewSecret) => added.push(secret) },
    parameters: { add: (parameter: NewSecret) => parameters.push(parameter) },
  };
  return { added, parameters, ...createSecrets(wanted, given, stores) };
}

test('a secret by name gets the given value, current and previous', () => {
  const { added, generatedSecrets, unusedSecrets } = create({ parts: [{ id: 'hooks/github', key: 'utf8' }], given: { 'hooks/github': { current: 'a', previous: 'b' } } });
  expect(added).toEqual([{ name: 'hooks/github', arn: secretArn(place, 'hooks/github'), current: 'a', previous: 'b' }]);
  expect([generatedSecrets, unusedSecrets]).toEqual([{}, []]);
});

test.each([['utf8', /^[A-Za-z0-9]{32}$/], ['whsec', /^[A-Za-z0-9]{32}$/], ['base64', /^[A-Za-z0-9]{32}$/], ['hex', /^[0-9a-f]{32}$/]])(
  'a secret that is not given is made up so that it is a good key of the format %s', (key, expected) => {
    const { added, generatedSecrets } = create({ parts: [{ id: 'hooks/github', key }] });
    expect(generatedSecrets).toEqual({ 'hooks/github': expect.stringMatching(expected) });
    expect(added).toEqual([expect.objectContaining({ current: generatedSecrets['hooks/github'] })]);
  });

test('made-up values differ', () => {
  expect(new Set(Array.from({ length: 10 }, () => create({ parts: [{ id: 'a', key: 'utf8' }] }).generatedSecrets.a)).size).toBe(10);
});

test('a secret that fields are read of is made up as one JSON object with all of them', () => {
  const { added, generatedSecrets } = create({ parts: [{ id: 'a', field: 'github', key: 'utf8' }, { id: 'a', field: 'own', key: 'hex' }] });
  expect(JSON.parse(generatedSecrets.a as string)).toEqual({
    github: expect.stringMatching(/^[A-Za-z0-9]{32}$/), own: expect.stringMatching(/^[0-9a-f]{32}$/),
  });
  expect(added).toHaveLength(1);
});

describe('a secret of the template', () => {
  const signing = { logicalId: 'Signing1', key: 'whsec' };

  test('is made once, with the ARN that references to it resolve to', () => {
    const resources = { Signing1: resource(SECRET, { GenerateSecretString: { ExcludePunctuation: true } }) };
    const { added, generatedSecrets } = create({ resources, signing });
    expect(added).toEqual([{
      name: expect.stringMatching(/^Signing1-[A-Z0-9]{12}$/), arn: expect.stringMatching(/:secret:Signing1-[A-Z0-9]{12}-abcdef$/),
      current: expect.stringMatching(/^[A-Za-z0-9]{32}$/),
    }]);
    expect(generatedSecrets).toEqual({ [added[0]!.name]: added[0]!.current });
  });

  test.each(['Signing1', 'given-name', 'arn:aws:secretsmanager:eu-west-1:000000000000:secret:given-name-abcdef'])('can be given by %s', (name) => {
    const { added, unusedSecrets } = create({ resources: { Signing1: resource(SECRET, { Name: 'given-name' }) }, signing, given: { [name]: { current: 'mine' } } });
    expect([added[0]?.current, unusedSecrets]).toEqual(['mine', []]);
  });

  test('is the same when another stack or a source names it', () => {
    const { added } = create({ resources: { Signing1: resource(SECRET, { Name: 'shared' }) }, signing, parts: [{ id: 'shared', key: 'utf8' }] });
    expect(added).toHaveLength(1);
  });

  test('keeps a value that the template has, and does not tell it', () => {
    const { added, generatedSecrets } = create({ resources: { S: resource(SECRET, { SecretString: 'fixed' }) } });
    expect([added[0]?.current, generatedSecrets]).toEqual(['fixed', {}]);
  });

  test('follows the rules of GenerateSecretString', () => {
    const rules = { PasswordLength: 8, ExcludeUppercase: true, ExcludeNumbers: 'true', ExcludeCharacters: 'abcdefghijklm', SecretStringTemplate: '{"user":"u"}', GenerateStringKey: 'password' };
    const { added } = create({ resources: { S: resource(SECRET, { GenerateSecretString: rules }) } });
    expect(JSON.parse(added[0]!.current)).toEqual({ user: 'u', password: expect.stringMatching(/^[n-z]{8}$/) });
  });
});

describe('a secret by ARN', () => {
  const arn = 'arn:aws:secretsmanager:us-east-1:111122223333:secret:prod/stripe-AbCdEf';

  test('keeps it, in whatever account and Region', () => {
    const { added } = create({ parts: [{ id: arn, key: 'utf8' }] });
    expect(added).toEqual([expect.objectContaining({ name: 'prod/stripe', arn })]);
  });

  test('without its last letters gets some', () => {
    const { added } = create({ parts: [{ id: arn.slice(0, -7), key: 'utf8' }] });
    expect(added).toEqual([expect.objectContaining({ name: 'prod/stripe', arn: expect.stringMatching(/:secret:prod\/stripe-[A-Za-z0-9]{6}$/) })]);
  });

  test.each([arn, 'prod/stripe', 'prod/stripe-AbCdEf'])('can be given by %s', (name) => {
    expect(create({ parts: [{ id: arn, key: 'utf8' }], given: { [name]: { current: 'mine' } } }).added[0]?.current).toBe('mine');
  });

  test('in a variable of a function is made too: no metadata can name it', () => {
    const { added } = create({ variables: { VALUES: JSON.stringify(['arn:aws:secretsmanager:eu-west-1:000000000000:secret:hooks/a', arn]), OTHER: arn } });
    expect(added.map(({ name }) => name)).toEqual(['hooks/a', 'prod/stripe']);
    expect(added[0]?.arn).toMatch(/:secret:hooks\/a-[A-Za-z0-9]{6}$/);
  });
});

test('given secrets that nothing names are unused, and made all the same', () => {
  const { added, parameters, unusedSecrets } = create({ given: { mine: { current: 'a' }, 'arn:aws:secretsmanager:x:1:secret:y': { current: 'b' } } });
  expect(unusedSecrets).toEqual(['mine', 'arn:aws:secretsmanager:x:1:secret:y']);
  expect(added).toEqual([{ name: 'mine', current: 'a' }]);
  expect(parameters).toEqual(added);
});

describe('a parameter', () => {
  const part: SecretPart = { id: '/hooks/github', service: 'ssm', key: 'hex' };
  const arn = 'arn:aws:ssm:eu-west-1:000000000000:parameter/hooks/github';

  test('gets the given value, current and previous, by its name or its ARN', () => {
    for (const name of [part.id as string, arn]) {
      const { added, parameters, generatedSecrets, unusedSecrets } = create({ parts: [part], given: { [name]: { current: 'a', previous: 'b' } } });
      expect(parameters).toEqual([{ name: '/hooks/github', arn, current: 'a', previous: 'b' }]);
      expect([added, generatedSecrets, unusedSecrets]).toEqual([[], {}, []]);
    }
  });

  test('that is not given is made up so that it is a good key, once', () => {
    const { added, parameters, generatedSecrets } = create({ parts: [part], signing: part });
    expect(generatedSecrets).toEqual({ '/hooks/github': expect.stringMatching(/^[0-9a-f]{32}$/) });
    expect(parameters).toEqual([{ name: '/hooks/github', arn, current: generatedSecrets['/hooks/github'] }]);
    expect(added).toEqual([]);
  });

  test('with the name of a secret is another one, and both made-up values are told', () => {
    const { added, parameters, generatedSecrets } = create({ parts: [{ id: 'github', key: 'utf8' }, { id: 'github', service: 'ssm', key: 'utf8' }] });
    expect(generatedSecrets).toEqual({ github: added[0]?.current, 'arn:aws:ssm:eu-west-1:000000000000:parameter/github': parameters[0]?.current });
    expect([added.length, parameters.length]).toEqual([1, 1]);
    expect(added[0]?.current).not.toBe(parameters[0]?.current);
  });

  test('that only a function\'s file names is made too: by its name, or by a value that only the deployment knows', () => {
    const config = JSON.stringify({
      settings: { auth: { token: { id: '/own', service: 'ssm' }, other: { id: 'not-one' } }, known: { id: { $value: 1 }, service: 'ssm' }, lost: { id: { $value: 9 }, service: 'ssm' } },
    });
    const { added, parameters } = create({ parts: [part], config, variables: { VALUES: JSON.stringify(['x', '/by/value']) } });
    expect(parameters.map(({ name }) => name)).toEqual(['/hooks/github', '/own', '/by/value']);
    expect(added).toEqual([]);
  });

  test.each([['no JSON', 'x', '[]'], ['no values', '{"id":{"$value":0},"service":"ssm"}', 'x']])('is not looked for in a file that is none of ours: %s', (_, config, VALUES) => {
    expect(create({ config, variables: { VALUES } }).parameters).toEqual([]);
  });
});
