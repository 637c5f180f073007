import { readFileSync } from 'fs';
import * as path from 'path';
import { CfnAlarm } from 'aws-cdk-lib/aws-cloudwatch';
import { GATEWAY_METRICS, METRIC_NAMESPACE, SOURCE_METRICS, TARGET_METRICS } from '../../../lib/contract/metrics';
import { WebhookSecret, WebhookSource } from '../../../lib';
import { gateway, valid } from '../fixture';

const page = readFileSync(path.resolve(__dirname, '../../../docs/metrics.md'), 'utf8');
const first = (section: string): string[] => [...section.matchAll(/^\| `([^`]+)` \|/gm)].map(([, name]) => name as string);
const [, ofSource, ofTarget, ofGateway] = page.split(/^(?:Dimensions `Gateway` and|The dimension `Gateway` alone)/m) as [
  string, string, string, string,
];

test.each([
  ['source', ofSource, Object.values(SOURCE_METRICS)],
  ['target', ofTarget, Object.values(TARGET_METRICS)],
  ['gateway', ofGateway.split('\n## ')[0] as string, [...Object.values(GATEWAY_METRICS), SOURCE_METRICS.rejected]],
])('docs/metrics.md has every metric of a %s, and no other', (_, section, names) => {
  expect(first(section).sort()).toEqual([...names].sort());
  expect(page).toContain(`\`${METRIC_NAMESPACE}\``);
});

test('docs/metrics.md has every alarm, and no other', () => {
  const own = WebhookSource.github({ secret: WebhookSecret.fromSecretName('own'), dedicatedFunction: true });
  const made = gateway({ ...valid(), sources: { own } });
  const ids = made.node.findAll().filter((construct): construct is CfnAlarm => construct instanceof CfnAlarm)
    .map(({ node }) => node.path.replace('Webhooks/Gateway/', '').replace('/Resource', '').replace('Targets/billing', 'Targets/<name>').replace('Sources/own', 'Sources/<name>'));
  expect(first(page.slice(page.indexOf('## Alarms'))).sort()).toEqual(ids.sort());
});
