import { ListSecretsCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { GetEventSourceMappingCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { ListQueuesCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { Account } from '../account';
import { accountId, elementText, query } from '../aws-call';
import type { Lab } from './lab';
import type { Area } from './probe';

const GUIDE = 'https://docs.aws.amazon.com/IAM/latest/UserGuide';

export const PERMISSIONS: Area = {
  name: 'Permissions',
  probes: [
    {
      what: 'a call that no policy of the role allows',
      aws: 'is refused',
      page: `${GUIDE}/reference_policies_evaluation-logic.html`,
      look: async (lab) => {
        const account = await asRole(lab);
        // What the role may do, it can do: the refusal is not for another reason.
        await new SQSClient({ ...account, useQueueUrlAsEndpoint: false }).send(new ListQueuesCommand({}));
        return refusal(() => new SecretsManagerClient(account).send(new ListSecretsCommand({})), /AccessDenied/);
      },
    },
    {
      what: 'a request that a role has signed with a wrong key',
      aws: 'is refused',
      page: `${GUIDE}/reference_sigv.html`,
      look: async (lab) => {
        const account = await asRole(lab);
        const credentials = { ...account.credentials, secretAccessKey: 'another' };
        return refusal(() => new SQSClient({ ...account, credentials, useQueueUrlAsEndpoint: false }).send(new ListQueuesCommand({})), /Signature/);
      },
    },
    {
      what: '`GetEventSourceMapping`',
      aws: 'is allowed by a policy that names it',
      page: 'https://docs.aws.amazon.com/service-authorization/latest/reference/list_awslambda.html',
      look: async (lab) => {
        const UUID = lab.physicalId('RecordMapping');
        try {
          await new LambdaClient(await asRole(lab)).send(new GetEventSourceMappingCommand({ UUID }));
          return true;
        } catch (error) {
          const [action] = /lambda:(?!GetEventSourceMapping)\w+/.exec((error as Error).message) ?? [];
          return action ? `is allowed by one that names \`${action}\`` : `fails: ${(error as Error).name}`;
        }
      },
    },
  ],
};

async function asRole(lab: Lab): Promise<Account> {
  const { account } = lab;
  const RoleArn = `arn:aws:iam::${await accountId(account)}:role/${lab.physicalId('Role')}`;
  const session = await query(account, 'sts', '2011-06-15', 'AssumeRole', { RoleArn, RoleSessionName: 'probe' });
  const [accessKeyId, secretAccessKey, sessionToken] = ['AccessKeyId', 'SecretAccessKey', 'SessionToken'].map((name) => elementText(session, name));
  return { ...account, credentials: { accessKeyId, secretAccessKey, sessionToken } as Account['credentials'] };
}

async function refusal(attempt: () => Promise<unknown>, name: RegExp): Promise<true | string> {
  try {
    await attempt();
    return 'is carried out';
  } catch (error) {
    return name.test((error as Error).name) || `fails: ${(error as Error).name}`;
  }
}
