import { judge, type Observed } from '../../bench/soak/judge';
import type { SoakTarget } from '../../bench/soak/targets';

const targets: SoakTarget[] = [
  { name: 'healthy', url: 'http://127.0.0.1:1/', share: 50, timeoutSeconds: 15, outcomes: ['delivered'] },
  { name: 'silent', url: 'http://127.0.0.1:2/', share: 50, timeoutSeconds: 1, outcomes: ['timeout'] },
];
const MB = 1024 * 1024;
const round = (rssMb: number, peakSockets = 100) => ({ rssBytes: rssMb * MB, heapBytes: 10 * MB, kept: 10, peakSockets });
const good: Observed = {
  rounds: [100, 101, 102, 103, 104, 105].map((rssMb) => round(rssMb)), outcomes: { healthy: { delivered: 60 }, silent: { timeout: 60 } },
  sent: { healthy: 60, silent: 60 }, kept: 60, idleSockets: 0,
};
const missesOf = (difference: Partial<Observed>): string[] => judge(targets, { ...good, ...difference }).misses;

test('a soak that held every limit says its figures', () => {
  expect(judge(targets, good)).toEqual({
    misses: [],
    figures: {
      deliveries: 120, rssStartMb: 101, rssEndMb: 104, rssGrowthPercent: 3, heapGrowthPercent: 0, peakSockets: 100, idleSockets: 0,
      outcomes: good.outcomes,
    },
  });
});

test.each<[string, Partial<Observed>, string]>([
  ['memory that grows by a tenth', { rounds: [100, 100, 100, 110, 110, 110].map((rssMb) => round(rssMb)) }, 'the resident memory has grown by 10 %; the limit is 10 %'],
  ['more connections than records in flight', { rounds: [...good.rounds, round(105, 101)] }, '101 connections were in use at once; the limit is 100'],
  ['a connection that is never closed', { idleSockets: 1 }, '1 connections were still open when nothing was under way'],
  ['an event that nobody tried', { outcomes: { ...good.outcomes, healthy: { delivered: 59 } } }, 'healthy: 60 events, 59 attempts'],
  ['a target that nobody tried', { outcomes: { silent: { timeout: 60 } } }, 'healthy: 60 events, 0 attempts'],
  ['a failure that was acknowledged', { kept: 59 }, '60 attempts failed, but 59 events were to come again'],
])('%s is a miss', (_what, difference, sentence) => {
  expect(missesOf(difference)).toEqual([sentence]);
});

test('an outcome that its target cannot have is a miss', () => {
  expect(missesOf({ outcomes: { ...good.outcomes, silent: { timeout: 59, delivered: 1 } }, kept: 59 }))
    .toEqual(['silent: 1 attempts ended with delivered; only timeout can be']);
});
