import type { AwsError, RestAnswer, RestService } from './aws-service';
import type { Clock } from './clock';

/** No name of a bucket begins with an underscore. */
const PATH = '/_cdk-webhooks/clock';

/** Tells the time of the run where its AWS services are: all that a command in another folder knows of a run is that address. */
export class ClockService implements RestService {
  constructor(private readonly clock: Clock) {}

  owns(method: string, path: string): boolean {
    return method === 'GET' && path === PATH;
  }

  async call(): Promise<RestAnswer> {
    const { mode } = this.clock;
    return answer(200, { mode, now: new Date(this.clock.now()).toISOString() });
  }

  tell({ status, message }: AwsError): RestAnswer {
    return answer(status, { error: message });
  }
}

function answer(status: number, body: { readonly [name: string]: string }): RestAnswer {
  return { status, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
}
