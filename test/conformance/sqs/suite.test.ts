import { ok } from 'node:assert/strict';
import { CreateQueueCommand, ListQueuesCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { ManualClock } from '../../../local/clock';
import { ControlServer } from '../../../local/control';
import { ServiceEndpoint } from '../../../local/service-endpoint';
import { SqsEngine } from '../../../local/sqs/engine';
import type { ConformanceCase } from './case';
import { createClient } from './endpoint';
import { type Suite, runSuite } from './suite';
import { controlledClock, realClock } from './test-clock';

const clock = new ManualClock();
const service = new ServiceEndpoint();
const control = new ControlServer(clock);
const engine = new SqsEngine({ clock, region: 'eu-west-1', account: '123456789012', origin: () => service.origin });
let sqs: SQSClient;

beforeAll(async () => {
  service.addJsonService(engine);
  await service.listen(0);
  await control.listen(0);
  sqs = createClient(service.origin, {});
});

afterAll(async () => {
  sqs.destroy();
  engine.close();
  await Promise.all([service.close(), control.close()]);
});

const testCase = (id: string, run: ConformanceCase['run'], needs?: ConformanceCase['needs']): ConformanceCase => ({
  id, title: id, says: 'So it is.', page: 'API_SendMessage', ...(needs && { needs }), run,
});
const run = (cases: ConformanceCase[], more: Partial<Suite> = {}) =>
  runSuite({ cases, url: service.origin, sqs, clock: realClock, scale: false, ...more });

const pass = () => Promise.resolve();
const fail = () => Promise.reject(new Error('it differs'));

test('says of each case whether it passes, in the order of the cases', async () => {
  expect(await run([testCase('a', pass), testCase('b', fail)])).toEqual([{ id: 'a', status: 'passed' }, { id: 'b', status: 'failed', message: 'it differs' }]);
});

test('a case is left out when what it needs is not there, or when it is to be skipped', async () => {
  const cases = [testCase('hours', fail, 'clock'), testCase('many', fail, 'scale'), testCase('other', fail)];
  expect(await run(cases, { skip: /^other$/ })).toEqual([
    { id: 'hours', status: 'not testable', message: 'it needs a clock that can be moved' },
    { id: 'many', status: 'not testable', message: 'it needs 120,000 messages in flight: ask for it with --scale' },
    { id: 'other', status: 'not testable', message: 'it is left out' },
  ]);
  const clockThere = await controlledClock(control.origin);
  expect((await run(cases, { scale: true, clock: clockThere })).map(({ status }) => status)).toEqual(['failed', 'failed', 'failed']);
});

test('leaves no queue behind, whether a case passes or fails', async () => {
  const create = (end: () => Promise<void>) => testCase('a', async (endpoint) => {
    await endpoint.sqs.send(new CreateQueueCommand({ QueueName: endpoint.newName() }));
    await end();
  });
  await run([create(pass), create(fail)]);
  expect((await sqs.send(new ListQueuesCommand({}))).QueueUrls).toBeUndefined();
});

test('the clock of a local run is moved through its control server', async () => {
  const controlled = await controlledClock(control.origin);
  const before = await controlled.now();
  expect(before).toBe(clock.now());
  await controlled.elapse(3600.5);
  expect(await controlled.now()).toBe(before + 3_600_500);
  await expect(controlled.elapse(-1)).rejects.toThrow('advanceSeconds must be a number from 0');
});

test('on a clock that can be moved, cases run one at a time; else several do', async () => {
  let running = 0;
  let most = 0;
  const cases = Array.from({ length: 12 }, (_, i) => testCase(String(i), async () => {
    most = Math.max(most, ++running);
    await new Promise((resolve) => setImmediate(resolve));
    running--;
  }));
  await run(cases, { clock: await controlledClock(control.origin) });
  expect(most).toBe(1);
  await run(cases);
  ok(most > 1);
});

test('results are told as they come', async () => {
  const told: string[] = [];
  await run([testCase('a', pass)], { onResult: ({ status }, { id }) => told.push(`${id} ${status}`) });
  expect(told).toEqual(['a passed']);
});
