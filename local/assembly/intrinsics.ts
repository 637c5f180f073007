import { LocalRunError } from '../local-run-error';

/** What the intrinsic functions of one stack's template refer to. Each throws an Error that says why it cannot. */
export interface IntrinsicScope {
  /** For errors. */
  readonly stackName: string;
  /** A resource's physical id, a parameter's or a pseudo parameter's value; NO_VALUE for `AWS::NoValue`. */
  ref(name: string): unknown;
  getAtt(logicalId: string, attribute: string): unknown;
  condition(name: string): boolean;
  findInMap(map: string, top: string, second: string): unknown;
  importValue(exportName: string): unknown;
  stackOutput(stackName: string, outputName: string): unknown;
}

/** What `AWS::NoValue` resolves to: the property or element is left out. */
export const NO_VALUE = Symbol('AWS::NoValue');

type Recurse = (value: unknown) => unknown;
type Intrinsic = (argument: unknown, scope: IntrinsicScope, recurse: Recurse) => unknown;

const INTRINSICS: { readonly [name: string]: Intrinsic } = {
  'Ref': (name, scope) => scope.ref(text(name)),
  'Fn::GetAtt': (argument, scope, recurse) => {
    const [logicalId, attribute] = getAttParts(argument);
    return scope.getAtt(logicalId, text(recurse(attribute)));
  },
  'Fn::Join': (argument, _scope, recurse) => {
    const [delimiter, items] = list(argument);
    return list(recurse(items)).map(text).join(text(delimiter));
  },
  'Fn::Split': (argument, _scope, recurse) => {
    const [delimiter, source] = list(argument);
    return text(recurse(source)).split(text(delimiter));
  },
  'Fn::Select': (argument, _scope, recurse) => {
    const [index, items] = list(argument);
    const at = Number(recurse(index));
    const values = list(recurse(items));
    if (!(at in values)) throw new Error(`there is no element ${at} among ${values.length}`);
    return values[at];
  },
  'Fn::Sub': (argument, scope, recurse) => substitute(argument, scope, recurse),
  'Fn::If': (argument, scope, recurse) => {
    const [name, yes, no] = list(argument);
    return recurse(scope.condition(text(name)) ? yes : no);
  },
  'Fn::Equals': (argument, _scope, recurse) => {
    const [one, other] = list(recurse(argument));
    return String(one) === String(other);
  },
  'Fn::And': (argument, _scope, recurse) => list(argument).every((item) => recurse(item) === true),
  'Fn::Or': (argument, _scope, recurse) => list(argument).some((item) => recurse(item) === true),
  'Fn::Not': (argument, _scope, recurse) => recurse(list(argument)[0]) !== true,
  'Condition': (name, scope) => scope.condition(text(name)),
  'Fn::FindInMap': (argument, scope, recurse) => {
    const [map, top, second] = list(recurse(argument)).map(text);
    return scope.findInMap(map as string, top as string, second as string);
  },
  'Fn::ImportValue': (name, scope, recurse) => scope.importValue(text(recurse(name))),
  'Fn::GetStackOutput': (argument, scope, recurse) => {
    const { StackName, OutputName } = recurse(argument) as { StackName?: unknown; OutputName?: unknown };
    return scope.stackOutput(text(StackName), text(OutputName));
  },
  'Fn::Base64': (argument, _scope, recurse) => Buffer.from(text(recurse(argument))).toString('base64'),
  'Fn::GetAZs': (region, scope, recurse) => {
    const name = text(recurse(region)) || text(scope.ref('AWS::Region'));
    return ['a', 'b', 'c'].map((zone) => name + zone);
  },
  'Fn::Length': (argument, _scope, recurse) => list(recurse(argument)).length,
  'Fn::ToJsonString': (argument, _scope, recurse) => JSON.stringify(recurse(argument)),
};

/** The value with every intrinsic function carried out. `path` says where in the template it stands. */
export function resolve(value: unknown, scope: IntrinsicScope, path: string): unknown {
  if (Array.isArray(value)) {
    return value.map((item, i) => resolve(item, scope, `${path}/${i}`)).filter((item) => item !== NO_VALUE);
  }
  if (typeof value !== 'object' || value === null) return value;
  const intrinsic = intrinsicOf(value, path);
  if (intrinsic) return carryOut(intrinsic, scope, path);
  return Object.fromEntries(Object.entries(value)
    .map(([name, item]) => [name, resolve(item, scope, `${path}/${name}`)] as const)
    .filter(([, item]) => item !== NO_VALUE));
}

/** An object with one key that names a function. `Condition` is one only among conditions; elsewhere it is a property's name. */
function intrinsicOf(value: object, path: string): { name: string; argument: unknown } | undefined {
  const entries = Object.entries(value);
  if (entries.length !== 1) return undefined;
  const [name, argument] = entries[0] as [string, unknown];
  if (name === 'Condition' && !path.startsWith('Conditions/')) return undefined;
  return Object.hasOwn(INTRINSICS, name) || name.startsWith('Fn::') ? { name, argument } : undefined;
}

function carryOut({ name, argument }: { name: string; argument: unknown }, scope: IntrinsicScope, path: string): unknown {
  try {
    const intrinsic = INTRINSICS[name];
    if (!intrinsic) throw new Error(`a local run does not know ${name}`);
    return intrinsic(argument, scope, (inner) => resolve(inner, scope, `${path}/${name}`));
  } catch (error) {
    if (error instanceof LocalRunError) throw error;
    throw new LocalRunError('unresolvable', `cannot resolve ${JSON.stringify({ [name]: argument })} at ${path} of stack `
      + `${JSON.stringify(scope.stackName)}: ${(error as Error).message}`);
  }
}

function substitute(argument: unknown, scope: IntrinsicScope, recurse: Recurse): string {
  const [template, variables] = Array.isArray(argument) ? argument as [unknown, { [name: string]: unknown }] : [argument, {}];
  return text(template).replace(/\$\{(!?)([^}]*)\}/g, (_match, literal: string, name: string) => {
    if (literal) return `\${${name}}`;
    if (Object.hasOwn(variables, name)) return text(recurse(variables[name]));
    return text(name.includes('.') ? scope.getAtt(...getAttParts(name)) : scope.ref(name));
  });
}

/** `[logicalId, attribute]`, or `logicalId.attribute` in one string. */
function getAttParts(argument: unknown): [string, string] {
  if (Array.isArray(argument)) return argument as [string, string];
  const dotted = text(argument);
  const dot = dotted.indexOf('.');
  return [dotted.slice(0, dot), dotted.slice(dot + 1)];
}

function list(value: unknown): unknown[] {
  if (Array.isArray(value)) return value;
  throw new Error(`${JSON.stringify(value)} is not a list`);
}

function text(value: unknown): string {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return String(value);
  throw new Error(value === NO_VALUE ? 'AWS::NoValue is no text' : `${JSON.stringify(value)} is no text`);
}
