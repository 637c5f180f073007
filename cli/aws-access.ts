import { CliError, Exit } from './cli-error';
import { readRunNote, type KnownRun, type RunNote } from './run-note';

// The SDK's word about Node 20 is for whoever installs it: here it is bundled, at a version that runs on Node 20.
process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';

/** Where the AWS services are that a command talks to, and as whom. */
export interface AwsAccess {
  /** Absent: AWS itself, with the user's own configuration. */
  readonly endpoint?: string;
  /** The local run behind the endpoint; of one that this folder has no note of, and of an emulator, no more than that endpoint. */
  readonly run?: KnownRun;
  /** Options for the constructor of an SDK client. */
  readonly client: { readonly endpoint?: string; readonly region?: string; readonly credentials?: Credentials };
}

interface Credentials { readonly accessKeyId: string; readonly secretAccessKey: string }

const DUMMY: Credentials = { accessKeyId: 'LOCAL', secretAccessKey: 'local' };

/** `--endpoint`, else AWS_ENDPOINT_URL, else the run noted in this folder, else the account of the user's credentials. */
export function findAccess(endpoint: string | undefined, folder: string, environment: NodeJS.ProcessEnv): AwsAccess {
  const warn = (message: string): unknown => process.stderr.write(`cdk-webhooks: ${message}\n`);
  const note = readRunNote(folder, warn);
  const named = endpoint ?? (environment['AWS_ENDPOINT_URL'] || undefined);
  const url = named ?? note?.awsEndpointUrl;
  if (url === undefined) return { client: {} };
  if (!/^https?:$/.test(URL.canParse(url) ? new URL(url).protocol : '')) {
    throw new CliError(Exit.USAGE, `${endpoint === undefined ? 'AWS_ENDPOINT_URL' : '--endpoint'} is ${JSON.stringify(url)};`
      + ' write the awsEndpointUrl of a local run, such as http://127.0.0.1:4566');
  }
  const noted = note && sameOrigin(url, note.awsEndpointUrl) ? note : undefined;
  if (!noted && !isLoopback(url)) return { endpoint: url, client: { endpoint: url } };
  return { endpoint: url, run: noted ?? { awsEndpointUrl: url }, client: { endpoint: url, ...localClient(noted, environment) } };
}

/** Nothing on loopback checks a signature, but an emulator may tell accounts apart by the key: a key that is set is used, except on a run of ours. */
function localClient(run: RunNote | undefined, environment: NodeJS.ProcessEnv): AwsAccess['client'] {
  const region = run?.region ?? environment['AWS_REGION'] ?? environment['AWS_DEFAULT_REGION'] ?? 'us-east-1';
  return !run && environment['AWS_ACCESS_KEY_ID'] ? { region } : { region, credentials: DUMMY };
}

function sameOrigin(a: string, b: string): boolean {
  return normalised(a) === normalised(b);
}

function normalised(url: string): string {
  return new URL(url).origin.replace('//localhost', '//127.0.0.1');
}

export function isLoopback(url: string): boolean {
  return /^(localhost|.+\.localhost|127(\.\d+){3}|\[::1\])$/.test(new URL(url).hostname);
}

/** What an SDK client threw, as one of the command line's failures. `subject` is what was asked for, and `doing` what was to be done with it. */
export function awsFailure(error: unknown, subject: string, access: AwsAccess, doing = 'read'): CliError {
  if (error instanceof CliError) return error;
  const { name, message, code } = error as { name?: string; message?: string; code?: string };
  const where = access.endpoint ?? 'AWS';
  const connection = CONNECTION.exec(`${code} ${name} ${message}`)?.[0];
  if (connection) {
    const cure = access.endpoint === undefined ? 'check your network and region' : 'is cdk-webhooks dev running?';
    return new CliError(Exit.NO_ACCESS, `nothing answers at ${where} (${connection}); ${cure}`);
  }
  if (DENIED.test(`${name}`)) {
    return new CliError(Exit.NO_ACCESS, `no access to ${subject}: ${message}; check your credentials, region and permissions`);
  }
  if (/Region is missing/.test(`${message}`)) return new CliError(Exit.NO_ACCESS, 'no region is configured; set AWS_REGION, or give --endpoint of a local run');
  if (name === 'ResourceNotFoundException' || name === 'ParameterNotFound' || (name === 'ValidationError' && /does not exist/.test(`${message}`))) {
    return new CliError(Exit.NO_MATCH, `there is no ${subject} at ${where}`);
  }
  return new CliError(Exit.FAILED, `cannot ${doing} ${subject} at ${where}: ${name}: ${message}`);
}

const CONNECTION = /\b(ECONNREFUSED|ECONNRESET|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|EPIPE|TimeoutError)\b/;
const DENIED = new RegExp(['Credentials', 'AccessDenied', 'UnauthorizedOperation', 'NotAuthorized', 'OptInRequired', 'ExpiredToken', 'UnrecognizedClient',
  'InvalidClientTokenId', 'SignatureDoesNotMatch', 'TokenProviderError', 'TokenError'].join('|'));
