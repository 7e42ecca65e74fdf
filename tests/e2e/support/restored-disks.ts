import { mkdir, open, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileNameOf } from '@leeward/cli/demo/file-name';
import { restoreAndCompare } from '@leeward/cli/demo/restore-and-compare';
import { Output } from '@leeward/cli/output/output';
import { newestRecord, type RecordSource } from '@leeward/lab/guests/record-pattern';
import { systemClock } from '@leeward/platform';
import type { RunVm } from '@leeward/server';
import type { Site } from './site.ts';

export interface RestoredVm {
  /** Names of the disks whose restored bytes are not those of the VMware snapshot. */
  readonly differing: readonly string[];
  readonly compared: number;
  /** Number of the newest record that the guest had written on all disks together. */
  readonly newest: number | undefined;
  /** What `point.json` tells of how far apart its storage snapshots were taken. */
  readonly skew: unknown;
}

/**
 * Restores the point that a run made of a VM, compares every disk with what it was at the VMware snapshot, and looks
 * for numbered records on all of them. Throws when the records are not the state of one instant.
 */
export async function restoreRecords(site: Site, vm: RunVm): Promise<RestoredVm> {
  const output = new Output(false);
  output.note = () => undefined;
  const folder = join(site.folder, 'records', vm.facts.pointId ?? 'none', fileNameOf(vm.name));
  await mkdir(folder, { recursive: true });
  const tools = { api: site.api, output, clock: systemClock };
  const disks = await restoreAndCompare(tools, site.lab, vm, folder);
  const opened = await Promise.all(disks.map(({ name }) => open(join(folder, `${name}-flat.vmdk`))));
  try {
    const sources = opened.map(async (file): Promise<RecordSource> => {
      return {
        sizeBytes: (await file.stat()).size,
        read: async (offsetBytes, target) => {
          const { bytesRead } = await file.read(target, 0, target.length, offsetBytes);
          if (bytesRead < target.length) throw new RangeError('behind the end of the restored disk');
        },
      };
    });
    const differs = disks.filter((disk) => disk.sha256AtSnapshot !== disk.sha256Restored);
    return {
      differing: differs.map(({ name }) => name),
      compared: disks.length,
      newest: await newestRecord(await Promise.all(sources)),
      skew: JSON.parse(await readFile(join(folder, 'point.json'), 'utf8')).storageSnapshotSkew,
    };
  } finally {
    await Promise.all(opened.map((file) => file.close()));
    await rm(folder, { recursive: true });
  }
}
