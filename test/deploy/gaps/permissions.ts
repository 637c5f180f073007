import { ListSecretsCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { GetEventSourceMappingCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { PublishBatchCommand, PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { ListQueuesCommand, SendMessageBatchCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { GetParameterCommand, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import type { Account } from '../account';
import { accountId, elementText, query } from '../aws-call';
import type { Lab } from './lab';
import type { Area } from './probe';
import { PARAMETER } from './template';

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
    {
      what: '`SendMessageBatch`',
      aws: 'is allowed by a policy that names `SendMessage`, and there is no other that could',
      page: 'https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-batch-api.html',
      look: async (lab) => {
        const client = await sending(lab, SQSClient);
        const QueueUrl = lab.physicalId('Alive');
        await client.send(new SendMessageCommand({ QueueUrl, MessageBody: 'alone' }));
        return allowance(() => client.send(new SendMessageBatchCommand({ QueueUrl, Entries: [{ Id: '0', MessageBody: 'in a batch' }] })));
      },
    },
    {
      what: '`PublishBatch`',
      aws: 'is allowed by a policy that names `Publish`, and there is no other that could',
      page: 'https://docs.aws.amazon.com/sns/latest/dg/sns-access-policy-language-api-permissions-reference.html',
      look: async (lab) => {
        const client = await sending(lab, SNSClient);
        const TopicArn = lab.physicalId('Topic');
        await client.send(new PublishCommand({ TopicArn, Message: 'alone' }));
        return allowance(() => client.send(new PublishBatchCommand({ TopicArn, PublishBatchRequestEntries: [{ Id: '0', Message: 'in a batch' }] })));
      },
    },
    {
      what: 'a version of a parameter, which is got as `name:N`',
      aws: 'is allowed by a policy that names the parameter',
      page: 'https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssystemsmanager.html#awssystemsmanager-resources-for-iam-policies',
      look: async (lab) => {
        for (const Value of ['one', 'two']) {
          await new SSMClient(lab.account).send(new PutParameterCommand({ Name: PARAMETER, Value, Type: 'SecureString', Overwrite: true }));
        }
        const client = new SSMClient(await asRole(lab, 'ReadingRole'));
        await client.send(new GetParameterCommand({ Name: PARAMETER, WithDecryption: true }));
        try {
          return (await client.send(new GetParameterCommand({ Name: `${PARAMETER}:1`, WithDecryption: true }))).Parameter?.Value === 'one' || 'is another one';
        } catch (error) {
          return (error as Error).message.includes(`${PARAMETER}:1`) ? 'is allowed by one that names the version' : `fails: ${(error as Error).name}`;
        }
      },
    },
    {
      what: '`SendMessage` to a queue with a key that the sender may not use',
      aws: 'is refused',
      page: 'https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html',
      look: async (lab) => {
        const client = await sending(lab, SQSClient);
        return refusal(() => client.send(new SendMessageCommand({ QueueUrl: lab.physicalId('Encrypted'), MessageBody: 'encrypted' })), /Denied|KMS/i);
      },
    },
  ],
};

/** A client of the role that may send single messages, and nothing else. */
async function sending<C>(lab: Lab, Client: new (options: Account & { useQueueUrlAsEndpoint: false }) => C): Promise<C> {
  return new Client({ ...await asRole(lab, 'SendingRole'), useQueueUrlAsEndpoint: false });
}

async function allowance(attempt: () => Promise<unknown>): Promise<true | string> {
  try {
    await attempt();
    return true;
  } catch (error) {
    const [action] = /\bs[qn]s:\w+/.exec((error as Error).message) ?? [];
    return action ? `is allowed by one that names \`${action}\`` : `fails: ${(error as Error).name}`;
  }
}

async function asRole(lab: Lab, role = 'Role'): Promise<Account> {
  const { account } = lab;
  const RoleArn = `arn:aws:iam::${await accountId(account)}:role/${lab.physicalId(role)}`;
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
