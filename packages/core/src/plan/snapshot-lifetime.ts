/**
 * What a VM's VMware snapshot took in earlier runs, milliseconds. Absent: not measured yet. `storageSnapshotMs`: the
 * storage snapshot of the group it was in.
 */
export interface SnapshotTimes {
  readonly createMs?: number | undefined;
  readonly changedAreasMs?: number | undefined;
  readonly storageSnapshotMs?: number | undefined;
  readonly removeMs?: number | undefined;
}

/** Taken where nothing was measured: what an array and a vCenter under little load need. */
const usual = { createMs: 4_000, changedAreasMs: 1_000, storageSnapshotMs: 4_000, removeMs: 4_000 };

/** VMware snapshots that are made, and asked for changes, at the same time in one group. */
export const vmwareSnapshotsAtOnce = 4;

/**
 * How long the VMware snapshot that lives longest of a group will exist, in milliseconds: made a few at a time and in
 * order, then asked for changes, then the pause and the storage snapshot, then removed all at once.
 */
export function estimateLifetime(vms: readonly SnapshotTimes[], settlePauseMs: number): number {
  const created = ends(vms.map(({ createMs }) => createMs ?? usual.createMs));
  const asked = ends(vms.map(({ changedAreasMs }) => changedAreasMs ?? usual.changedAreasMs));
  const storageSnapshotMs = latest(vms.map((vm) => vm.storageSnapshotMs ?? usual.storageSnapshotMs));
  const frozenMs = latest(created) + latest(asked) + settlePauseMs + storageSnapshotMs;
  const lives = vms.map(({ removeMs }, at) => frozenMs - (created[at] ?? 0) + (removeMs ?? usual.removeMs));
  return Math.round(latest(lives));
}

/** When each of a row of works ends, a few under way at a time, begun in order. */
function ends(durationsMs: readonly number[]): readonly number[] {
  const places = new Array<number>(vmwareSnapshotsAtOnce).fill(0);
  return durationsMs.map((durationMs) => {
    const free = places.indexOf(Math.min(...places));
    const end = (places[free] ?? 0) + durationMs;
    places[free] = end;
    return end;
  });
}

function latest(times: readonly number[]): number {
  return times.reduce((most, each) => Math.max(most, each), 0);
}
