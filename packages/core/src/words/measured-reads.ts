import { addStageTimes, type StageShare, type StageTimes, stageName, stageShares } from './stage-times.ts';
import type { Source } from './storage.ts';

/** What is known of the reading of a VM; without times nothing of it was measured. */
export interface MeasuredRead {
  readonly source?: Source | undefined;
  readonly stageTimes?: StageTimes | undefined;
}

/** A share of the time of reads, under the name that people know. */
export interface NamedShare extends StageShare {
  /** Such as `secondary array 72 %`. */
  readonly text: string;
}

/** In the order in which data passes through the stages; empty where nothing was measured. */
export function namedShares(reads: readonly MeasuredRead[]): readonly NamedShare[] {
  const measured = reads.filter(({ stageTimes }) => stageTimes !== undefined);
  const sources = measured.flatMap(({ source }) => source ?? []);
  const times = addStageTimes(measured.flatMap(({ stageTimes }) => stageTimes ?? []));
  return stageShares(times).map(({ stage, share }) => {
    return { stage, share, text: `${stageName(stage, sources)} ${Math.round(share * 100)} %` };
  });
}

/** The stage that takes most of the time first: only what makes this one faster makes the backup much faster. */
export function bottleneckFirst(reads: readonly MeasuredRead[]): readonly NamedShare[] {
  return namedShares(reads).toSorted((a, b) => b.share - a.share);
}

/** Such as `secondary array 72 % (proxy 20 %, repository 8 %)`; undefined where nothing was measured. */
export function bottleneckText(reads: readonly MeasuredRead[]): string | undefined {
  const [most, ...others] = bottleneckFirst(reads).map(({ text }) => text);
  return most === undefined ? undefined : `${most} (${others.join(', ')})`;
}

/**
 * Those of a run as it stands: its VMs that are done, and what is read now.
 * @param progress live figures of its flows, each flow's own; those of reads have `stageTimes` and `source`
 */
export function readsOfRun(
  vms: readonly { readonly facts: MeasuredRead }[],
  progress: Readonly<Record<string, unknown>>,
): readonly MeasuredRead[] {
  return [...vms.map(({ facts }) => facts), ...Object.values(progress).map(readOf)];
}

function readOf(progress: unknown): MeasuredRead {
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
