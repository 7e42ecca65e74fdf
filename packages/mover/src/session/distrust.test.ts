import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Extent, LeewardError } from '@leeward/core';
import { makeVolume } from '@leeward/lab/vmfs/testing';
import { SeededRandomness } from '@leeward/platform';
import { findPoint, restorePoint } from '@leeward/repository';
import { diskContent } from '@leeward/repository/testing/disk-content';
import { temporaryFolder } from '@leeward/repository/testing/temporary-folder';
import { expect, it } from 'vitest';
import { BackupFixture } from '../testing/backup-fixture.ts';
import { servedVmfs, sourceOf, writeDisk } from '../testing/served-vmfs.ts';
import type { DiskBackupOptions } from './disk-backup-options.ts';

const mib = 2 ** 20;
const block = 256 * 1024;
const all = { fraction: 1, seed: 1 };

/** A disk in a file, backed up in full, with a way to back it up again and to see what a point holds. */
async function diskInFile(bytes: number) {
  const fixture = await BackupFixture.create(temporaryFolder());
  const content = diskContent(bytes, 3);
  content.fill(0, 2 * mib, 3 * mib);
  content.fill(5, 6 * mib, 7 * mib);
  const reasons: string[] = [];
  let runs = 0;
  const backUp = async (more: Partial<DiskBackupOptions> = {}, checkpointFolder?: string) => {
    const session = await fixture.openSession();
    try {
      const result = await session.backupDisk({
        diskName: 'disk',
        source: fixture.writeDisk('disk', content),
        changed: 'all',
        checkpointFolder: checkpointFolder ?? fixture.checkpointFolder(),
        onFull: async ({ code }) => void reasons.push(code),
        ...more,
      });
      const { snapshotId } = await session.commitPoint(fixture.pointOf([result], `r${++runs}`));
      return { result, snapshotId, parent: { snapshotId, diskName: 'disk' } };
    } finally {
      await session.close();
    }
  };
  const restored = async (snapshotId: string) => {
    const repository = await fixture.openRepository();
    const targetFolder = join(fixture.folder, `restored ${snapshotId}`);
    const point = await findPoint(repository, snapshotId);
    const { disks } = await restorePoint(repository, point, { targetFolder, workers: 1 });
    return readFileSync(disks[0]?.flatPath ?? '');
  };
  return { fixture, content, backUp, restored, reasons, first: await backUp() };
}

const changed: Extent[] = [{ offsetBytes: 0, lengthBytes: 100 }];

it('what is as in the parent is read, counted, and stored as nothing new', async () => {
  const { backUp, first, reasons } = await diskInFile(8 * mib + 512);
  const { result } = await backUp({ changed: [], parent: first.parent, sample: all });
  expect(result).toMatchObject({ bytesRead: 8 * mib + 512, blocksSampled: 33, bytesStored: 0, warnings: [] });
  expect(result.extentTrees).toEqual(first.result.extentTrees);
  expect(result.fullBecause).toBeUndefined();
  const few = await backUp({ changed, parent: first.parent, sample: { fraction: 0.005, seed: 5 } });
  expect(few.result).toMatchObject({ bytesRead: 9 * block, bytesChanged: 100, blocksSampled: 8 });
  const none = await backUp({ changed, parent: first.parent, sample: { fraction: 0, seed: 5 } });
  expect(none.result).toMatchObject({ bytesRead: block, blocksSampled: 0 });
  expect(reasons).toEqual([]);
});

it.each([
  ['data over data', 5 * mib + 3, 9],
  ['data over zeros', 2 * mib + 700, 9],
  ['zeros over data', 6 * mib, 0],
  ['the last, short block', 8 * mib + 100, 9],
])('a full sample finds any write that change tracking missed: %s', async (_, at, byte) => {
  const { content, backUp, restored, first, reasons } = await diskInFile(8 * mib + 512);
  content.fill(byte, at, at + 64);
  content.fill(7, 0, 100);
  const wrong = await backUp({ changed, parent: first.parent });
  // Without the sample the point is wrong: that is what it is for.
  expect((await restored(wrong.snapshotId)).equals(content)).toBe(false);
  const { result, snapshotId } = await backUp({ changed, parent: first.parent, sample: all });
  const offset = Math.floor(at / block) * block;
  expect(result.fullBecause).toMatchObject({ code: 'L-SRC-115', details: { offset, disk: 'disk' } });
  expect(result.warnings).toMatchObject([{ code: 'L-SRC-115' }]);
  expect(result).toMatchObject({ bytesRead: 8 * mib + 512, bytesChanged: 8 * mib + 512, blocksSampled: 0 });
  expect(reasons).toEqual(['L-SRC-115']);
  expect((await restored(snapshotId)).equals(content)).toBe(true);
});

it('a try after an interrupted one goes on in full and does not believe change tracking again', async () => {
  const { fixture, content, backUp, restored, first, reasons } = await diskInFile(8 * mib);
  content.fill(9, 5 * mib, 5 * mib + 1);
  const folder = fixture.checkpointFolder();
  const refusing = async () => {
    throw new LeewardError('L-RUN-102');
  };
  const since = { changed, parent: first.parent };
  await expect(backUp({ ...since, sample: all, onFull: refusing }, folder)).rejects.toMatchObject({
    code: 'L-RUN-102',
  });
  // The one sample that would not meet it: what was seen counts.
  const { result, snapshotId } = await backUp({ ...since, sample: { fraction: 0, seed: 1 } }, folder);
  expect(result.fullBecause?.code).toBe('L-SRC-115');
  expect(reasons).toEqual(['L-SRC-115']);
  expect((await restored(snapshotId)).equals(content)).toBe(true);
});

it('an interrupted backup takes over what it had sampled, and looks at it again', async () => {
  const { fixture, content, backUp, first, reasons } = await diskInFile(64 * mib);
  const folder = fixture.checkpointFolder();
  const since = { changed, parent: first.parent, sample: { fraction: 0.5, seed: 4 } };
  const stop = new AbortController();
  const onProgress = ({ bytesRead }: { bytesRead: number }) => {
    if (bytesRead > 16 * mib) stop.abort(new LeewardError('L-RUN-102'));
  };
  const interrupted = { ...since, onProgress, progressEveryMs: 0, signal: stop.signal };
  await expect(backUp(interrupted, folder)).rejects.toMatchObject({ code: 'L-RUN-102' });
  const { result } = await backUp(since, folder);
  expect(result.bytesResumed).toBeGreaterThan(0);
  expect(result).toMatchObject({ bytesRead: 129 * block, blocksSampled: 128, warnings: [] });
  expect(content.length).toBe(64 * mib);
  expect(reasons).toEqual([]);
});

it('a parent that is not there any more is named as the cause', async () => {
  const { backUp, reasons } = await diskInFile(8 * mib);
  const parent = { snapshotId: '0'.repeat(64), diskName: 'disk' };
  const { result } = await backUp({ changed, parent, sample: all });
  expect(result.fullBecause?.code).toBe('L-REP-126');
  expect(reasons).toEqual(['L-REP-126']);
});

it.each(['thin', 'lazy'] as const)(
  'holes of a %s disk on VMFS are as the zeros of the parent; a write into one that was missed is found',
  async (format) => {
    const { host, luns } = await makeVolume({ version: 6 });
    await host.makeDirectory('vm');
    const random = new SeededRandomness(1);
    const data = Buffer.from(random.bytes(2 * mib));
    await writeDisk(host, 'a', 16 * mib, format, [[0, data]]);
    const { access } = await servedVmfs(host.uuid, luns);
    const fixture = await BackupFixture.create(temporaryFolder());
    const source = sourceOf(access, 'vm/a.vmdk', 16 * mib);
    let runs = 0;
    const backUp = async (more: Partial<DiskBackupOptions>) => {
      const session = await fixture.openSession();
      try {
        const checkpointFolder = fixture.checkpointFolder();
        const result = await session.backupDisk({
          ...{ diskName: 'disk', source, checkpointFolder, changed: 'all', sample: all },
          ...more,
        });
        const { snapshotId } = await session.commitPoint(fixture.pointOf([result], `r${++runs}`));
        return { result, parent: { snapshotId, diskName: 'disk' } };
      } finally {
        await session.close();
      }
    };
    const written = [{ offsetBytes: 0, lengthBytes: 2 * mib }];
    const { parent } = await backUp({ allocatedAreas: written });
    const same = await backUp({ changed: [], parent, allocatedAreas: written });
    // What the file has nothing for is compared without being read.
    expect(same.result).toMatchObject({ bytesRead: 2 * mib, blocksSampled: 64, warnings: [] });
    await (await host.open('vm/a-flat.vmdk')).write(8 * mib, data);
    const allocatedAreas = [...written, { offsetBytes: 8 * mib, lengthBytes: 2 * mib }];
    const { result } = await backUp({ changed: [], parent, allocatedAreas });
    expect(result).toMatchObject({ bytesRead: 4 * mib, fullBecause: { details: { offset: 8 * mib } } });
    // The host lags behind: what was missed would read as zeros, as in the parent.
    await host.holdMetadata('vm/a-flat.vmdk');
    await (await host.open('vm/a-flat.vmdk')).write(12 * mib, data);
    const lagging = [...allocatedAreas, { offsetBytes: 12 * mib, lengthBytes: 2 * mib }];
    const next = { changed: [{ offsetBytes: 8 * mib, lengthBytes: 2 * mib }], parent };
    await expect(backUp({ ...next, allocatedAreas: lagging })).rejects.toMatchObject({ code: 'L-FMT-431' });
  },
);
