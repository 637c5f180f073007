import { Lazy } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { OrderingKey, WebhookTarget, WebhookTargetOptions } from '../../../lib';
import { Flow, flow, FlowOptions } from '../../../lib/target/flow';
import { deliverConfig, gateway, resource, valid, webhookStack } from '../fixture';

const of = (options: Partial<FlowOptions>): Flow => flow({ target: 'billing', fifo: false, overheadSeconds: 15, ...options });

test.each<[string, Partial<FlowOptions>, Flow]>([
  ['nothing', {}, { batchSize: 10 }],
  ['an order', { fifo: true }, { batchSize: 1 }],
  ['maxInFlight 2', { maxInFlight: 2 }, { batchSize: 1, maxConcurrency: 2 }],
  ['maxInFlight 3', { maxInFlight: 3 }, { batchSize: 1, maxConcurrency: 2 }],
  ['maxInFlight 19', { maxInFlight: 19 }, { batchSize: 9, maxConcurrency: 2 }],
  ['maxInFlight 20', { maxInFlight: 20 }, { batchSize: 10, maxConcurrency: 2 }],
  ['maxInFlight 39', { maxInFlight: 39 }, { batchSize: 10, maxConcurrency: 3 }],
  ['maxInFlight 10,000', { maxInFlight: 10_000 }, { batchSize: 10, maxConcurrency: 1000 }],
  ['maxInFlight 7 in order', { fifo: true, maxInFlight: 7 }, { batchSize: 1, maxConcurrency: 7 }],
  ['maxInFlight 1,000 in order', { fifo: true, maxInFlight: 1000 }, { batchSize: 1, maxConcurrency: 1000 }],
  ['0.1 a second', { maxRatePerSecond: 0.1 }, { batchSize: 1, maxConcurrency: 2, ratePerSecond: 0.05 }],
  ['1 a second', { maxRatePerSecond: 1 }, { batchSize: 4, maxConcurrency: 2, ratePerSecond: 0.5 }],
  ['10 a second', { maxRatePerSecond: 10 }, { batchSize: 10, maxConcurrency: 2, ratePerSecond: 5 }],
  ['100 a second', { maxRatePerSecond: 100 }, { batchSize: 10, maxConcurrency: 20, ratePerSecond: 5 }],
  ['5,000 a second', { maxRatePerSecond: 5000 }, { batchSize: 10, maxConcurrency: 1000, ratePerSecond: 5 }],
  ['10 a second, 4 in flight', { maxRatePerSecond: 10, maxInFlight: 4 }, { batchSize: 2, maxConcurrency: 2, ratePerSecond: 5 }],
  ['1 a second, 100 in flight', { maxRatePerSecond: 1, maxInFlight: 100 }, { batchSize: 1, maxConcurrency: 10, ratePerSecond: 0.1 }],
  ['50 a second in order', { fifo: true, maxRatePerSecond: 50 }, { batchSize: 1, maxConcurrency: 10, ratePerSecond: 5 }],
])('%s', (_, options, expected) => {
  expect(of(options)).toEqual(expected);
});

test('no more is in flight than was said, the rate is shared out whole, and a batch begins within half the overhead', () => {
  for (let maxInFlight = 2; maxInFlight <= 1000; maxInFlight++) {
    const { batchSize, maxConcurrency = 0 } = of({ maxInFlight });
    expect(batchSize * maxConcurrency).toBeLessThanOrEqual(maxInFlight);
    expect(batchSize * maxConcurrency).toBeGreaterThan(maxInFlight - 10);
  }
  for (let maxRatePerSecond = 0.1; maxRatePerSecond <= 5000; maxRatePerSecond *= 1.1) {
    const { batchSize, maxConcurrency = 0, ratePerSecond = 0 } = of({ maxRatePerSecond });
    expect(ratePerSecond * maxConcurrency).toBeCloseTo(maxRatePerSecond);
    expect((batchSize - 1) / ratePerSecond).toBeLessThanOrEqual(7.5);
  }
});

test.each([1, 0, -2, 2.5, NaN, 10_001, Lazy.number({ produce: () => 5 })])('fails when maxInFlight is %d', (maxInFlight) => {
  expect(() => of({ maxInFlight })).toThrow('maxInFlight of target "billing" must be a whole number of requests from 2 to 10000, got');
});

test('fails when more is to be in flight in order than Lambda has functions, and says why', () => {
  expect(() => of({ fifo: true, maxInFlight: 1001 })).toThrow('from 2 to 1000, got 1001: Lambda runs at least 2 and at most 1000 functions on a queue, each with one event');
  expect(() => of({ maxInFlight: 1 })).toThrow('got 1: Lambda runs at least 2 and at most 1000 functions on a queue, each with up to 10 events');
});

test.each([0, 0.09, -1, NaN, Infinity, 5001, Lazy.number({ produce: () => 5 })])('fails when maxRatePerSecond is %d', (maxRatePerSecond) => {
  expect(() => of({ maxRatePerSecond })).toThrow('maxRatePerSecond of target "billing" must be a number from 0.1 to 5000, got');
});

test.each(['maxInFlight', 'maxRatePerSecond'])('fails when %s is known only at deployment, and says so', (name) => {
  expect(() => of({ [name]: Lazy.number({ produce: () => 5 }) })).toThrow(/got one that is known only at deployment/);
});

describe('in the template', () => {
  const stackWith = (options: WebhookTargetOptions) => webhookStack({ ...valid(), targets: { billing: WebhookTarget.http('https://billing.example.com', options) } });

  test('the mapping has batch and concurrency, and the function its share of the rate', () => {
    const stack = stackWith({ maxInFlight: 40, maxRatePerSecond: 10 });
    expect(resource(Template.fromStack(stack), 'AWS::Lambda::EventSourceMapping').properties).toMatchObject({ BatchSize: 10, ScalingConfig: { MaximumConcurrency: 4 } });
    expect(deliverConfig(stack, 'billing').config.ratePerSecond).toBe(2.5);
  });

  test('an order is a batch of one', () => {
    const { properties } = resource(Template.fromStack(stackWith({ orderingKey: OrderingKey.source() })), 'AWS::Lambda::EventSourceMapping');
    expect(properties.BatchSize).toBe(1);
    expect(properties).not.toHaveProperty('ScalingConfig');
  });

  test('without a rate the function has none', () => {
    expect(deliverConfig(stackWith({ maxInFlight: 40 }), 'billing').config).not.toHaveProperty('ratePerSecond');
  });

  test('fails when a limit is wrong', () => {
    expect(() => gateway({ ...valid(), targets: { billing: WebhookTarget.http('https://billing.example.com', { maxInFlight: 1 }) } })).toThrow('maxInFlight of target "billing"');
  });
});
