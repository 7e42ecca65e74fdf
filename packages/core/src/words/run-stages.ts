import { addStageTimes, bottleneckText, type StageTimes } from './stage-times.ts';
import type { Source } from './storage.ts';

/** Where the time went of what was read, and what it was read from. */
export interface MeasuredStages {
  readonly times: StageTimes;
  /** One or more of those, as far as known. */
  readonly sources: readonly Source[];
}

interface VmFacts {
  readonly source?: Source | undefined;
  readonly stageTimes?: StageTimes | undefined;
}

/**
 * Of a run as it stands: its VMs that are done, and what is read now.
 * @param progress live figures of its flows, each flow's own; those of reads have `stageTimes` and `source`
 */
export function stagesOfRun(
  vms: readonly { readonly facts: VmFacts }[],
  progress: Readonly<Record<string, unknown>>,
): MeasuredStages {
  const measured: readonly VmFacts[] = [
    ...vms.map(({ facts }) => facts),
    ...Object.values(progress).map(factsOf),
  ];
  const counted = measured.filter(({ stageTimes }) => stageTimes !== undefined);
  return {
    times: addStageTimes(counted.flatMap(({ stageTimes }) => stageTimes ?? [])),
    sources: counted.flatMap(({ source }) => source ?? []),
  };
}

/** What holds the run up, in words; undefined where nothing was read. */
export function bottleneckOfRun(...run: Parameters<typeof stagesOfRun>): string | undefined {
  const { times, sources } = stagesOfRun(...run);
  return bottleneckText(times, sources);
}

function factsOf(progress: unknown): VmFacts {
  if (typeof progress !== 'object' || progress === null) return {};
  const { source, stageTimes } = progress as { readonly source?: unknown; readonly stageTimes?: unknown };
  return isStageTimes(stageTimes) ? { stageTimes, ...(isSource(source) ? { source } : {}) } : {};
}

function isSource(value: unknown): value is Source {
  return value === 'secondary' || value === 'primary' || value === 'standard';
}

function isStageTimes(value: unknown): value is StageTimes {
  if (typeof value !== 'object' || value === null) return false;
  const times = value as Readonly<Record<keyof StageTimes, unknown>>;
  return [times.sourceMs, times.proxyMs, times.repositoryMs].every(
    (ms) => typeof ms === 'number' && ms >= 0 && Number.isFinite(ms),
  );
}
