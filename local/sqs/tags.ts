import { invalidValue } from './errors';
import type { AttributeMap } from './queue-attributes';

const ALLOWED = 'letters, digits, spaces and _.:/=+-@, and don\'t begin with aws:.';

/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-queues.html */
export function checkTags(tags: AttributeMap): void {
  for (const [key, value] of Object.entries(tags)) {
    if (!isAllowed(key, 1, 128)) throw invalidValue('Tags', key, `Tag keys have 1 to 128 ${ALLOWED}`);
    if (!isAllowed(value, 0, 256)) throw invalidValue('Tags', value, `Tag values have 0 to 256 ${ALLOWED}`);
  }
}

function isAllowed(text: string, min: number, max: number): boolean {
  const length = [...text].length;
  return length >= min && length <= max && /^[\p{L}\p{N}\p{Z}_.:/=+\-@]*$/u.test(text) && !/^aws:/i.test(text);
}
