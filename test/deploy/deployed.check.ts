import { DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { CreateSecretCommand, DeleteSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { GetQueueAttributesCommand, ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { DeleteParameterCommand, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { accountId } from './aws-call';
import { cdkIn, type Cdk } from './cdk';
import { event, gatewayChecks } from './checks';
import { Deployment, type DeploymentOptions } from './deployment';
import { CHANGED_ROUTES, namedParameter, namedSecrets, ROUTES, STRIPE_FIELD } from './gateway';
import { mend } from './mend';
import { authoritiesIn, prepare, skipped } from './prepare';
import { privateAddress } from './private-address';
import { Traffic } from './traffic';

/** Another one each time, so that what an earlier run has left does not matter. */
const STACK = `Deployed-${randomBytes(3).toString('hex')}`;

(skipped ? describe.skip : describe)(`a gateway deployed by the CDK command line${skipped ? ` (skipped, as ${skipped})` : ''}`, () => {
  let folder: string;
  let cdk: Cdk;
  let options: DeploymentOptions;
  let deployment: Deployment;

  beforeAll(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'deployed-'));
    cdk = cdkIn(folder);
    options = await prepare(STACK, folder);
    await createSecrets(options);
    // In a folder without cdk.json: there, bootstrapping would run the app.
    await cdk(['bootstrap', `aws://${await accountId(options)}/${options.region}`], folder);
    await deploy();
  }, 120_000);

  afterAll(async () => {
    deployment?.close();
    await options?.receiver.close();
    if (options) await deleteSecrets(options);
    rmSync(folder, { recursive: true, force: true });
  });

  async function deploy(changed = false): Promise<void> {
    const targets = new Set(Object.values(changed ? CHANGED_ROUTES : ROUTES).flat());
    const urls = [...targets].map((name) => [`${name}Url`, options.receiver.url(name)]);
    const parameters = { authorities: authoritiesIn(folder), ...Object.fromEntries(urls) };
    const context = { stack: STACK, changed, network: privateAddress?.cidr };
    await cdk([
      'deploy', STACK, '--app', 'npx tsx test/deploy/app.ts', '--output', path.join(folder, 'cdk.out'), '--require-approval', 'never',
      ...Object.entries(context).flatMap(([name, value]) => ['--context', `${name}=${value}`]),
      ...Object.entries(parameters).flatMap(([name, value]) => ['--parameters', `${name}=${value}`]),
    ]);
    deployment?.close();
    deployment = await Deployment.find(options);
    await mend(deployment);
  }

  jest.setTimeout(30_000);
  gatewayChecks(() => deployment);

  test('a change of the stack under traffic loses nothing that was answered 2xx', async () => {
    const traffic = new Traffic(deployment, 'github');
    await deploy(true);
    const { accepted, refused } = await traffic.stop();
    expect(accepted.length).toBeGreaterThan(10);
    for (const body of accepted) await deployment.arrivals('audit', body);
    console.info(`during the change, ${accepted.length} webhooks were answered 2xx and arrived, ${refused} were not answered 2xx`);
  }, 120_000);

  test.each(Object.entries(CHANGED_ROUTES))('after the change, %s is handed to %s', async (source, targets) => {
    const body = event();
    expect((await deployment.send(source, body)).status).toBe(200);
    for (const target of targets) await deployment.arrivals(target, body);
  });

  test('deleting the stack leaves queues with what is in them, and secrets', async () => {
    const body = event();
    deployment.receiver.answer('audit', body, 410);
    await deployment.send('github', body);
    await deployment.arrivals('audit', body);
    const { queue, deadLetterQueue } = deployment.target('audit');
    const [queueUrl, deadLetterQueueUrl] = [queue, deadLetterQueue].map((logicalId) => deployment.physicalId(logicalId));
    const signingSecret = await deployment.signingSecret('billing');
    await deployment.until(20, 'the dead letter', async () => await depth(deadLetterQueueUrl) === 1 || undefined);

    await cdk(['destroy', STACK, '--app', path.join(folder, 'cdk.out'), '--force']);
    await expect(deployment.cloudFormation.send(new DescribeStacksCommand({ StackName: STACK }))).rejects.toThrow(/does not exist/);
    expect((await deployment.send('github', event())).status).toBe(404);
    expect(await depth(queueUrl)).toBe(0);
    const { Messages: [letter] = [] } = await deployment.sqs.send(new ReceiveMessageCommand({ QueueUrl: deadLetterQueueUrl }));
    expect(JSON.parse(letter?.Body ?? '')).toMatchObject({ body: body.toString() });
    expect(await deployment.signingSecret('billing')).toBe(signingSecret);
  }, 60_000);

  async function depth(QueueUrl: string | undefined): Promise<number> {
    const { Attributes } = await deployment.sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['ApproximateNumberOfMessages'] }));
    return Number(Attributes?.['ApproximateNumberOfMessages']);
  }
});

async function createSecrets(options: DeploymentOptions): Promise<void> {
  const { secrets, parameters } = clientsOf(options);
  const key = (): string => randomBytes(24).toString('base64');
  const values = { github: key(), stripe: JSON.stringify({ [STRIPE_FIELD]: `whsec_${key()}` }), audit: key() };
  for (const [name, Name] of Object.entries(namedSecrets(STACK))) {
    await secrets.send(new CreateSecretCommand({ Name, SecretString: values[name as keyof typeof values] }));
  }
  await parameters.send(new PutParameterCommand({ Name: namedParameter(STACK), Type: 'SecureString', Value: key() }));
  for (const client of [secrets, parameters]) client.destroy();
}

async function deleteSecrets(options: DeploymentOptions): Promise<void> {
  const { secrets, parameters } = clientsOf(options);
  for (const SecretId of Object.values(namedSecrets(STACK))) {
    await secrets.send(new DeleteSecretCommand({ SecretId, ForceDeleteWithoutRecovery: true }));
  }
  await parameters.send(new DeleteParameterCommand({ Name: namedParameter(STACK) }));
  for (const client of [secrets, parameters]) client.destroy();
}

function clientsOf({ endpoint, region, credentials }: DeploymentOptions): { secrets: SecretsManagerClient; parameters: SSMClient } {
  const client = { endpoint, region, credentials };
  return { secrets: new SecretsManagerClient(client), parameters: new SSMClient(client) };
}
