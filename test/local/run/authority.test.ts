import { App } from 'aws-cdk-lib';
import { WebhookSecret, WebhookSource, WebhookStack, WebhookTarget } from '../../../lib';
import { temporaryFolder } from '../../temporary-folder';
import { GatewayRun } from '../gateway-run';

const mockMade: { readonly name: string; readonly arguments?: readonly string[] }[] = [];

jest.mock('../../../local/lambda/function', () => {
  const { LocalFunction } = jest.requireActual<typeof import('../../../local/lambda/function')>('../../../local/lambda/function');
  return {
    LocalFunction: class extends LocalFunction {
      constructor(...[definition, options]: ConstructorParameters<typeof LocalFunction>) {
        super(definition, options);
        mockMade.push({ name: definition.name, arguments: options.bootstrapArguments });
      }
    },
  };
});

let run: GatewayRun | undefined;
beforeEach(() => { mockMade.length = 0; });
afterEach(() => run?.close());

async function start(source: WebhookSource): Promise<GatewayRun> {
  const app = new App({ outdir: temporaryFolder(), context: { 'cdk-webhooks:local': true } });
  new WebhookStack(app, 'Hooks', { sources: { source }, targets: { all: WebhookTarget.http('http://127.0.0.1:9/') } });
  return run = await GatewayRun.start(app.synth().directory, { secrets: {} });
}

test('only the function that verifies is told of the test authority, and of nothing private', async () => {
  const { run: { testKeys }, lines } = await start(WebhookSource.sns({ topicArns: ['arn:aws:sns:us-east-1:111122223333:alerts'] }));
  const told = mockMade.filter((each) => each.arguments !== undefined);
  expect(mockMade.length).toBeGreaterThan(1);
  expect(told).toEqual([{ name: expect.stringMatching(/ingest/i), arguments: [expect.any(String)] }]);
  expect(JSON.parse(told[0]?.arguments?.[0] as string)).toEqual({
    origin: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/), hosts: ['sns.us-east-1.amazonaws.com'],
    trustAnchor: expect.stringContaining('BEGIN CERTIFICATE'), publicKeys: {},
  });
  expect(testKeys?.rsaPrivateKey).toContain('PRIVATE KEY');
  expect(JSON.stringify([run?.ready, lines, mockMade])).not.toContain('PRIVATE KEY');
});

test('no function is told of one where no source needs it', async () => {
  const { run: { testKeys } } = await start(WebhookSource.notion({ secret: WebhookSecret.fromSecretName('notion') }));
  expect(mockMade.length).toBeGreaterThan(1);
  expect(mockMade.filter((each) => each.arguments !== undefined)).toEqual([]);
  expect(testKeys).toBeUndefined();
});
