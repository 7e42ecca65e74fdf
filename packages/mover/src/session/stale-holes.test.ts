import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Extent } from '@leeward/core';
import { makeVolume } from '@leeward/lab/vmfs/testing';
import { findPoint, restorePoint } from '@leeward/repository';
import { temporaryFolder } from '@leeward/repository/testing/temporary-folder';
import { expect, it } from 'vitest';
import { BackupFixture } from '../testing/backup-fixture.ts';
import { servedVmfs, sourceOf, writeDisk } from '../testing/served-vmfs.ts';
import type { DiskBackupOptions } from './disk-backup-options.ts';

const mib = 2 ** 20;
const sizeBytes = 16 * mib;
const extent = (offsetMib: number, lengthMib: number): Extent => ({
  offsetBytes: offsetMib * mib,
  lengthBytes: lengthMib * mib,
});

/** A disk whose first 2 MiB were written, backed up in full; then its host lags behind, and 2 MiB are written at 8. */
async function lagging(format: 'thin' | 'lazy') {
  const { host, luns } = await makeVolume({ version: 6 });
  await host.makeDirectory('vm');
  await writeDisk(host, 'a', sizeBytes, format, [[0, Buffer.alloc(2 * mib, 1)]]);
  const { access } = await servedVmfs(host.uuid, luns);
  const fixture = await BackupFixture.create(temporaryFolder());
  const source = sourceOf(access, 'vm/a.vmdk', sizeBytes);
  const index = join(fixture.repositoryPath, 'index');
  let runs = 0;
  let diskIndex: readonly string[] = [];
  const backUp = async (more: Partial<DiskBackupOptions>) => {
    const session = await fixture.openSession();
    try {
      const options = { diskName: 'disk', source, checkpointFolder: fixture.checkpointFolder() };
      const result = await session.backupDisk({ ...options, changed: 'all', ...more });
      if (runs === 0) diskIndex = readdirSync(index).map((file) => join(index, file));
      const { snapshotId } = await session.commitPoint(fixture.pointOf([result], `r${++runs}`));
      return { result, parent: { snapshotId, diskName: 'disk' } };
    } finally {
      await session.close();
    }
  };
  const { result, parent } = await backUp({ allocatedAreas: [extent(0, 2)] });
  expect(result.warnings).toEqual([]);
  const disk = await host.open('vm/a-flat.vmdk');
  await host.holdMetadata('vm/a-flat.vmdk');
  await disk.write(8 * mib, Buffer.alloc(2 * mib, 2));
  /** What lies at 8 MiB in the point. */
  const byteAt8 = async (snapshotId: string) => {
    const repository = await fixture.openRepository();
    const targetFolder = join(fixture.folder, `restored ${snapshotId}`);
    const point = await findPoint(repository, snapshotId);
    const { disks } = await restorePoint(repository, point, { targetFolder });
    return readFileSync(disks[0]?.flatPath ?? '')[8 * mib];
  };
  /** The repository does not know the blocks and the tree any more that the first point stored of the disk. */
  const loseDisk = () => {
    for (const file of diskIndex) rmSync(file);
  };
  return { backUp, parent, host, byteAt8, loseDisk };
}

const allocatedAreas = [extent(0, 2), extent(8, 2)];
const changed = [extent(8, 2)];
const doubt = { code: 'L-FMT-431', details: { ranges: 1, totalBytes: 2 * mib, offset: 8 * mib } };

it.each(['thin', 'lazy'] as const)(
  'changes over a place that a %s disk has not yet are in doubt',
  async (format) => {
    const { backUp, parent, host, byteAt8 } = await lagging(format);
    await expect(backUp({ changed, parent, allocatedAreas })).rejects.toMatchObject(doubt);
    await host.releaseMetadata('vm/a-flat.vmdk');
    const good = await backUp({ changed, parent, allocatedAreas });
    expect(good.result).toMatchObject({ bytesRead: 2 * mib, warnings: [] });
    expect(await byteAt8(good.parent.snapshotId)).toBe(2);
  },
);

it('changes that are not allocated any more were given back: zeros', async () => {
  const { backUp, parent, byteAt8 } = await lagging('thin');
  const { result, parent: point } = await backUp({ changed, parent, allocatedAreas: [extent(0, 2)] });
  expect(result).toMatchObject({ bytesRead: 0, warnings: [] });
  expect(await byteAt8(point.snapshotId)).toBe(0);
});

it.each(['thin', 'lazy'] as const)(
  'all of a %s disk is looked at when its parent proves unusable',
  async (format) => {
    const { backUp } = await lagging(format);
    const gone = { snapshotId: '0'.repeat(64), diskName: 'disk' };
    const other = [extent(0, 1)];
    await expect(backUp({ changed: other, parent: gone, allocatedAreas })).rejects.toMatchObject(doubt);
  },
);

it('what is read again because the repository lost it is looked at too, though it did not change', async () => {
  const { backUp, parent, host, loseDisk } = await lagging('thin');
  await (await host.open('vm/a-flat.vmdk')).write(0, Buffer.alloc(mib, 3));
  const next = await backUp({ changed: [extent(0, 1)], parent, allocatedAreas });
  // The tree of the second point is known; most of its blocks, that of zeros too, are not any more.
  loseDisk();
  const again = { changed: [extent(0, 1)], parent: next.parent, allocatedAreas };
  await expect(backUp(again)).rejects.toMatchObject(doubt);
  await host.releaseMetadata('vm/a-flat.vmdk');
  expect((await backUp(again)).result).toMatchObject({ warnings: [], bytesChanged: mib });
});

it('an answer for the whole disk decides what was written since, and says what it cannot decide', async () => {
  const whole = [extent(0, 16)];
  const lazy = await lagging('lazy');
  const since = { changed, parent: lazy.parent, allocatedAreas: whole };
  await expect(lazy.backUp(since)).rejects.toMatchObject(doubt);
  const thin = await lagging('thin');
  const { result } = await thin.backUp({ changed, parent: thin.parent, allocatedAreas: whole });
  expect(result.warnings).toMatchObject([{ code: 'L-FMT-432', details: { totalBytes: 2 * mib } }]);
});

it('a frozen file that its host holds for itself alone is told', async () => {
  const { backUp, host } = await lagging('thin');
  await host.releaseMetadata('vm/a-flat.vmdk');
  for (const mode of [0, 2, 3] as const) {
    await host.setLock('vm/a-flat.vmdk', mode);
    expect((await backUp({ allocatedAreas })).result.warnings).toEqual([]);
  }
  await host.setLock('vm/a-flat.vmdk', 1);
  expect((await backUp({})).result.warnings).toMatchObject([
    {
      code: 'L-FMT-433',
      details: { file: 'ds 1/vm/a-flat.vmdk', owner: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{8}-/) },
    },
  ]);
});
