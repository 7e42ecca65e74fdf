import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { systemClock as clock, systemRandomness as randomness } from '@leeward/platform';
import { findPoint, restorePoint } from '@leeward/repository';
import { diskContent } from '@leeward/repository/testing/disk-content';
import { temporaryFolder } from '@leeward/repository/testing/temporary-folder';
import { createNfsServer } from '@leeward/transports';
import { MemoryFileSystem } from '@leeward/transports/nfs/testing/memory-file-system';
import { describe, expect, it, onTestFinished } from 'vitest';
import { BackupFixture } from '../testing/backup-fixture.ts';
import type { NfsSource } from './disk-source.ts';
import { openDisk } from './open-disk.ts';

const mib = 2 ** 20;
const content = diskContent(9 * mib, 51);
/** The disk in two extents of one file and one of another, in an order of its own. */
const [cutA, cutB] = [3 * mib + 512, 5 * mib];

async function served() {
  const fileSystem = new MemoryFileSystem({ readOnly: true });
  const first = Buffer.concat([Buffer.alloc(1024, 1), content.subarray(cutB), content.subarray(0, cutA)]);
  fileSystem.addFile('vm/a-flat.vmdk', first);
  fileSystem.addFile('vm/b-flat.vmdk', content.subarray(cutA, cutB));
  let bytesServed = 0;
  const server = await createNfsServer({
    fileSystem,
    address: '127.0.0.1',
    nfsPort: 0,
    mountPort: 0,
    clock,
    onBytesRead: (_, bytes) => {
      bytesServed += bytes;
    },
  });
  onTestFinished(() => server.close());
  const source: NfsSource = {
    kind: 'nfs',
    addresses: ['127.0.0.1'],
    nfsPort: server.nfsPort,
    mountPort: server.mountPort,
    exportPath: '/export',
    extents: [
      { path: 'vm/a-flat.vmdk', offsetBytes: 1024 + content.length - cutB, lengthBytes: cutA },
      { path: 'vm/b-flat.vmdk', offsetBytes: 0, lengthBytes: cutB - cutA },
      { path: 'vm/a-flat.vmdk', offsetBytes: 1024, lengthBytes: content.length - cutB },
    ],
    sizeBytes: content.length,
  };
  return { server, source, served: () => bytesServed };
}

describe('NFS disk', () => {
  it('reads over the borders of its extents', async () => {
    const { source } = await served();
    const disk = await openDisk(source, { clock, randomness });
    for (const [at, length] of [
      [0, 100],
      [cutA - 7, 20],
      [cutA - 1, cutB - cutA + 2],
      [content.length - 5, 5],
    ] as const) {
      const target = Buffer.alloc(length);
      await disk.read(at, target);
      expect(target.equals(content.subarray(at, at + length))).toBe(true);
    }
    await disk.close();
  });

  it('says when a file is shorter than its extent', async () => {
    const { source } = await served();
    const extents = [{ path: 'vm/b-flat.vmdk', offsetBytes: 512, lengthBytes: content.length }];
    const open = openDisk({ ...source, extents }, { clock, randomness });
    await expect(open).rejects.toMatchObject({ code: 'L-REP-130' });
  });

  it('is backed up by worker threads, reading each byte once, though connections drop', async () => {
    const { server, source, served: bytesServed } = await served();
    const fixture = await BackupFixture.create(temporaryFolder());
    const session = await fixture.openSession();
    let dropped = false;
    const result = await session.backupDisk({
      diskName: 'disk',
      source,
      changed: 'all',
      checkpointFolder: fixture.checkpointFolder(),
      onProgress: () => {
        if (!dropped) server.dropConnections();
        dropped = true;
      },
    });
    const { snapshotId } = await session.commitPoint(fixture.pointOf([result], 'r'));
    await session.close();
    expect(result.bytesRead).toBe(content.length);
    expect(bytesServed()).toBeGreaterThanOrEqual(content.length);
    const repository = await fixture.openRepository();
    const targetFolder = join(fixture.folder, 'restored');
    const { disks } = await restorePoint(repository, await findPoint(repository, snapshotId), {
      targetFolder,
    });
    expect(readFileSync(disks[0]?.flatPath ?? '').equals(content)).toBe(true);
  });
});
