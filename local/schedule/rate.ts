const MINUTES: { readonly [unit: string]: number } = { minute: 1, hour: 60, day: 1_440 };

/**
 * The minutes between two runs of `rate(5 minutes)`, or undefined where an expression is another one. A value of 1 has a unit in the
 * singular: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-scheduled-rule-pattern.html#eb-rate-expressions
 */
export function rateMinutes(expression: string): number | undefined {
  const [, value, unit, plural] = /^rate\(([1-9]\d*) (minute|hour|day)(s?)\)$/.exec(expression) ?? [];
  if (value === undefined || unit === undefined || (value === '1') !== (plural === '')) return undefined;
  return Number(value) * (MINUTES[unit] as number);
}
