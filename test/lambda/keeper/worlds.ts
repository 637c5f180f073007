import { AwsCallError } from '../../../lambda/shared/aws-error';
import { answers, HOUR_MS, KeeperWorld, NOW } from '../support/keeper';

export const conflict = new AwsCallError('lambda PUT', 'invalid', 'ResourceInUseException', 400);

/** A gateway whose target has failed for long and has one event waiting. */
export function failing(): KeeperWorld {
  const world = new KeeperWorld();
  world.billing.put('m1', 600).attempted(20, 20);
  world.billing.answer = answers(503);
  return world;
}

/** The same, with the breaker open for an hour. */
export function opened(): KeeperWorld {
  const world = failing();
  world.billing.points = {};
  world.billing.was({ phase: 'open', since: NOW - HOUR_MS, cause: 'unavailable', probedAt: NOW - HOUR_MS, emptyAt: NOW - 2 * HOUR_MS });
  world.billing.mapping = 'Disabled';
  return world;
}
