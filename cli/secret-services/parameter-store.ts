import {
  GetParameterCommand, paginateGetParameterHistory, ParameterVersionNotFound, PutParameterCommand, SSMClient,
  type Parameter, type PutParameterRequest,
} from '@aws-sdk/client-ssm';
import type { AwsAccess } from '../aws-access';
import { CliError, Exit } from '../cli-error';

export const parameterStore = {
  async read(access: AwsAccess, id: string): Promise<string | undefined> {
    return (await get(new SSMClient(access.client), id)).Value;
  },

  /**
   * No version can be taken away alone. So the current value is put again, once: the version before it has the same value then, and
   * nobody asks for older ones.
   */
  async revoke(access: AwsAccess, id: string): Promise<boolean> {
    const client = new SSMClient(access.client);
    const current = await get(client, id);
    const version = current.Version as number;
    const previous = version > 1 ? await get(client, `${id}:${version - 1}`).catch(noneIfGone) : undefined;
    if (!previous || previous.Value === current.Value) return false;
    const { Version } = await client.send(new PutParameterCommand({
      Name: id, Value: current.Value, Overwrite: true, ...await detailsOf(client, id, version),
    }));
    if (Version !== version + 1) throw putMeanwhile(id, version + 1);
    return true;
  },
};

async function get(client: SSMClient, Name: string): Promise<Parameter> {
  const { Parameter: parameter } = await client.send(new GetParameterCommand({ Name, WithDecryption: true }));
  if (parameter?.Type === 'SecureString') return parameter;
  throw new CliError(Exit.FAILED, `parameter ${JSON.stringify(Name)} has the type ${JSON.stringify(parameter?.Type)}, and functions use a SecureString only; `
    + 'delete it and put it again with --type SecureString');
}

/** What a put without it may set anew. Above all the key: a put that names none takes that of the account. */
async function detailsOf(client: SSMClient, Name: string, version: number): Promise<Partial<PutParameterRequest>> {
  for await (const { Parameters = [] } of paginateGetParameterHistory({ client }, { Name })) {
    const entry = Parameters.find(({ Version }) => Version === version);
    if (!entry) continue;
    const { Type, KeyId, Tier, DataType, Description, AllowedPattern } = entry;
    return { Type, KeyId, Tier, DataType, ...(Description && { Description }), ...(AllowedPattern && { AllowedPattern }) };
  }
  throw putMeanwhile(Name, version);
}

function noneIfGone(error: unknown): undefined {
  if (!(error instanceof ParameterVersionNotFound)) throw error;
  return undefined;
}

/** Parameter Store has no put that depends on the version. */
function putMeanwhile(id: string, version: number): CliError {
  return new CliError(Exit.FAILED, `somebody else put a value into parameter ${JSON.stringify(id)} at the same time: look whether version ${version} is the right one, `
    + 'put that value again if another is the latest, and revoke once more');
}
