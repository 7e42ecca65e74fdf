import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { BackupFixture } from '@leeward/mover/testing/backup-fixture';
import {
  addKey,
  checkRepository,
  findPoint,
  listPoints,
  RepositoryLock,
  restorePoint,
  restoreTree,
} from '@leeward/repository';
import { diskContent } from '@leeward/repository/testing/disk-content';
import { testKdfCost } from '@leeward/repository/testing/fixture';
import { temporaryFolder } from '@leeward/repository/testing/temporary-folder';
import { describe, expect, it } from 'vitest';
import { oddFolder } from './restic/folders.ts';
import { qemuImg, resticJudges } from './restic/judges.ts';
import { differences } from './restic/same-tree.ts';

const mib = 2 ** 20;
const vmFolder = 'vm ü [1]';
const extentPath = `/${vmFolder}/disk.extents/0000/disk-f0001.vmdk`;
const judges = resticJudges();
const qemu = qemuImg();

/** Two points of one disk, written by the mover. */
async function twoGenerations(blockBytes?: number) {
  const fixture = await BackupFixture.create(temporaryFolder(), blockBytes);
  const session = await fixture.openSession();
  const first = diskContent(30 * mib + 512, 31);
  const second = Buffer.from(first);
  second.set(diskContent(700_000, 32), 5_000_000);
  const full = await fixture.backUp(session, first);
  const areas = [{ offsetBytes: 5_000_000, lengthBytes: 700_000 }];
  const parent = { snapshotId: full.snapshotId, diskName: 'disk' };
  const incremental = await fixture.backUp(session, second, areas, parent);
  await session.close();
  return { fixture, path: fixture.repositoryPath, first, second, full, incremental };
}

describe.skipIf(judges.length === 0).each(judges)(
  'restic $version judges a repository of Leeward',
  (restic) => {
    it.each([256 * 1024, 512 * 1024, 4 * mib])(
      'checks it, blocks of %i bytes, down to the last byte',
      async (bytes) => {
        const { path, fixture } = await twoGenerations(bytes);
        expect(restic.run(path, fixture.password, 'check', '--read-data')).toContain('no errors were found');
      },
    );

    it('lists, restores and dumps what was backed up', async () => {
      const { path, fixture, first, second, full, incremental } = await twoGenerations();
      const run = (...args: string[]) => restic.run(path, fixture.password, ...args);
      const snapshots: { id: string; hostname: string; tags: string[]; paths: string[] }[] = JSON.parse(
        run('snapshots', '--json'),
      );
      expect(snapshots.map(({ id }) => id)).toEqual([full.snapshotId, incremental.snapshotId]);
      expect(snapshots[0]).toMatchObject({ hostname: 'vcenter.test', paths: [`/${vmFolder}`] });
      expect(snapshots[0]?.tags).toEqual(expect.arrayContaining(['job=test', 'source=secondary', 'vm=vm-1']));
      expect(run('snapshots', '--tag', 'job=test', '--json')).toContain(full.snapshotId);
      expect(run('ls', full.snapshotId)).toContain(extentPath);
      const target = temporaryFolder();
      for (const [point, content] of [
        [full, first],
        [incremental, second],
      ] as const) {
        run('restore', point.snapshotId, '--target', join(target, point.snapshotId));
        expect(readFileSync(join(target, point.snapshotId, extentPath)).equals(content)).toBe(true);
      }
      const dumped: { test: boolean } = JSON.parse(run('dump', full.snapshotId, `/${vmFolder}/point.json`));
      expect(dumped.test).toBe(true);
    });

    it('backs up into it, and both can be restored', async () => {
      const { path, fixture, second, incremental } = await twoGenerations(mib);
      const source = join(temporaryFolder(), 'source');
      oddFolder(source);
      restic.run(path, fixture.password, 'backup', source);
      expect(restic.run(path, fixture.password, 'check', '--read-data')).toContain('no errors were found');
      const repository = await fixture.openRepository();
      expect(repository.blockBytes).toBe(mib);
      expect(await checkRepository(repository, { readData: true })).toMatchObject({ ok: true });
      const target = temporaryFolder();
      const point = await findPoint(repository, incremental.snapshotId);
      const { disks } = await restorePoint(repository, point, { targetFolder: join(target, 'vm') });
      expect(readFileSync(disks[0]?.flatPath ?? '').equals(second)).toBe(true);
      const foreign = (await listPoints(repository)).points.find(({ paths }) => paths.includes(source));
      if (!foreign) throw new Error('the point of restic is not listed');
      await restoreTree(repository, foreign, source, { targetFolder: join(target, 'tree') });
      expect(differences(source, join(target, 'tree'))).toEqual([]);
    });

    it('forgets and prunes, and Leeward goes on with what is left', async () => {
      const { path, fixture, second, incremental } = await twoGenerations();
      const run = (...args: string[]) => restic.run(path, fixture.password, ...args);
      run('forget', '--keep-last', '1', '--prune', '--max-unused', '0');
      expect(run('check', '--read-data')).toContain('no errors were found');
      const third = Buffer.from(second);
      third.fill(9, 20 * mib, 21 * mib);
      const session = await fixture.openSession();
      const areas = [{ offsetBytes: 20 * mib, lengthBytes: mib }];
      const parent = { snapshotId: incremental.snapshotId, diskName: 'disk' };
      const { snapshotId, result } = await fixture.backUp(session, third, areas, parent);
      await session.close();
      expect(result).toMatchObject({ warnings: [], bytesRead: mib });
      expect(run('check', '--read-data')).toContain('no errors were found');
      const repository = await fixture.openRepository();
      for (const [id, content] of [
        [incremental.snapshotId, second],
        [snapshotId, third],
      ] as const) {
        const targetFolder = join(temporaryFolder(), 'r');
        const { disks } = await restorePoint(repository, await findPoint(repository, id), { targetFolder });
        expect(readFileSync(disks[0]?.flatPath ?? '').equals(content)).toBe(true);
      }
    });

    it('respects our locks, and we respect its', async () => {
      const { path, fixture } = await twoGenerations();
      const repository = await fixture.openRepository();
      const shared = await RepositoryLock.acquire(repository, { exclusive: false });
      const prune = restic.attempt(path, fixture.password, 'prune');
      expect(prune.code).not.toBe(0);
      expect(prune.output).toContain('already locked');
      const source = temporaryFolder();
      writeFileSync(join(source, 'file'), 'x');
      restic.run(path, fixture.password, 'backup', source);
      await shared.release();
      const exclusive = await RepositoryLock.acquire(repository, { exclusive: true });
      expect(restic.attempt(path, fixture.password, 'backup', source).output).toContain('already locked');
      await exclusive.release();
      restic.run(path, fixture.password, 'prune');
      expect(readdirSync(join(path, 'locks'))).toEqual([]);
    });

    it('opens it with every password that we add, and we with those that it adds', async () => {
      const { path, fixture } = await twoGenerations();
      await addKey(await fixture.openRepository(), 'zweites Paßwort', testKdfCost);
      expect(restic.run(path, 'zweites Paßwort', 'snapshots', '--json')).toContain('vcenter.test');
      const passwordFile = join(temporaryFolder(), 'password');
      writeFileSync(passwordFile, 'third');
      restic.run(path, fixture.password, 'key', 'add', '--new-password-file', passwordFile);
      const { openRepository } = await import('@leeward/repository');
      const { systemClock: clock, systemRandomness: randomness } = await import('@leeward/platform');
      const opened = await openRepository({ path, password: 'third', clock, randomness });
      expect((await listPoints(opened)).points).toHaveLength(2);
    });

    it.skipIf(!qemu)('restores disks that qemu-img opens where they lie', async () => {
      const { path, fixture, second, incremental } = await twoGenerations();
      const folder = temporaryFolder();
      const model = join(folder, 'model.raw');
      writeFileSync(model, second);
      restic.run(path, fixture.password, 'restore', incremental.snapshotId, '--target', folder);
      const descriptor = join(folder, vmFolder, 'disk.vmdk');
      expect(qemu?.('compare', '-f', 'vmdk', '-F', 'raw', descriptor, model)).toContain(
        'Images are identical',
      );
    });
  },
);

describe.skipIf(!qemu)('qemu-img judges a restore of Leeward', () => {
  it('opens the descriptor and finds the disk identical', async () => {
    const { fixture, second, incremental } = await twoGenerations();
    const folder = temporaryFolder();
    const model = join(folder, 'model.raw');
    writeFileSync(model, second);
    mkdirSync(join(folder, 'vm'));
    const repository = await fixture.openRepository();
    const point = await findPoint(repository, incremental.snapshotId);
    const { disks } = await restorePoint(repository, point, { targetFolder: join(folder, 'vm') });
    const descriptor = disks[0]?.descriptorPath ?? '';
    const info: { format: string; 'virtual-size': number } = JSON.parse(
      qemu?.('info', '--output=json', descriptor) ?? '',
    );
    expect(info).toMatchObject({ format: 'vmdk', 'virtual-size': second.length });
    expect(qemu?.('compare', '-f', 'vmdk', '-F', 'raw', descriptor, model)).toContain('Images are identical');
  });
});
