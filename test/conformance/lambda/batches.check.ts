import { ManualClock } from '../../../local/clock';
import { EventSourceMapping } from '../../../local/lambda/event-source-mapping';
import { SqsEngine } from '../../../local/sqs/engine';
import type { Queue } from '../../../local/sqs/queue';
import { closeFunctions, removeFolders } from '../../local/lambda/support';
import { CLIENTS, describeWithRic, functionOf, ricVersion, type Client } from './clients';

/** What handlers of three messages, `a`, `b` and `c`, do, where `id` gives the message id of a body; and the bodies that come again. */
const HANDLERS: [string, string, string[]][] = [
  ['succeeds with an empty list', 'return { batchItemFailures: [] };', []],
  ['succeeds with null for the list', 'return { batchItemFailures: null };', []],
  ['succeeds with an empty response', 'return {};', []],
  ['succeeds with null', 'return null;', []],
  ['succeeds with nothing', '', []],
  ['fails in part', 'return { batchItemFailures: [{ itemIdentifier: id("b") }] };', ['b']],
  ['fails in part, with one twice', 'return { batchItemFailures: [id("c"), id("a"), id("c")].map((itemIdentifier) => ({ itemIdentifier })) };', ['a', 'c']],
  ['fails with an empty identifier', 'return { batchItemFailures: [{ itemIdentifier: "" }] };', ['a', 'b', 'c']],
  ['fails with null as the identifier', 'return { batchItemFailures: [{ itemIdentifier: null }] };', ['a', 'b', 'c']],
  ['fails with another name for the identifier', 'return { batchItemFailures: [{ messageId: id("b") }] };', ['a', 'b', 'c']],
  ['fails with an identifier of no message', 'return { batchItemFailures: [{ itemIdentifier: "m-0" }] };', ['a', 'b', 'c']],
  ['fails with what is no response', 'return "OK";', ['a', 'b', 'c']],
  ['fails with a list that JSON cannot say', 'return { batchItemFailures: [{ itemIdentifier: 1n }] };', ['a', 'b', 'c']],
  ['fails by throwing', 'throw new Error("no");', ['a', 'b', 'c']],
  ['fails by ending the process', 'process.exit(1);', ['a', 'b', 'c']],
  ['fails by returning too much', 'return { batchItemFailures: [], more: "x".repeat(6_291_556) };', ['a', 'b', 'c']],
];

describeWithRic(`a batch of messages with a handler that aws-lambda-ric ${ricVersion} runs, as with ours,`, () => {
  let clock: ManualClock;
  let engine: SqsEngine;
  let queue: Queue;
  let mapping: EventSourceMapping | undefined;

  beforeEach(() => {
    clock = new ManualClock(Date.parse('2030-01-01T00:00:00.000Z'));
    engine = new SqsEngine({ clock, region: 'eu-west-1', account: '000000000000', origin: () => 'http://127.0.0.1:1' });
    queue = engine.createQueue('orders', { VisibilityTimeout: '30' }, {});
  });

  afterEach(async () => {
    await mapping?.close();
    engine.close();
    clock.close();
    await closeFunctions();
  });

  afterAll(removeFolders);

  describe.each(HANDLERS)('%s', (_what, body, failed) => {
    test.each(CLIENTS)('(%s)', async (client) => {
      for (const text of ['a', 'b', 'c']) queue.send({ body: text });
      mapping = map(client, body);
      await clock.advance(0);
      expect(queue.counts()).toMatchObject({ available: 0, inFlight: failed.length });
      mapping.pause();
      await clock.advance(31_000);
      expect(queue.receive({ maxMessages: 10 }).map((message) => [message.body, message.attributes['ApproximateReceiveCount']]).sort())
        .toEqual(failed.map((text) => [text, '2']));
    });
  });

  function map(client: Client, body: string): EventSourceMapping {
    const { target } = functionOf(client, `export const handler = async ({ Records }) => {
      const id = (body) => Records.find((record) => record.body === body).messageId;
      ${body} };`, { clock });
    return new EventSourceMapping({ queue, function: target, clock, reportBatchItemFailures: true });
  }
});
