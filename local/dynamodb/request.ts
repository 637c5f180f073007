import { checkItem } from './check-value';
import { malformed } from './errors';
import { type Condition, parseCondition } from './expression/condition';
import type { Path } from './expression/path';
import { parseProjection } from './expression/projection';
import type { Scope } from './expression/scope';
import { type Input, optionalObject, optionalText } from './input';
import type { Item } from './value';

/** What several actions have in common. Each throws for what it cannot read. */
export function itemOf(input: Input, name: string): Item {
  const given = optionalObject(input, name);
  if (given) return checkItem(given);
  throw malformed(name, 'an item');
}

export function conditionOf(input: Input, name: string, scope: Scope): Condition | undefined {
  const expression = optionalText(input, name);
  return expression === undefined ? undefined : parseCondition(name, expression, scope);
}

export function projectionOf(input: Input, scope: Scope): Path[] | undefined {
  const expression = optionalText(input, 'ProjectionExpression');
  return expression === undefined ? undefined : parseProjection(expression, scope);
}
