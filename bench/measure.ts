/** What is compared: the same work, done by us and by a peer, in one process, in turn. */
export interface Contender {
  readonly name: string;
  readonly version: string;
  /** One operation. Where the comparison has `inFlight`, it resolves when the operation is over. */
  readonly run: () => unknown;
  /** `run` returns the CPU microseconds of one operation: it was done in a process of its own. */
  readonly elsewhere?: true;
}

export interface Comparison {
  readonly name: string;
  readonly unit: 'us';
  readonly ours: Contender;
  readonly peers: Contender[];
  /** Ours over the first peer must be at most this. */
  readonly bar: number;
  /** How many operations are under way at once. Absent: they are synchronous, one after the other. */
  readonly inFlight?: number;
}

/** Comparisons that need the same things around them. */
export interface Suite {
  readonly comparisons: Comparison[];
  readonly close?: () => void;
}

export interface Figures {
  readonly median: number;
  readonly p10: number;
  readonly p90: number;
  readonly n: number;
}

export interface Row {
  readonly name: string;
  readonly unit: string;
  readonly ours: Figures;
  readonly peers: (Figures & { readonly name: string; readonly version: string })[];
  readonly ratio: number;
  readonly bar: number;
  readonly met: boolean;
  readonly skipped: string | null;
}

const ROUNDS = 31;

/** With several in flight a round also pays for the first and the last of them, which are fewer. */
const ROUND_MS = { synchronous: 25, inFlight: 100 };

/** CPU microseconds per operation, in rounds that alternate between all, so that a slow spell of the machine meets all alike. */
export async function compare({ name, unit, ours, peers, bar, inFlight }: Comparison): Promise<Row> {
  const contenders = [ours, ...peers];
  const batches: number[] = [];
  for (const { run, elsewhere } of contenders) batches.push(elsewhere ? 1 : await operationsIn(run, inFlight));
  const samples = contenders.map((): number[] => []);
  for (let round = 0; round < ROUNDS; round++) {
    for (let i = 0; i < contenders.length; i++) {
      const turn = (i + round) % contenders.length;
      const { run, elsewhere } = contenders[turn] as Contender;
      samples[turn]?.push(elsewhere ? await run() as number : await cpuMicroseconds(run, batches[turn] as number, inFlight));
    }
  }
  const [own, ...others] = samples.map(figures) as [Figures, ...Figures[]];
  // Round by round, because both had the same spell of the machine then.
  const ratio = figures((samples[0] as number[]).map((value, round) => value / (samples[1]?.[round] as number))).median;
  return {
    name, unit, ours: own, bar, ratio, met: ratio <= bar, skipped: null,
    peers: others.map((other, index) => ({ name: peers[index]?.name as string, version: peers[index]?.version as string, ...other })),
  };
}

/** How many operations fill a round; the runs also warm the code up. */
async function operationsIn(run: () => unknown, inFlight: number | undefined): Promise<number> {
  const milliseconds = inFlight === undefined ? ROUND_MS.synchronous : ROUND_MS.inFlight;
  for (let count = 16; ; count *= 2) {
    const spent = await cpuMicroseconds(run, count, inFlight) * count / 1_000;
    if (spent >= milliseconds) return Math.max(1, Math.round(count * milliseconds / spent));
  }
}

async function cpuMicroseconds(run: () => unknown, count: number, inFlight: number | undefined): Promise<number> {
  const before = process.cpuUsage();
  if (inFlight === undefined) for (let i = 0; i < count; i++) run();
  else await runInFlight(run, count, inFlight);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / count;
}

async function runInFlight(run: () => unknown, count: number, inFlight: number): Promise<void> {
  let left = count;
  await Promise.all(Array.from({ length: inFlight }, async () => {
    while (left-- > 0) await run();
  }));
}

function figures(values: number[]): Figures {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] as number;
  return { median: at(0.5), p10: at(0.1), p90: at(0.9), n: sorted.length };
}
