import { TARGET_URL_VARIABLE, type HttpSettings } from '../../../lib/contract/config';
import type { Sender, SenderContext, SendResult } from '../../../lib/contract/sender';
import { AddressPolicy } from '../../shared/address';
import { Egress, type EgressRequest, type EgressResult } from '../../shared/egress';
import { describe } from '../../shared/log';
import { createAuthorization } from '../auth';
import { AuthorizationError, type Authorization } from '../auth/authorization';
import { headerLines } from '../http/headers';
import { judge } from '../http/judge';
import { Signer } from '../http/signature';

/** POSTs events to a URL, signed as Standard Webhooks says. Throws for settings that can never work. */
export function createSender({ settings, environment, secrets, recordResponses }: SenderContext): Sender {
  const http = settings as unknown as HttpSettings;
  const url = readUrl(environment[TARGET_URL_VARIABLE]);
  const policy = new AddressPolicy(http.allowedPrivateCidrs);
  const egress = new Egress(policy);
  const signer = new Signer(http, secrets);
  const authorization = http.auth && createAuthorization(http.auth, {
    environment, secrets, policy, egress, overlapSeconds: http.previousSecretOverlapSeconds,
  });
  const lines = headerLines(http, url, [...Object.values(signer.names), ...authorization?.headers ?? []]);
  return {
    async send(delivery) {
      const now = Date.now();
      try {
        const headers = lines(delivery).concat(await signer.lines(delivery, now));
        const request = { url, headers, body: delivery.body, signal: delivery.signal };
        const result = authorization ? await postAuthorized(authorization, request, egress) : await egress.post(request);
        return { ...judge(result, now), ...(recordResponses && responseOf(result)) };
      } catch (error) {
        return nothingSent(error);
      }
    },
  };
}

function readUrl(text: string | undefined): URL {
  if (text !== undefined && URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)) return new URL(text);
  throw new Error(`the environment variable ${TARGET_URL_VARIABLE} is not an http or https URL; deploy the stack again`);
}

/** A 401 to what may just be out of date is tried again at once with something newer, where there is any. */
async function postAuthorized(authorization: Authorization, request: EgressRequest, usual: Egress): Promise<EgressResult> {
  const egress = await authorization.egress?.() ?? usual;
  const postWith = (lines: readonly string[]): Promise<EgressResult> => egress.post({ ...request, headers: request.headers.concat(lines) });
  const result = await postWith(await authorization.lines(request, 0) ?? []);
  if (result.outcome !== 'status' || result.status !== 401) return result;
  const others = await authorization.lines(request, 1);
  return others ? postWith(others) : result;
}

const RECORDED_BYTES = 1_024;

/** For a person: bytes that are no text are replaced. */
function responseOf(result: EgressResult): Pick<SendResult, 'response'> {
  return result.outcome === 'status' ? { response: Buffer.from(result.body.subarray(0, RECORDED_BYTES)).toString('utf8') } : {};
}

/** Secrets and tokens come back; until then the attempt has failed, and is tried again as any other. */
function nothingSent(error: unknown): SendResult {
  if (error instanceof AuthorizationError) return { outcome: error.outcome, status: null, detail: error.message };
  return { outcome: 'aws', status: null, detail: `the request could not be made: ${describe(error)}` };
}
