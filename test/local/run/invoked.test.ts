import { functionResources } from '../../../local/run/functions';
import { invokedFunctions } from '../../../local/run/invoked';
import type { TemplateResource } from '../../../local/assembly/template';
import { deploy, lambdaFunction, recorder, resource } from './deploy';

const arn = (name: string) => `arn:aws:lambda:eu-west-1:000000000000:function:${name}`;
const arnOf = (logicalId: string) => ({ 'Fn::GetAtt': [logicalId, 'Arn'] });
const allow = (Resource: unknown, more: object = {}) => ({ Effect: 'Allow', Action: 'lambda:InvokeFunction', Resource, ...more });
const document = (...statements: object[]) => ({ Version: '2012-10-17', Statement: statements });
const named = (name: string, more: object = {}) => lambdaFunction({ FunctionName: name, ...more });

/** Who is reached from `caller`, whose role is `Role`. */
function reached(resources: { [logicalId: string]: TemplateResource }) {
  const { warn, warned } = recorder();
  const deployment = deploy({
    Role: resource('AWS::IAM::Role'), Caller: named('caller', { Role: arnOf('Role') }), Callee: named('callee', { Role: arnOf('CalleeRole') }), Other: named('other'),
    CalleeRole: resource('AWS::IAM::Role'), ...resources,
  });
  const functions = functionResources(deployment);
  return { arns: [...invokedFunctions(deployment, new Set([arn('caller')]), functions, warn)], warned };
}

const policy = (Resource: unknown, more: object = {}) => resource('AWS::IAM::Policy', { Roles: [{ Ref: 'Role' }], PolicyDocument: document(allow(Resource, more)) });

test('a function that nothing may invoke is not run', () => {
  expect(reached({})).toEqual({ arns: [arn('caller')], warned: [] });
});

test.each<[string, { [logicalId: string]: TemplateResource }]>([
  ['a policy', { P: policy(arnOf('Callee')) }],
  ['a managed policy', { P: resource('AWS::IAM::ManagedPolicy', { Roles: [{ Ref: 'Role' }], PolicyDocument: document(allow(arnOf('Callee'))) }) }],
  ['a policy in the role', { Role: resource('AWS::IAM::Role', { Policies: [{ PolicyName: 'p', PolicyDocument: document(allow(arnOf('Callee'))) }] }) }],
  ['one action of several', { P: policy(arnOf('Callee'), { Action: ['sqs:SendMessage', 'lambda:InvokeFunction'] }) }],
  ['the ARN and all its versions', { P: policy([arnOf('Callee'), { 'Fn::Join': ['', [arnOf('Callee'), ':*']] }]) }],
  ['an alias', { P: policy({ 'Fn::Join': ['', [arnOf('Callee'), ':live']] }) }],
])('a function that is named by %s is run', (_what, resources) => {
  expect(reached(resources)).toEqual({ arns: [arn('caller'), arn('callee')], warned: [] });
});

test.each<[string, { [logicalId: string]: TemplateResource }]>([
  ['a policy of another role', { P: resource('AWS::IAM::Policy', { Roles: [{ Ref: 'CalleeRole' }], PolicyDocument: document(allow(arnOf('Callee'))) }) }],
  ['another action', { P: policy(arnOf('Callee'), { Action: 'lambda:GetFunction' }) }],
  ['a denial', { P: policy(arnOf('Callee'), { Effect: 'Deny' }) }],
  ['a star', { P: policy('*') }],
  ['the ARN of a function of another app', { P: policy(arn('elsewhere')) }],
])('a function that is named by %s is not run', (_what, resources) => {
  expect(reached(resources)).toEqual({ arns: [arn('caller')], warned: [] });
});

test('a function that is invoked may invoke another one', () => {
  const second = resource('AWS::IAM::Policy', { Roles: [{ Ref: 'CalleeRole' }], PolicyDocument: document(allow([arnOf('Caller'), arnOf('Other')])) });
  expect(reached({ P: policy(arnOf('Callee')), Second: second }).arns).toEqual([arn('caller'), arn('callee'), arn('other')]);
});

test('a function that cannot run here is left out and named', () => {
  const { arns, warned } = reached({ Callee: named('callee', { Runtime: 'python3.13' }), P: policy(arnOf('Callee')) });
  expect(arns).toEqual([arn('caller')]);
  const left = 'not-run: what "P" of stack "Main" may invoke is left out: its function "Callee" has the runtime "python3.13"';
  expect(warned).toEqual([expect.stringContaining(left)]);
});
