import {
  GetEventSourceMappingCommand, GetFunctionCommand, InvokeCommand, type InvokeCommandInput, type LambdaClient, ListEventSourceMappingsCommand,
  UpdateEventSourceMappingCommand,
} from '@aws-sdk/client-lambda';
import { ManualClock } from '../../../local/clock';
import { EventSourceMapping } from '../../../local/lambda/event-source-mapping';
import type { InvokeResult } from '../../../local/lambda/invocation';
import { LambdaApi } from '../../../local/lambda/lambda-api';
import { type MappingDescription, MappingControl, TRANSITION_SECONDS } from '../../../local/lambda/mapping-control';
import { ServiceEndpoint } from '../../../local/service-endpoint';
import { SqsEngine } from '../../../local/sqs/engine';
import type { Queue } from '../../../local/sqs/queue';
import { lambdaClient, post } from '../services';

const START = Date.parse('2026-11-20T12:00:00Z');
const FUNCTION_ARN = 'arn:aws:lambda:us-east-1:000000000000:function:Main-deliver';
const ID = '11111111-2222-4333-8444-555555555555';

let clock: ManualClock;
let queue: Queue;
let engine: SqsEngine;
let mapping: EventSourceMapping;
let endpoint: ServiceEndpoint;
let client: LambdaClient;
let events: unknown[];
let later: unknown[];
let result: InvokeResult;

const target = {
  name: 'Main-deliver', arn: FUNCTION_ARN, free: 10, onFree: () => () => undefined,
  invoke: async (event: unknown): Promise<InvokeResult> => {
    events.push(event);
    return result;
  },
  invokeAsync: (event: unknown) => void later.push(event),
};

beforeEach(async () => {
  [events, later] = [[], []];
  result = { outcome: 'success', requestId: 'r', payload: '{"batchItemFailures":[]}' };
  clock = new ManualClock(START);
  engine = new SqsEngine({ clock, region: 'us-east-1', account: '000000000000', origin: () => 'http://127.0.0.1:1' });
  queue = engine.createQueue('q');
  mapping = new EventSourceMapping({ queue, function: target, clock });
  const description: MappingDescription = {
    id: ID, arn: `arn:aws:lambda:us-east-1:000000000000:event-source-mapping:${ID}`, queueArn: queue.arn, functionArn: FUNCTION_ARN,
    batchSize: 5, maximumConcurrency: 2, reportBatchItemFailures: true,
  };
  endpoint = new ServiceEndpoint();
  const mappings = [new MappingControl(description, mapping, clock)];
  endpoint.addRestService(new LambdaApi({ functions: new Map([[FUNCTION_ARN, target]]), mappings }));
  await endpoint.listen(0);
  client = lambdaClient(endpoint.origin);
});

afterEach(async () => {
  client.destroy();
  await Promise.all([endpoint.close(), mapping.close()]);
  engine.close();
});

describe('an event source mapping', () => {
  const get = () => client.send(new GetEventSourceMappingCommand({ UUID: ID }));
  const enable = (Enabled?: boolean, more: object = {}) => client.send(new UpdateEventSourceMappingCommand({ UUID: ID, Enabled, ...more }));
  const stateOf = async (): Promise<string | undefined> => (await get()).State;

  test('is told', async () => {
    expect(await get()).toMatchObject({
      UUID: ID, EventSourceMappingArn: expect.stringContaining(ID), EventSourceArn: queue.arn, FunctionArn: FUNCTION_ARN, State: 'Enabled', BatchSize: 5,
      MaximumBatchingWindowInSeconds: 0, ScalingConfig: { MaximumConcurrency: 2 }, FunctionResponseTypes: ['ReportBatchItemFailures'], LastModified: new Date(START),
    });
  });

  test('is found by its function and by its queue', async () => {
    const list = async (input: object) => (await client.send(new ListEventSourceMappingsCommand(input))).EventSourceMappings?.map(({ UUID }) => UUID);
    for (const input of [{}, { FunctionName: 'Main-deliver' }, { FunctionName: FUNCTION_ARN, EventSourceArn: queue.arn }]) expect(await list(input)).toEqual([ID]);
    expect(await list({ EventSourceArn: 'arn:aws:sqs:us-east-1:000000000000:other' })).toEqual([]);
  });

  test('takes messages until it is off, leaves them alone while it is, and takes them again', async () => {
    await clock.advance(1_000);
    expect(await enable(false)).toMatchObject({ State: 'Disabling', LastModified: new Date(START + 1_000), $metadata: { httpStatusCode: 202 } });
    queue.send({ body: 'still taken' });
    await clock.advance(TRANSITION_SECONDS * 1000 - 1);
    expect([await stateOf(), events.length]).toEqual(['Disabling', 1]);
    await clock.advance(1);
    queue.send({ body: 'waits' });
    await clock.advance(3_600_000);
    expect([await stateOf(), events.length, queue.counts()]).toEqual(['Disabled', 1, { available: 1, delayed: 0, inFlight: 0 }]);
    expect((await enable(true)).State).toBe('Enabling');
    await clock.advance(TRANSITION_SECONDS * 1000 - 1);
    expect([await stateOf(), events.length]).toEqual(['Enabling', 1]);
    await clock.advance(1);
    expect([await stateOf(), events.length, queue.counts().available]).toEqual(['Enabled', 2, 0]);
    expect(events[1]).toMatchObject({ Records: [{ body: 'waits', attributes: { ApproximateReceiveCount: '1' } }] });
  });

  test('cannot be changed while it is being changed, and goes on to what was asked for first', async () => {
    await enable(false);
    for (const enabled of [true, false]) {
      await expect(enable(enabled)).rejects.toMatchObject({ name: 'ResourceInUseException', $metadata: { httpStatusCode: 400 }, message: expect.stringContaining('Disabling') });
    }
    await clock.advance(TRANSITION_SECONDS * 1000);
    expect(await stateOf()).toBe('Disabled');
  });

  test('stays what it is when that is asked for, at once', async () => {
    expect((await enable(true)).State).toBe('Enabled');
    expect((await enable()).State).toBe('Enabled');
    expect(clock.due).toBe(0);
  });

  test('cannot be changed in another way', async () => {
    await expect(enable(true, { BatchSize: 1 })).rejects.toMatchObject({ name: 'InvalidParameterValueException', message: expect.stringContaining('BatchSize') });
    const { status, body } = await post(`${endpoint.origin}/2015-03-31/event-source-mappings/${ID}`, { 'content-type': 'application/json' }, '{"Enabled":"no"}', 'PUT');
    expect([status, JSON.parse(body).Message]).toEqual([400, expect.stringContaining('not "no"')]);
  });

  test('that is not there is told', async () => {
    const input = { UUID: ID.replace('1', '9') };
    await expect(client.send(new GetEventSourceMappingCommand(input))).rejects.toMatchObject({ name: 'ResourceNotFoundException', $metadata: { httpStatusCode: 404 } });
    await expect(client.send(new UpdateEventSourceMappingCommand(input))).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });
});

describe('Invoke', () => {
  const invoke = (more: Partial<InvokeCommandInput> = {}) => client.send(new InvokeCommand({ FunctionName: 'Main-deliver', Payload: '{"probe":true}', ...more }));

  test.each(['Main-deliver', FUNCTION_ARN, `${FUNCTION_ARN}:$LATEST`, '000000000000:function:Main-deliver', 'Main-deliver:live'])('by %s runs the function and gives what it returned', async (FunctionName) => {
    const { StatusCode, FunctionError, Payload, ExecutedVersion, LogResult } = await invoke({ FunctionName });
    expect([StatusCode, FunctionError, Payload?.transformToString(), ExecutedVersion, LogResult]).toEqual([200, undefined, '{"batchItemFailures":[]}', '$LATEST', undefined]);
    expect(events).toEqual([{ probe: true }]);
  });

  test('gives the error of a function that fails, with a 200 that says so', async () => {
    result = { outcome: 'function-error', requestId: 'r', error: { errorType: 'TypeError', errorMessage: 'boom', trace: [] } };
    const { StatusCode, FunctionError, Payload } = await invoke();
    expect([StatusCode, FunctionError, JSON.parse(Payload!.transformToString())]).toEqual([200, 'Unhandled', { errorType: 'TypeError', errorMessage: 'boom', trace: [] }]);
  });

  test('as an event does not wait', async () => {
    expect(await invoke({ InvocationType: 'Event' })).toMatchObject({ StatusCode: 202 });
    expect([events, later]).toEqual([[], [{ probe: true }]]);
  });

  test('as a dry run runs nothing, and without a payload is given an empty object', async () => {
    expect(await invoke({ InvocationType: 'DryRun' })).toMatchObject({ StatusCode: 204 });
    expect(events).toEqual([]);
    await invoke({ Payload: undefined });
    expect(events).toEqual([{}]);
  });

  test.each<[string, Partial<InvokeCommandInput>, string, number]>([
    ['a function that is not there', { FunctionName: 'other' }, 'ResourceNotFoundException', 404],
    ['a payload that is not JSON', { Payload: '{' }, 'InvalidRequestContentException', 400],
    ['another type', { InvocationType: 'Later' as 'Event' }, 'InvalidParameterValueException', 400],
  ])('refuses %s', async (_name, more, name, httpStatusCode) => {
    await expect(invoke(more)).rejects.toMatchObject({ name, $metadata: { httpStatusCode } });
    expect(events).toEqual([]);
  });

  test.each<[InvokeResult, string]>([
    [{ outcome: 'event-too-large', bytes: 7_000_000 }, 'RequestTooLargeException'], [{ outcome: 'closed' }, 'ServiceException'],
  ])('tells the outcome %j', async (outcome, name) => {
    result = outcome;
    await expect(invoke()).rejects.toMatchObject({ name });
  });
});

test('another action says that it does not run here', async () => {
  await expect(client.send(new GetFunctionCommand({ FunctionName: 'f' }))).rejects.toMatchObject({ name: 'UnknownOperationException' });
});
