import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Extent } from '@leeward/core';
import type { FormatOptions } from '@leeward/lab/vmfs/format-volume';
import type { VmfsHostVolume } from '@leeward/lab/vmfs/host-volume';
import { makeVolume } from '@leeward/lab/vmfs/testing';
import { findPoint, restorePoint } from '@leeward/repository';
import { diskContent } from '@leeward/repository/testing/disk-content';
import { temporaryFolder } from '@leeward/repository/testing/temporary-folder';
import { describe, expect, it } from 'vitest';
import type { DiskBackupOptions, DiskBackupResult } from '../session/disk-backup-options.ts';
import { BackupFixture } from '../testing/backup-fixture.ts';
import { chainFiles } from '../testing/chain-files.ts';
import {
  chap,
  servedVmfs,
  sourceOf,
  targetName,
  tools,
  writeDisk,
  writeFile,
} from '../testing/served-vmfs.ts';
import { wholeOf } from '../testing/whole-of.ts';
import type { ChainSource } from './disk-source.ts';
import { openFolder } from './folder/open-folder.ts';
import type { IscsiLunAccess, VmfsFolderAccess } from './folder-access.ts';
import { openDisk } from './open-disk.ts';

const mib = 2 ** 20;

/** A new volume with what `fill` writes to it. */
async function served(
  fill: (host: VmfsHostVolume) => Promise<void>,
  options: Partial<FormatOptions> & { readonly version: 5 | 6 } = { version: 6 },
  lunCount = 1,
) {
  const { host, luns } = await makeVolume(options, lunCount);
  await host.makeDirectory('vm');
  await fill(host);
  return servedVmfs(host.uuid, luns);
}

/** Backs up and restores; gives what the repository has. */
async function backedUp(source: ChainSource, more: Partial<DiskBackupOptions> = {}) {
  const fixture = await BackupFixture.create(temporaryFolder());
  const session = await fixture.openSession();
  let result: DiskBackupResult;
  let snapshotId: string;
  try {
    result = await session.backupDisk({
      ...{ diskName: 'disk', source, changed: 'all' },
      checkpointFolder: fixture.checkpointFolder(),
      ...more,
    });
    snapshotId = (await session.commitPoint(fixture.pointOf([result], 'r'))).snapshotId;
  } finally {
    await session.close();
  }
  const point = await findPoint(await fixture.openRepository(), snapshotId);
  const targetFolder = join(fixture.folder, 'restored');
  const { disks } = await restorePoint(await fixture.openRepository(), point, { targetFolder });
  return { result, content: readFileSync(disks[0]?.flatPath ?? '') };
}

const extent = (offsetMib: number, lengthMib: number): Extent => ({
  offsetBytes: offsetMib * mib,
  lengthBytes: lengthMib * mib,
});

describe('a chain on VMFS over iSCSI', () => {
  it.each([
    { version: 6, lunCount: 1, kinds: ['sesparse', 'sesparse'] },
    { version: 6, lunCount: 2, kinds: ['sesparse'] },
    { version: 5, lunCount: 3, kinds: ['cowd', 'cowd'] },
  ] as const)('holds what the guest wrote: VMFS-$version, $lunCount LUNs', async (options) => {
    const made = await chainFiles(options.version, options.kinds, 5 * mib + 1536);
    const { access } = await served(
      async (host) => {
        for (const [name, bytes] of made.files) await writeFile(host, `vm/${name}`, bytes);
      },
      { version: options.version, placement: 'scattered' },
      options.lunCount,
    );
    const source = sourceOf(access, `vm/${made.path}`, made.content.length);
    expect((await wholeOf(source, tools)).equals(made.content)).toBe(true);
    expect((await backedUp(source)).content.equals(made.content)).toBe(true);
  });

  it('reads files, lists folders, tells absence from failure', async () => {
    const { access } = await served((host) => writeFile(host, 'vm/a.vmx', Buffer.from('x = "1"')));
    const opened = await openFolder(access, 'ds', tools);
    expect(await opened.names('vm')).toEqual(['a.vmx']);
    expect(Buffer.from(await opened.readFile('vm/a.vmx', 100)).toString()).toBe('x = "1"');
    await expect(opened.readFile('vm/a.vmx', 3)).rejects.toMatchObject({ code: 'L-FMT-424' });
    await expect(opened.readFile('vm/b.vmx', 3)).rejects.toMatchObject({ code: 'L-FMT-421' });
    await expect(opened.names('none')).rejects.toMatchObject({ code: 'L-FMT-421' });
    expect(await opened.folder.open('vm/b.vmx')).toBeUndefined();
    await opened.close();
    await opened.close();
  });

  it('reads nothing from another device, whatever tells that it is another one', async () => {
    const { access, server, bytesServed } = await served(async () => undefined, { version: 6 }, 2);
    const [first, second] = access.luns;
    if (first?.kind !== 'iscsi' || !second) throw new Error('no LUN');
    for (const wrong of [
      { serial: 'serial-9' },
      { scsiNames: ['naa.600a0980000000000000000000000099'] },
      { sizeBytes: first.sizeBytes - 512 },
      { serial: '', scsiNames: ['eui.0123456789abcdef'] },
    ]) {
      const opening = openFolder({ ...access, luns: [{ ...first, ...wrong }, second] }, 'ds', tools);
      await expect(opening).rejects.toMatchObject({
        code: 'L-BLK-213',
        details: { name: 'lun 1', lun: 1, target: targetName },
      });
    }
    expect(bytesServed()).toBe(0);
    await expect.poll(() => server.sessions.length).toBe(0);
    const known = { ...first, serial: '' };
    await (await openFolder({ ...access, luns: [known, second] }, 'ds', tools)).close();
  });

  it('fails typed where CHAP, mapping or datastore are not right, and shows no password', async () => {
    const { access } = await served(async () => undefined);
    const [lun] = access.luns;
    if (lun?.kind !== 'iscsi') throw new Error('no LUN');
    const failure = async (change: Partial<IscsiLunAccess>, more: Partial<VmfsFolderAccess> = {}) =>
      openFolder({ ...access, luns: [{ ...lun, ...change }], ...more }, 'ds', tools).then(
        () => undefined,
        (error: unknown) => error,
      );
    const refused = await failure({ chap: { ...chap, password: 'another secret' } });
    expect(refused).toMatchObject({ code: 'L-BLK-102' });
    expect(JSON.stringify(refused) + String(refused)).not.toContain('another secret');
    const other = { ...chap, mutual: { ...chap.mutual, password: 'another secret' } };
    const distrusted = await failure({ chap: other });
    expect(distrusted).toMatchObject({ code: 'L-BLK-104' });
    expect(JSON.stringify(distrusted) + String(distrusted)).not.toContain('another secret');
    expect(await failure({ chap: undefined })).toMatchObject({ code: 'L-BLK-103' });
    expect(await failure({ lun: 7 })).toMatchObject({ code: 'L-BLK-201' });
    const uuid = '01234567-01234567-0123-0123456789ab';
    expect(await failure({}, { uuid })).toMatchObject({ code: 'L-FMT-404' });
  });

  it('is backed up by worker threads, reading each byte once, though a portal is lost', async () => {
    const content = diskContent(24 * mib, 5);
    const { access, server, bytesServed } = await served(
      (host) => writeDisk(host, 'a', content.length, 'eager', [[0, content]]),
      { version: 6, placement: 'scattered' },
      2,
    );
    let lost: Promise<void> | undefined;
    const { result, content: restored } = await backedUp(sourceOf(access, 'vm/a.vmdk', content.length), {
      onProgress: () => {
        lost ??= server.closePortal(0);
      },
    });
    await lost;
    expect(restored.equals(content)).toBe(true);
    expect(result.bytesRead).toBe(content.length);
    expect(server.counters.every(({ logins }) => logins > 0)).toBe(true);
    // Metadata of three readers, and what was in flight when the portal went.
    expect(bytesServed()).toBeLessThan(content.length + 24 * mib);
  });
});

describe('holes of VMFS', () => {
  const sizeBytes = 40 * 1024 * mib;
  const data = diskContent(2 * mib, 9);
  const thin = async () => {
    const made = await served((host) =>
      writeDisk(host, 'thin', sizeBytes, 'thin', [
        [0, data],
        [sizeBytes - 2 * mib, data],
      ]),
    );
    return { ...made, source: sourceOf(made.access, 'vm/thin.vmdk', sizeBytes) };
  };

  it('are not read and not counted as read', async () => {
    const { source, bytesServed } = await thin();
    const fixture = await BackupFixture.create(temporaryFolder());
    const session = await fixture.openSession();
    let toRead = 0;
    const result = await session.backupDisk({
      ...{ diskName: 'disk', source, changed: 'all' },
      checkpointFolder: fixture.checkpointFolder(),
      onProgress: ({ bytesToRead }) => {
        toRead = bytesToRead;
      },
    });
    expect(result).toMatchObject({ bytesRead: 4 * mib, bytesChanged: sizeBytes, sizeBytes });
    expect(toRead).toBe(4 * mib);
    const { snapshotId } = await session.commitPoint(fixture.pointOf([result], 'r'));
    const servedFull = bytesServed();
    // What was given back since then is zeros now, and not what the parent had.
    const changed = [extent(0, 1), extent(100, 1)];
    const next = await session.backupDisk({
      ...{ diskName: 'disk', source, changed, parent: { snapshotId, diskName: 'disk' } },
      checkpointFolder: fixture.checkpointFolder(),
    });
    expect(next.bytesRead).toBe(mib);
    expect(next.extentTrees).toEqual(result.extentTrees);
    await session.close();
    expect(servedFull).toBeLessThan(24 * mib);
  });

  it('that changed are zeros, whatever the parent had', async () => {
    const size = 8 * mib;
    const before = await served((host) =>
      writeDisk(host, 'a', size, 'thin', [
        [0, data],
        [4 * mib, data],
      ]),
    );
    const after = await served((host) => writeDisk(host, 'a', size, 'thin', [[0, data]]));
    const fixture = await BackupFixture.create(temporaryFolder());
    const session = await fixture.openSession();
    const back = async (access: VmfsFolderAccess, more: Partial<DiskBackupOptions>) => {
      const result = await session.backupDisk({
        ...{ diskName: 'disk', source: sourceOf(access, 'vm/a.vmdk', size), changed: 'all' },
        checkpointFolder: fixture.checkpointFolder(),
        ...more,
      });
      return { result, ...(await session.commitPoint(fixture.pointOf([result], `r ${result.bytesRead}`))) };
    };
    const { snapshotId } = await back(before.access, {});
    // 4 to 5 MiB were given back; the change reaches into a block whose other half did not change.
    const changed = [{ offsetBytes: 4 * mib, lengthBytes: mib + 100 * 1024 }];
    const second = await back(after.access, { changed, parent: { snapshotId, diskName: 'disk' } });
    await session.close();
    const repository = await fixture.openRepository();
    const targetFolder = join(fixture.folder, 'restored');
    const point = await findPoint(repository, second.snapshotId);
    const { disks } = await restorePoint(repository, point, { targetFolder });
    const expected = Buffer.alloc(size);
    expected.set(data);
    expected.set(data.subarray(mib + 256 * 1024), 5 * mib + 256 * 1024);
    expect(second.result.bytesRead).toBe(0);
    expect(readFileSync(disks[0]?.flatPath ?? '').equals(expected)).toBe(true);
  });

  it('in doubt fail the disk before anything is stored', async () => {
    const { source } = await thin();
    const fixture = await BackupFixture.create(temporaryFolder());
    const session = await fixture.openSession();
    const backUp = (allocatedAreas: Extent[], changed: 'all' | Extent[] = 'all') =>
      session.backupDisk({
        ...{ diskName: 'disk', source, changed, allocatedAreas },
        checkpointFolder: fixture.checkpointFolder(),
      });
    const good = [extent(0, 2), extent(sizeBytes / mib - 2, 2)];
    const bad = [...good, extent(1000, 3)];
    await expect(backUp(bad)).rejects.toMatchObject({
      code: 'L-FMT-431',
      details: { file: 'ds 1/vm/thin.vmdk', ranges: 1, totalBytes: 3 * mib, offset: 1000 * mib },
    });
    // What is not read is not looked at.
    expect((await backUp(bad, [extent(0, 1)])).bytesRead).toBe(mib);
    await expect(backUp(bad, [extent(1001, 1)])).rejects.toMatchObject({ code: 'L-FMT-431' });
    expect((await backUp(good)).bytesRead).toBe(4 * mib);
    // A host that tells the whole disk tells nothing.
    expect((await backUp([extent(0, sizeBytes / mib)])).bytesRead).toBe(4 * mib);
    await session.close();
  });

  it('below a delta count only where the delta has nothing', async () => {
    const made = await chainFiles(11, ['sesparse'], 16 * mib);
    const { access } = await served(async (host) => {
      const base = await host.createDisk('vm/vm-flat.vmdk', 16 * mib, 'thin');
      await base.write(0, data);
      for (const [name, bytes] of made.files)
        if (name !== 'vm-flat.vmdk') await writeFile(host, `vm/${name}`, bytes);
    });
    const source = sourceOf(access, `vm/${made.path}`, 16 * mib);
    const whole = await wholeOf(source, tools);
    const { content, result } = await backedUp(source);
    expect(content.equals(whole)).toBe(true);
    expect(result.bytesRead).toBeLessThan(16 * mib);
    const disk = await openDisk(source, tools);
    const allocated = await disk.allocated();
    await disk.close();
    for (const { offsetBytes, lengthBytes } of allocated ?? [])
      whole.fill(0, offsetBytes, offsetBytes + lengthBytes);
    expect(whole.every((byte) => byte === 0)).toBe(true);
    expect(allocated?.length).toBeGreaterThan(1);
  });
});
