import { DescribeSecretCommand, GetSecretValueCommand, SecretsManagerClient, UpdateSecretVersionStageCommand } from '@aws-sdk/client-secrets-manager';
import type { AwsAccess } from '../aws-access';

const PREVIOUS = 'AWSPREVIOUS';

export const secretsManager = {
  async read(access: AwsAccess, id: string): Promise<string | undefined> {
    return (await new SecretsManagerClient(access.client).send(new GetSecretValueCommand({ SecretId: id }))).SecretString;
  },

  async revoke(access: AwsAccess, id: string): Promise<boolean> {
    const client = new SecretsManagerClient(access.client);
    const { VersionIdsToStages = {} } = await client.send(new DescribeSecretCommand({ SecretId: id }));
    const [version] = Object.entries(VersionIdsToStages).find(([, stages]) => stages?.includes(PREVIOUS)) ?? [];
    if (version === undefined) return false;
    await client.send(new UpdateSecretVersionStageCommand({ SecretId: id, VersionStage: PREVIOUS, RemoveFromVersionId: version }));
    return true;
  },
};
