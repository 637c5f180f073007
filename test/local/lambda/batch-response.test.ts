import { failedMessages } from '../../../local/lambda/batch-response';

const IDS = ['m-1', 'm-2', 'm-3'];
const items = (...ids: unknown[]): unknown => ({ batchItemFailures: ids.map((itemIdentifier) => ({ itemIdentifier })) });

// https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html: "Success and failure conditions"
describe('a batch has succeeded as a whole', () => {
  test.each<[string, unknown]>([
    ['for null, which is what a handler that returns nothing posts', null],
    ['for an empty object', {}],
    ['for an object of another kind', { statusCode: 500 }],
    ['for a null list', { batchItemFailures: null }],
    ['for an empty list', items()],
  ])('%s', (_what, response) => {
    expect(failedMessages(JSON.stringify(response), IDS)).toEqual(new Set());
  });
});

describe('only the listed messages have failed', () => {
  test.each<[string, unknown, string[]]>([
    ['one', items('m-2'), ['m-2']],
    ['some, with one twice', items('m-3', 'm-1', 'm-3'), ['m-1', 'm-3']],
    ['all', items(...IDS), IDS],
    ['one, with fields of its own', { batchItemFailures: [{ itemIdentifier: 'm-1', reason: 'x' }], extra: 1 }, ['m-1']],
  ])('%s', (_what, response, failed) => {
    expect([...failedMessages(JSON.stringify(response), IDS)].sort()).toEqual(failed);
  });
});

describe('a batch has failed as a whole', () => {
  test.each<[string, string]>([
    ['for a response that is not JSON', 'OK'],
    ['for no response at all', ''],
    ['for a JSON string', '"OK"'],
    ['for a number', '1'],
    ['for a list', '[]'],
    ['for failures that are no list', '{"batchItemFailures":"m-1"}'],
    ['for failures that are an object', '{"batchItemFailures":{}}'],
    ['for an empty identifier', JSON.stringify(items(''))],
    ['for a null identifier', JSON.stringify(items(null))],
    ['for an identifier that is a number', JSON.stringify(items(1))],
    ['for an item with another key', '{"batchItemFailures":[{"messageId":"m-1"}]}'],
    ['for an item that is no object', '{"batchItemFailures":["m-1"]}'],
    ['for a null item', '{"batchItemFailures":[null]}'],
    ['for an identifier that is not in the batch', JSON.stringify(items('m-4'))],
    ['for one bad identifier among good ones', JSON.stringify(items('m-1', 'm-4'))],
  ])('%s', (_what, payload) => {
    expect(failedMessages(payload, IDS)).toEqual(new Set(IDS));
  });
});
