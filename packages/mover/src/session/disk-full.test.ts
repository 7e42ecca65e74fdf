import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { systemRandomness } from '@leeward/platform';
import { checkRepository, findPoint, restorePoint } from '@leeward/repository';
import { diskContent } from '@leeward/repository/testing/disk-content';
import { temporaryFolder } from '@leeward/repository/testing/temporary-folder';
import { expect, it, onTestFinished } from 'vitest';
import { BackupFixture } from '../testing/backup-fixture.ts';

const mib = 2 ** 20;

/** A small file system, where this user may mount one; the test is skipped elsewhere. */
function smallFolder(folder: string, bytes: number): string | undefined {
  const path = join(folder, 'small');
  mkdirSync(path);
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${bytes}`, 'leeward-test', path], { stdio: 'pipe' });
  } catch {
    return undefined;
  }
  onTestFinished(() => {
    execFileSync('umount', ['-l', path]);
  });
  return path;
}

it('a full repository is named, keeps its points, and takes the rest once there is space', async (context) => {
  const folder = temporaryFolder();
  const small = smallFolder(folder, 12 * mib);
  if (!small) return context.skip('no file system can be mounted here');
  const fixture = await BackupFixture.create(small);
  const source = (content: Buffer) => {
    const path = join(folder, `disk-${content.length}.raw`);
    writeFileSync(path, content);
    return { kind: 'file', path, sizeBytes: content.length } as const;
  };
  const session = await fixture.openSession();
  const first = diskContent(2 * mib, 1);
  const backUp = (content: Buffer, checkpointFolder: string) =>
    session.backupDisk({ diskName: 'disk', source: source(content), changed: 'all', checkpointFolder });
  const result = await backUp(first, join(folder, 'c1'));
  const { snapshotId } = await session.commitPoint(fixture.pointOf([result], 'r1'));
  const large = Buffer.from(systemRandomness.bytes(24 * mib));
  await expect(backUp(large, join(folder, 'c2'))).rejects.toMatchObject({ code: 'L-REP-107' });
  await session.close();
  const repository = await fixture.openRepository();
  expect(await checkRepository(repository, { readData: true })).toMatchObject({ ok: true });
  const restored = await restorePoint(repository, await findPoint(repository, snapshotId), {
    targetFolder: join(folder, 'restored'),
  });
  expect(restored.disks).toHaveLength(1);
  execFileSync('mount', ['-o', `remount,size=${64 * mib}`, small]);
  const later = await fixture.openSession();
  const again = await later.backupDisk({
    diskName: 'disk',
    source: source(large),
    changed: 'all',
    checkpointFolder: join(folder, 'c2'),
  });
  expect(again.blocksTotal).toBe(96);
  await later.close();
  expect(await checkRepository(repository, { readData: true })).toMatchObject({ ok: true });
});

it('a full target is named and left clean', async (context) => {
  const folder = temporaryFolder();
  const small = smallFolder(folder, 4 * mib);
  if (!small) return context.skip('no file system can be mounted here');
  const fixture = await BackupFixture.create(folder);
  const session = await fixture.openSession();
  const { snapshotId } = await fixture.backUp(session, Buffer.from(systemRandomness.bytes(8 * mib)));
  await session.close();
  const repository = await fixture.openRepository();
  const restore = restorePoint(repository, await findPoint(repository, snapshotId), { targetFolder: small });
  await expect(restore).rejects.toMatchObject({ code: 'L-REP-120' });
  expect(readdirSync(small)).toEqual([]);
});
