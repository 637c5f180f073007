import type { Endpoint } from './endpoint';

/** What a case needs beyond an endpoint: a clock that can be moved, or patience for 120,000 messages. */
export type Need = 'clock' | 'scale';

/** One behaviour of SQS. */
export interface ConformanceCase {
  /** `group/name`, its key in result files and in differences.ts. */
  readonly id: string;
  readonly title: string;
  /** The sentence of AWS's documentation that an endpoint is held to, word for word. */
  readonly says: string;
  /** Where it stands: a page of the API reference (`API_…`, `CommonErrors`) or of the developer guide. */
  readonly page: string;
  readonly needs?: Need;
  /** Throws when the endpoint differs. */
  run(endpoint: Endpoint): Promise<void>;
}

const DOCUMENTATION = 'https://docs.aws.amazon.com/AWSSimpleQueueService/latest';

export function pageUrl(page: string): string {
  return `${DOCUMENTATION}/${isApiPage(page) ? 'APIReference' : 'SQSDeveloperGuide'}/${page}.html`;
}

export function isApiPage(page: string): boolean {
  return page.startsWith('API_') || page === 'CommonErrors';
}
