import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { WebhookTarget } from '../../lib';
import { valid, webhookStack } from './fixture';

const local = (value: unknown) => webhookStack({ ...valid(), targets: { here: WebhookTarget.http('http://127.0.0.1:8080/hooks') } }, { 'cdk-webhooks:local': value });
const forbidden = Match.stringLikeRegexp('made for a local run.*must not be deployed');

test.each([true, 'true'])('the context %j lets this machine be a target, and forbids deployment', (value) => {
  const stack = local(value);
  const source = Template.fromStack(stack);
  Annotations.fromStack(stack).hasError('/Webhooks', forbidden);
  const rules = Object.values<any>(source.toJSON().Rules).filter(({ Assertions }) => /must not be deployed/.test(Assertions[0].AssertDescription));
  expect(rules).toHaveLength(1);
  expect(rules[0].Assertions[0].Assert).toEqual({ 'Fn::Equals': ['local run', 'deployment'] });
});

test.each([false, 'false', undefined, 'yes', 1])('the context %j is no local run', (value) => {
  expect(() => local(value)).toThrow('is not https');
});

test('without the context nothing forbids deployment', () => {
  const stack = webhookStack();
  const source = Template.fromStack(stack);
  expect(JSON.stringify(source.toJSON().Rules)).not.toContain('local run');
  expect(Annotations.fromStack(stack).findError('*', Match.anyValue())).toEqual([]);
});

test('a custom target is told', () => {
  const seen: boolean[] = [];
  const custom = { bind: (_: unknown, { localRun }: { localRun: boolean }) => { seen.push(localRun); return { senderDirectory: `${__dirname}/target/sender` }; } };
  webhookStack({ ...valid(), targets: { custom } });
  webhookStack({ ...valid(), targets: { custom } }, { 'cdk-webhooks:local': 'true' });
  expect(seen).toEqual([false, true]);
});
