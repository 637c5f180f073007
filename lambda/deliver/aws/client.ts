/** The services' names in variables of endpoints: https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html */
export type ServiceId = 'SQS' | 'SNS' | 'EVENTBRIDGE' | 'LAMBDA' | 'SFN' | 'KINESIS' | 'FIREHOSE' | 'S3';

export interface Environment {
  readonly [name: string]: string | undefined;
}

/** An attempt has a deadline of its own; what cannot even connect leaves time for the second try. */
export const CONNECTION_TIMEOUT_MS = 3_000;

/**
 * What all clients are made with. Region, credentials and endpoint are said here, though the SDK would find them: its search ends
 * in a person's files and in the metadata of a machine, and a local run must reach neither.
 */
export function clientOptions(service: ServiceId, environment: Environment, resource = '') {
  const endpoint = endpointOf(service, environment);
  return {
    region: regionOf(resource) ?? environment['AWS_REGION'],
    credentials: async () => ({
      accessKeyId: required('AWS_ACCESS_KEY_ID', environment),
      secretAccessKey: required('AWS_SECRET_ACCESS_KEY', environment),
      ...(environment['AWS_SESSION_TOKEN'] && { sessionToken: environment['AWS_SESSION_TOKEN'] }),
    }),
    // A person's file may ask for FIPS hosts, which no other endpoint goes with.
    ...(endpoint && { endpoint, useFipsEndpoint: false, useDualstackEndpoint: false }),
    maxAttempts: 2,
    retryMode: 'standard',
    requestHandler: { connectionTimeout: CONNECTION_TIMEOUT_MS },
  };
}

/** Where every request of the service goes. Undefined: to AWS. */
export function endpointOf(service: ServiceId, environment: Environment): string | undefined {
  return environment[`AWS_ENDPOINT_URL_${service}`] || environment['AWS_ENDPOINT_URL'] || undefined;
}

/** `arn:aws:sns:<region>:…`, and https://docs.aws.amazon.com/general/latest/gr/sqs-service.html */
const REGION = /^arn:[^:]*:[^:]*:([a-z0-9-]+):|^https:\/\/(?:sqs\.([a-z0-9-]+)\.|([a-z0-9-]+)\.queue\.)amazonaws\./;

/** A service is asked in the region of its resource: it does not pass requests on to others. */
function regionOf(resource: string): string | undefined {
  const [, ...regions] = REGION.exec(resource) ?? [];
  return regions.find((region) => region !== undefined);
}

function required(name: string, environment: Environment): string {
  const value = environment[name];
  if (!value) throw new Error(`the environment variable ${name} is not set; Lambda always sets it`);
  return value;
}
