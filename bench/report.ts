import type { Measured } from './measure.ts';
import type { ProxyMemory } from './proxy-memory.ts';

export interface Steps {
  readonly full: Measured;
  readonly incremental: Measured;
  readonly restore: Measured;
}

export interface Sample extends Steps {
  readonly fullBytes: number;
  readonly grownBytes: number;
}

export interface Goal {
  readonly name: string;
  readonly value: number;
  readonly bound: string;
  readonly holds: boolean;
}

export interface Report {
  readonly goals: readonly Goal[];
  readonly medians: Record<string, Record<string, number>>;
}

type Median = (values: readonly number[]) => number;

/** 64 bytes for each indexed block beside the fixed bound, at 512 KiB a block. */
const memoryBoundMib = (sizeBytes: number) => 256 + (64 * (sizeBytes / 2 ** 19)) / 2 ** 20;

export function summary(
  ours: readonly Sample[],
  peer: readonly Sample[],
  sizeBytes: number,
  proxy: ProxyMemory,
  median: Median,
): Report {
  const of = (samples: readonly Sample[], pick: (sample: Sample) => number) => median(samples.map(pick));
  // Of the pairs of each round, not of the medians: a round's two figures were taken next to each other.
  const paired = (pick: (sample: Sample) => number, over: (own: number, other: number) => number) =>
    median(ours.map((sample, round) => over(pick(sample), peerOf(peer, round, pick))));
  const ratio = (pick: (sample: Sample) => number) => paired(pick, (own, other) => other / own);
  const share = (pick: (sample: Sample) => number) => paired(pick, (own, other) => own / other);
  const atLeast = (name: string, value: number, bound: number): Goal => ({
    name,
    value,
    bound: `>= ${bound}`,
    holds: value >= bound,
  });
  const atMost = (name: string, value: number, bound: number): Goal => ({
    name,
    value,
    bound: `<= ${bound.toFixed(2)}`,
    holds: value <= bound,
  });
  const peak = Math.max(
    ...ours
      .flatMap((sample) => [sample.full, sample.incremental, sample.restore])
      .map((step) => step.peakMib),
  );
  return {
    goals: [
      atLeast(
        'full backup, times as fast',
        ratio((sample) => sample.full.wallS),
        2,
      ),
      atLeast(
        'incremental (CBT), times as fast',
        ratio((sample) => sample.incremental.wallS),
        5,
      ),
      atLeast(
        'restore, times as fast',
        ratio((sample) => sample.restore.wallS),
        1.3,
      ),
      atMost(
        'full backup, share of CPU seconds',
        share((sample) => sample.full.cpuS),
        0.5,
      ),
      atMost(
        'incremental, share of repository growth',
        share((sample) => sample.grownBytes),
        0.65,
      ),
      atMost('peak memory of the data path, MiB', peak, memoryBoundMib(sizeBytes)),
      atMost('peak memory of the proxy, MiB', proxy.peakMib, memoryBoundMib(proxy.provisionedBytes)),
    ],
    medians: { leeward: medians(ours, sizeBytes, of), restic: medians(peer, sizeBytes, of) },
  };
}

function peerOf(peer: readonly Sample[], round: number, pick: (sample: Sample) => number): number {
  const sample = peer[round];
  return sample ? pick(sample) : Number.NaN;
}

function medians(
  samples: readonly Sample[],
  sizeBytes: number,
  of: (samples: readonly Sample[], pick: (sample: Sample) => number) => number,
): Record<string, number> {
  const gib = sizeBytes / 2 ** 30;
  const figures: Record<string, number> = {};
  for (const name of ['full', 'incremental', 'restore'] as const) {
    figures[`${name} wall s`] = of(samples, (sample) => sample[name].wallS);
    figures[`${name} CPU s`] = of(samples, (sample) => sample[name].cpuS);
    figures[`${name} peak MiB`] = of(samples, (sample) => sample[name].peakMib);
  }
  figures['full CPU s/GiB'] = of(samples, (sample) => sample.full.cpuS) / gib;
  figures['repository MiB'] = of(samples, (sample) => sample.fullBytes) / 2 ** 20;
  figures['growth MiB'] = of(samples, (sample) => sample.grownBytes) / 2 ** 20;
  return figures;
}

export function printReport(report: Report): void {
  console.log('\nmedians                      leeward      restic');
  for (const [name, value] of Object.entries(report.medians['leeward'] ?? {})) {
    const peer = report.medians['restic']?.[name] ?? 0;
    console.log(`${name.padEnd(24)} ${value.toFixed(2).padStart(11)} ${peer.toFixed(2).padStart(11)}`);
  }
  console.log('\ngoals');
  for (const { name, value, bound, holds } of report.goals) {
    console.log(
      `${holds ? 'holds ' : 'MISSED'} ${name.padEnd(42)} ${value.toFixed(2).padStart(8)}  (${bound})`,
    );
  }
}
