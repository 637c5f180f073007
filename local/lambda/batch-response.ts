/**
 * Which messages of a batch failed, by what the function returned, when the mapping has ReportBatchItemFailures.
 *
 * The whole batch has succeeded when the response is null, is an object without `batchItemFailures`, or has null or an empty list
 * there. It has failed as a whole when the response is no such object, or when any item has an empty, null, missing or unknown
 * `itemIdentifier`. https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html#services-sqs-batchfailurereporting
 */
export function failedMessages(payload: string, messageIds: readonly string[]): ReadonlySet<string> {
  const known = new Set(messageIds);
  const items = failureItems(payload);
  if (!items) return known;
  const failed = items.map((item) => (isRecord(item) ? item.itemIdentifier : undefined));
  return failed.every((id): id is string => typeof id === 'string' && known.has(id)) ? new Set(failed) : known;
}

/** The list of failures; null when the response is malformed. */
function failureItems(payload: string): unknown[] | null {
  const response = parse(payload);
  if (response === null) return [];
  if (!isRecord(response)) return null;
  const items = response.batchItemFailures ?? [];
  return Array.isArray(items) ? items : null;
}

function parse(payload: string): unknown {
  try {
    return JSON.parse(payload);
  } catch {
    return undefined;
  }
}

function isRecord(value: unknown): value is { [key: string]: unknown } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
