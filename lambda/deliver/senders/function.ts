import { InvokeCommand, LambdaClient, type InvokeCommandOutput } from '@aws-sdk/client-lambda';
import type { FunctionSettings } from '../../../lib/contract/aws-settings';
import type { Sender, SenderContext, SendResult } from '../../../lib/contract/sender';
import { callFor, DELIVERED } from '../aws/call';
import { clientOptions } from '../aws/client';
import { documentOf } from '../aws/document';
import { tooBig } from '../aws/failure';

const CALL = 'Lambda Invoke';

/** Of a synchronous invocation: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const MAX_BYTES = 6 * 1024 * 1024;

/** Invokes a function with the event and waits for it to end: what it has not finished is not delivered. */
export function createSender({ settings, environment }: SenderContext): Sender {
  const { functionName } = settings as unknown as FunctionSettings;
  const client = new LambdaClient(clientOptions('LAMBDA', environment, functionName));
  return {
    async send(delivery) {
      const payload = Buffer.from(documentOf(delivery));
      if (payload.length > MAX_BYTES) return tooBig('the function\'s event', payload.length, MAX_BYTES);
      const command = new InvokeCommand({ FunctionName: functionName, InvocationType: 'RequestResponse', Payload: payload });
      return callFor(CALL, () => client.send(command, { abortSignal: delivery.signal }), judge);
    },
  };
}

/** A function that throws is an answer of 200 with a header. Its message may quote the event; the error's type does not. */
function judge({ FunctionError, Payload }: InvokeCommandOutput): SendResult {
  if (!FunctionError) return DELIVERED;
  return { outcome: 'aws', status: null, detail: `the function failed: ${errorType(Payload) ?? FunctionError}` };
}

const ERROR_TYPE = /^[\w.$:<>-]{1,100}$/;

function errorType(payload: Uint8Array | undefined): string | undefined {
  try {
    const { errorType: type } = JSON.parse(Buffer.from(payload ?? []).toString()) as { errorType?: unknown };
    return typeof type === 'string' && ERROR_TYPE.test(type) ? type : undefined;
  } catch {
    return undefined;
  }
}
