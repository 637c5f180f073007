import { Agent, request } from 'node:http';
import { text } from 'node:stream/consumers';

interface Answer {
  readonly [name: string]: unknown;
}

/**
 * Calls without the SDK, which takes longer over a call than a fast endpoint does: 24,000 of them fill a queue. They are not signed,
 * and so not for AWS.
 */
export class BulkClient {
  private readonly agent = new Agent({ keepAlive: true });

  constructor(private readonly url: string) {}

  async call(action: string, input: object): Promise<Answer> {
    const body = JSON.stringify(input);
    const headers = {
      'content-type': 'application/x-amz-json-1.0', 'x-amz-target': `AmazonSQS.${action}`, 'content-length': Buffer.byteLength(body),
    };
    const answer = await new Promise<{ status: number | undefined; body: string }>((resolve, reject) => {
      request(this.url, { method: 'POST', agent: this.agent, headers }, (response) => {
        text(response).then((answered) => resolve({ status: response.statusCode, body: answered }), reject);
      }).on('error', reject).end(body);
    });
    if (answer.status !== 200) throw new Error(`${action} is answered ${answer.status}: ${answer.body.slice(0, 200)}`);
    return JSON.parse(answer.body || '{}') as Answer;
  }

  close(): void {
    this.agent.destroy();
  }
}
