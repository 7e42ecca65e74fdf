import type { RunState, RunSummary } from '../../api/runs.ts';

/** A run on the band, in per cent of its width. */
export interface BandMark {
  readonly id: string;
  readonly state: RunState;
  readonly from: number;
  readonly width: number;
  readonly lane: number;
}

/** A run that took a moment is seen all the same. */
const leastWidth = 0.6;
const mostLanes = 6;

/** Where runs stand between two times; those at the same time below each other, in as few lanes as there can be. */
export function bandMarks(
  runs: readonly Pick<RunSummary, 'id' | 'state' | 'startedAt' | 'endedAt'>[],
  fromMs: number,
  toMs: number,
): readonly BandMark[] {
  const laneEnds: number[] = [];
  const percent = (ms: number) => ((Math.min(toMs, Math.max(fromMs, ms)) - fromMs) / (toMs - fromMs)) * 100;
  return runs
    .toSorted((a, b) => Date.parse(a.startedAt) - Date.parse(b.startedAt))
    .map(({ id, state, startedAt, endedAt }) => {
      const end = percent(endedAt === undefined ? toMs : Date.parse(endedAt));
      const from = Math.min(percent(Date.parse(startedAt)), 100 - leastWidth);
      const width = Math.max(leastWidth, end - from);
      const free = laneEnds.findIndex((taken) => taken <= from);
      // What finds no lane any more lies over another one.
      const lane = free >= 0 ? free : Math.min(laneEnds.length, mostLanes - 1);
      laneEnds[lane] = from + width;
      return { id, state, from, width, lane };
    });
}

/** How many there are of each state, the most first. */
export function countsOf(
  runs: readonly Pick<RunSummary, 'state'>[],
): readonly (readonly [RunState, number])[] {
  const counts = new Map<RunState, number>();
  for (const { state } of runs) counts.set(state, (counts.get(state) ?? 0) + 1);
  return [...counts].toSorted(([, a], [, b]) => b - a);
}
