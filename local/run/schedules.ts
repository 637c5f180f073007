import type { Resource } from '../assembly/deployed-stack';
import type { Deployment } from '../assembly/deployment';
import { rateMinutes } from '../schedule/rate';
import { findFunction } from './functions';
import { orWarning, type Warn } from './lines';

/** One rule with a schedule, and the functions of the assembly that it calls. */
export interface SchedulePlan {
  readonly ruleArn: string;
  readonly everyMinutes: number;
  readonly targets: ScheduleTarget[];
}

export interface ScheduleTarget {
  readonly functionArn: string;
  /** The event in place of the rule's own. */
  readonly input?: unknown;
}

interface RuleTarget {
  readonly Arn: string;
  readonly Input?: string;
  readonly InputPath?: string;
  readonly InputTransformer?: object;
}

/** ARNs of the rules that have a schedule, whether it runs here, is off, or is named in a warning of its own. */
export function scheduledRules(deployment: Deployment): string[] {
  return deployment.resources('AWS::Events::Rule')
    .filter(({ stack, logicalId }) => stack.resource(logicalId).Properties?.ScheduleExpression !== undefined)
    .flatMap((rule) => orWarning(() => arnOf(rule), () => undefined) ?? []);
}

/** Every rule with a rate that is on. Others with a schedule are named in a warning. */
export function planSchedules(deployment: Deployment, functions: ReadonlyMap<string, Resource>, warn: Warn): SchedulePlan[] {
  return deployment.resources('AWS::Events::Rule').flatMap((rule) => orWarning(() => planSchedule(rule, functions, warn), warn) ?? []);
}

function planSchedule(rule: Resource, functions: ReadonlyMap<string, Resource>, warn: Warn): SchedulePlan | undefined {
  const { stack, logicalId } = rule;
  const expression = stack.property(logicalId, 'ScheduleExpression');
  if (expression === undefined || !String(stack.property(logicalId, 'State') ?? 'ENABLED').startsWith('ENABLED')) return undefined;
  const user = `the rule ${JSON.stringify(logicalId)} of stack ${JSON.stringify(stack.name)}`;
  const everyMinutes = rateMinutes(String(expression));
  if (everyMinutes === undefined) {
    warn('not-run', `${user} is left out: its schedule is ${JSON.stringify(expression)}, and a local run has rates only, such as "rate(5 minutes)"`);
    return undefined;
  }
  const targets = ((stack.property(logicalId, 'Targets') ?? []) as RuleTarget[]).flatMap((target) => planTarget(target, user, functions, warn) ?? []);
  return targets.length === 0 ? undefined : { ruleArn: arnOf(rule), everyMinutes, targets };
}

function planTarget(
  { Arn, Input, InputPath, InputTransformer }: RuleTarget, user: string, functions: ReadonlyMap<string, Resource>, warn: Warn,
): ScheduleTarget | undefined {
  if (InputPath !== undefined || InputTransformer !== undefined) {
    warn('not-run', `a target of ${user} is left out: a local run does not change its event by InputPath or InputTransformer, only by Input`);
    return undefined;
  }
  const functionArn = findFunction(Arn, functions, `a target of ${user}`, warn);
  return functionArn === undefined ? undefined : { functionArn, ...Input !== undefined && { input: JSON.parse(Input) as unknown } };
}

function arnOf({ stack, logicalId }: Resource): string {
  return stack.identity(logicalId).attributes.Arn as string;
}
