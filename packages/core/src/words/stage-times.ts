import type { Source } from './storage.ts';

/**
 * Where the time of a proxy's threads went while they had data of VMs in hand. Milliseconds, summed over the threads:
 * shares of them tell what holds a backup up, the sum does not tell how long it took.
 */
export interface StageTimes {
  /** Nothing to do until the source answers: the array or the ESXi host, with the network in between. */
  readonly sourceMs: number;
  /** At work: protocols, hashing, compression, encryption. */
  readonly proxyMs: number;
  /** Nothing to do until the repository has taken what was packed. */
  readonly repositoryMs: number;
}

/** In the order in which data passes through them. */
export const stages = ['source', 'proxy', 'repository'] as const;
export type Stage = (typeof stages)[number];

export interface StageShare {
  readonly stage: Stage;
  /** 0 to 1; all shares together are 1. */
  readonly share: number;
}

export const noStageTimes: StageTimes = { sourceMs: 0, proxyMs: 0, repositoryMs: 0 };

export function addStageTimes(all: readonly StageTimes[]): StageTimes {
  return all.reduce(
    (sum, each) => ({
      sourceMs: sum.sourceMs + each.sourceMs,
      proxyMs: sum.proxyMs + each.proxyMs,
      repositoryMs: sum.repositoryMs + each.repositoryMs,
    }),
    noStageTimes,
  );
}

/** In the order of `stages`; empty where nothing was measured. */
export function stageShares({ sourceMs, proxyMs, repositoryMs }: StageTimes): readonly StageShare[] {
  const sumMs = sourceMs + proxyMs + repositoryMs;
  if (sumMs <= 0) return [];
  const timeMs = { source: sourceMs, proxy: proxyMs, repository: repositoryMs };
  return stages.map((stage) => ({ stage, share: timeMs[stage] / sumMs }));
}

const sourceNames: Readonly<Record<Source, string>> = {
  secondary: 'secondary array',
  primary: 'primary array',
  standard: 'ESXi host',
};

/**
 * What the stage is called where people read of it.
 * @param sources what the VMs in question are read from; where that differs, the source has no other name
 */
export function stageName(stage: Stage, sources: readonly Source[]): string {
  const [only, ...others] = new Set(sources);
  return stage === 'source' && only !== undefined && others.length === 0 ? sourceNames[only] : stage;
}
