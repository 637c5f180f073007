import http from 'node:http';
import { listen } from './servers';

const ANSWERS: { readonly [action: string]: object } = {
  'secretsmanager.GetSecretValue': { SecretString: 'whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD', CreatedDate: 1 },
  'AmazonSQS.GetQueueAttributes': { Attributes: { ApproximateNumberOfMessagesNotVisible: '10' } },
};

/** Secrets Manager and SQS, as far as a delivery function asks them. */
export async function fakeAws(): Promise<{ origin: string; close: () => void }> {
  const server = http.createServer((request, response) => {
    request.resume().on('end', () => response.end(JSON.stringify(ANSWERS[request.headers['x-amz-target'] as string] ?? {})));
  });
  return { origin: await listen(server), close: () => { server.closeAllConnections(); server.close(); } };
}
