import { AwsCallError } from '../../../lambda/shared/aws-error';
import { DAY, KeeperWorld, NOW } from '../support/keeper';
import { STORE } from '../support/recorded';
import { MemoryTable } from '../support/table';

/** A paused target with one event that is too old. */
function world() {
  const table = new MemoryTable();
  const keeper = new KeeperWorld(undefined, { store: STORE, table });
  keeper.billing.was({ phase: 'open', since: NOW - 5 * DAY * 1_000, cause: 'unavailable', probedAt: NOW }).put('old', 5 * DAY);
  return { keeper, table };
}

test('an event that the keeper gives up has that on record', async () => {
  const { keeper, table } = world();
  await keeper.minute();
  expect(keeper.billing.deadLetters).toHaveLength(1);
  expect(table.row('evt_old', 'T#billing')).toMatchObject({
    outcome: 'dead-lettered', reason: 'expired', detail: expect.stringContaining('has not answered'), gpk2: expect.stringMatching(/^T#billing#dead-lettered#2026-01-02#/),
  });
  expect(table.row('evt_old', 'T#billing')).not.toHaveProperty('attempts');
});

test('one that was delivered by another copy stays delivered', async () => {
  const { keeper, table } = world();
  table.apply({ pk: 'E#evt_old', sk: 'T#billing', set: { outcome: 'delivered' } });
  await keeper.minute();
  expect(table.row('evt_old', 'T#billing')).toMatchObject({ outcome: 'delivered' });
  expect(keeper.warnings).toEqual([]);
});

test('row 44: a store that fails does not keep it from being moved', async () => {
  const { keeper, table } = world();
  table.failing['update'] = new AwsCallError('dynamodb UpdateItem', 'unavailable', 'InternalServerError', 500);
  await keeper.minute();
  expect([keeper.billing.deadLetters.length, keeper.billing.messages.length]).toEqual([1, 0]);
  expect(keeper.warnings).toEqual(['store-failed']);
  expect(keeper.metric('StoreFailures')).toBe(1);
});

test('a message that is no envelope has no row', async () => {
  const { keeper, table } = world();
  keeper.billing.messages = [];
  keeper.billing.put('odd', 5 * DAY, { body: 'garbage' });
  await keeper.minute();
  expect(keeper.billing.deadLetters).toHaveLength(1);
  expect(table.calls).toEqual([]);
});
