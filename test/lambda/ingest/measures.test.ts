import type { MetricsLine } from '../../../lib/contract/metrics';
import type { Scheme } from '../../../lib/contract/scheme';
import { SecretError } from '../../../lambda/shared/secret-error';
import { githubPost, ingest, ingestConfig, type Post } from '../support/ingest';

/** Metrics and the dimensions they have. */
function seriesOf(line: MetricsLine | undefined): { [metric: string]: string[][] } {
  return Object.fromEntries((line?._aws.CloudWatchMetrics ?? []).flatMap(({ Dimensions, Metrics }) => Metrics.map(({ Name }) => [Name, Dimensions])));
}

async function measured(post: Post, overrides: Parameters<typeof ingest>[0] = {}): Promise<MetricsLine[]> {
  const gateway = ingest(overrides);
  await gateway.post(post);
  return gateway.metrics;
}

const OF_SOURCE = [['Gateway', 'Source']];
const OF_GATEWAY = [['Gateway']];

test('an accepted event is one line with one metric of its source', async () => {
  const lines = await measured(githubPost());
  expect(lines).toEqual([expect.objectContaining({ event: 'metrics', Gateway: 'Stack/Gateway', Source: 'github', Accepted: 1 })]);
  expect(seriesOf(lines[0])).toEqual({ Accepted: OF_SOURCE });
});

test.each<[string, Post, Parameters<typeof ingest>[0], { [metric: string]: string[][] }]>([
  ['a wrong signature', githubPost('{}', 'wrong'), {}, { Rejected: OF_SOURCE }],
  ['a path of no source', { ...githubPost(), path: '/nobody' }, {}, { Rejected: OF_GATEWAY }],
  ['a queue that fails', githubPost(), { send: async () => { throw new Error('broken'); } }, { Rejected: OF_SOURCE, EnqueueFailures: OF_SOURCE }],
  ['a secret that cannot be read', githubPost(), {
    secrets: { read: async () => { throw new SecretError('unavailable', 'github', 'it is not there'); }, refresh: async () => false },
  }, { Rejected: OF_SOURCE, SecretFailures: OF_GATEWAY }],
])('%s is counted where it belongs', async (_what, post, overrides, series) => {
  const lines = await measured(post, overrides);
  expect(lines).toHaveLength(1);
  expect(seriesOf(lines[0])).toEqual(series);
  expect(lines[0]).toMatchObject({ Rejected: 1 });
  expect(lines[0]).not.toHaveProperty('Reason');
});

test('with detailed metrics a rejection has its reason as a dimension, and nothing else has', async () => {
  const config = { ...ingestConfig(), detailedMetrics: true as const };
  const [line] = await measured(githubPost('{}', 'wrong'), { config });
  expect(line).toMatchObject({ Reason: 'signature', Rejected: 1 });
  expect(seriesOf(line)).toEqual({ Rejected: [['Gateway', 'Source'], ['Gateway', 'Source', 'Reason']] });
  expect(seriesOf((await measured(githubPost(), { config }))[0])).toEqual({ Accepted: OF_SOURCE });
  const [failed] = await measured(githubPost(), { config, send: async () => { throw new Error('broken'); } });
  expect(seriesOf(failed)).toMatchObject({ EnqueueFailures: OF_SOURCE });
});

test('a check of the URL is counted for the gateway', async () => {
  const config = ingestConfig();
  const scheme: Scheme = {
    kind: 'open', name: 'open', handshakes: [{ method: 'GET', signed: false, when: [{ field: { query: 'challenge' } }], answer: {} }],
  };
  const [line] = await measured({ ...githubPost(), method: 'GET', query: 'challenge=1' }, {
    config: { ...config, sources: { github: { verifications: [{ scheme, previousSecretOverlapSeconds: 0 }] } } },
  });
  expect(seriesOf(line)).toEqual({ Handshakes: OF_GATEWAY });
});
