import { join } from 'node:path';
import { type LabState, truthOf } from '@leeward/lab';
import type { Point, Run, RunVm } from '@leeward/server';
import { followRun, type WatchTools } from '../watch/watch-run.ts';
import type { DemoDisk } from './demo-report.ts';
import { sha256OfFile } from './hash-file.ts';

/**
 * Restores the point of a VM into a folder and compares every disk, by SHA-256, with what the disk was when its
 * VMware snapshot was taken, as the simulated vCenter recorded it. A disk that differs is in the result as it is.
 */
export async function restoreAndCompare(
  tools: WatchTools,
  lab: LabState,
  vm: RunVm,
  folder: string,
): Promise<readonly DemoDisk[]> {
  const { pointId, vmwareSnapshot } = vm.facts;
  if (pointId === undefined || vmwareSnapshot === undefined) return [];
  const point = await tools.api.get<Point>(`/points/${pointId}`);
  const run = await tools.api.post<Run>('/restores', { point: pointId, toFolder: folder });
  const { run: ended } = await followRun(tools, run.id);
  if (ended.state !== 'success')
    throw new Error(
      `restoring ${vm.name} ended as ${ended.state}: ${ended.problem?.what ?? 'no reason given'}`,
    );
  const truth = await truthOf(lab, vm.name, vmwareSnapshot.name, vmwareSnapshot.createdAt);
  const disks: DemoDisk[] = [];
  for (const { key, name } of point.facts.disks)
    disks.push({
      name,
      sha256AtSnapshot: truth.disks.find((disk) => disk.key === key)?.sha256 ?? 'not recorded',
      sha256Restored: await sha256OfFile(join(folder, `${name}-flat.vmdk`)),
    });
  return disks;
}
