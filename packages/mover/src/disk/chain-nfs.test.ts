import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { systemClock as clock, systemRandomness as randomness } from '@leeward/platform';
import { findPoint, restorePoint } from '@leeward/repository';
import { diskContent } from '@leeward/repository/testing/disk-content';
import { temporaryFolder } from '@leeward/repository/testing/temporary-folder';
import { describe, expect, it, onTestFinished } from 'vitest';
import { BackupFixture } from '../testing/backup-fixture.ts';
import { chainFiles, flatDescriptor } from '../testing/chain-files.ts';
import { type ServedNfs, serveNfs } from '../testing/served-nfs.ts';
import { wholeOf } from '../testing/whole-of.ts';
import type { ChainSource } from './disk-source.ts';
import { openFolder } from './folder/open-folder.ts';
import { openDisk } from './open-disk.ts';

const mib = 2 ** 20;
const tools = { clock, randomness };
const content = diskContent(9 * mib, 51);
/** The disk in two extents of one file and one of another, in an order of its own. */
const [cutA, cutB] = [3 * mib + 512, 5 * mib];

async function served(files: ReadonlyMap<string, Uint8Array>): Promise<ServedNfs> {
  const nfs = await serveNfs(files);
  onTestFinished(() => nfs.server.close());
  return nfs;
}

function sourceOf({ access }: ServedNfs, path: string, sizeBytes: number): ChainSource {
  return { kind: 'chain', folders: [{ name: 'ds 1', hints: [], access }], folder: 0, path, sizeBytes };
}

async function flat() {
  const nfs = await served(
    new Map([
      [
        'vm/a-flat.vmdk',
        Buffer.concat([Buffer.alloc(1024, 1), content.subarray(cutB), content.subarray(0, cutA)]),
      ],
      ['vm/b-flat.vmdk', content.subarray(cutA, cutB)],
      [
        'vm/a.vmdk',
        flatDescriptor([
          { fileName: 'a-flat.vmdk', offsetBytes: 1024 + content.length - cutB, lengthBytes: cutA },
          { fileName: 'b-flat.vmdk', offsetBytes: 0, lengthBytes: cutB - cutA },
          { fileName: 'a-flat.vmdk', offsetBytes: 1024, lengthBytes: content.length - cutB },
        ]),
      ],
    ]),
  );
  return { ...nfs, source: sourceOf(nfs, 'vm/a.vmdk', content.length) };
}

describe('a chain over NFS', () => {
  it('is read over the borders of its extents', async () => {
    const { source } = await flat();
    const disk = await openDisk(source, tools);
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
    expect(await disk.allocated()).toEqual([{ offsetBytes: 0, lengthBytes: content.length }]);
    await disk.close();
  });

  it('says when a file is shorter than its extent, and when the disk has another size', async () => {
    const { access } = await flat();
    const nfs = await served(
      new Map([
        ['b-flat.vmdk', Buffer.alloc(512)],
        ['b.vmdk', flatDescriptor([{ fileName: 'b-flat.vmdk', lengthBytes: 1024 }])],
        ['c.vmdk', flatDescriptor([{ fileName: 'b-flat.vmdk', lengthBytes: 512 }])],
        ['d.vmdk', flatDescriptor([{ fileName: 'none-flat.vmdk', lengthBytes: 512 }])],
      ]),
    );
    const codeOf = async (source: ChainSource) =>
      openDisk(source, tools).then(
        () => undefined,
        ({ code }: { code: string }) => code,
      );
    expect(await codeOf(sourceOf(nfs, 'b.vmdk', 1024))).toBe('L-FMT-209');
    expect(await codeOf(sourceOf(nfs, 'c.vmdk', 1024))).toBe('L-FMT-206');
    expect(await codeOf(sourceOf(nfs, 'd.vmdk', 512))).toBe('L-FMT-210');
    expect(await codeOf(sourceOf(nfs, 'none.vmdk', 512))).toBe('L-FMT-101');
    const gone = sourceOf({ ...nfs, access: { ...access, rootPath: '.snapshot/s 2' } }, 'b.vmdk', 1024);
    expect(await codeOf(gone)).toBe('L-NET-201');
  });

  it.each([
    ['COWD', ['cowd']],
    ['SEsparse', ['sesparse']],
    ['two levels', ['cowd', 'sesparse']],
    ['three levels', ['sesparse', 'cowd', 'cowd']],
  ] as const)('holds what the guest wrote: %s', async (_, kinds) => {
    for (const seed of [1, 2, 3]) {
      const made = await chainFiles(seed, kinds, 5 * mib + 1536);
      const nfs = await served(made.files);
      const whole = await wholeOf(sourceOf(nfs, made.path, made.content.length), tools);
      expect(whole.equals(made.content)).toBe(true);
    }
  });

  it('finds a parent on another datastore by its hint, and connects to none that it does not need', async () => {
    const made = await chainFiles(7, ['cowd', 'cowd'], 2 * mib);
    const [base, deltas] = [new Map<string, Buffer>(), new Map<string, Buffer>()];
    for (const [name, bytes] of made.files) {
      if (/^vm(-flat|-f\d+)?\.vmdk$/.test(name)) base.set(`old vm/${name}`, bytes);
      else
        deltas.set(
          name,
          name === 'vm-000001.vmdk'
            ? Buffer.from(bytes.toString().replace('="vm.vmdk"', '="/vmfs/volumes/1234-uuid/old vm/vm.vmdk"'))
            : bytes,
        );
    }
    const [one, two] = [await served(deltas), await served(base)];
    const { length } = made.content;
    const alone = sourceOf(one, made.path, length);
    const nowhere = { ...one.access, nfsPort: 1, mountPort: 1 };
    const source: ChainSource = {
      ...alone,
      folders: [
        { name: 'unused', hints: ['unused'], access: nowhere },
        ...alone.folders,
        { name: 'old', hints: ['old', '1234-uuid'], access: two.access },
      ],
      folder: 1,
    };
    expect((await wholeOf(source, tools)).equals(made.content)).toBe(true);
    await expect(openDisk(alone, tools)).rejects.toMatchObject({ code: 'L-FMT-212' });
  });

  it('ends when it is aborted, and after it was closed', async () => {
    const { source } = await flat();
    const disk = await openDisk(source, tools);
    const stop = new AbortController();
    const reading = disk.read(0, Buffer.alloc(content.length), stop.signal);
    stop.abort(new Error('enough'));
    await expect(reading).rejects.toThrow('enough');
    await disk.close();
    await expect(disk.read(0, Buffer.alloc(10))).rejects.toMatchObject({ code: 'L-NET-115' });
    await expect(openDisk(source, tools, AbortSignal.abort(new Error('no')))).rejects.toThrow('no');
  });

  it('is backed up by worker threads, reading each byte once, though connections drop', async () => {
    const { server, source, bytesServed } = await flat();
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

describe('a folder over NFS', () => {
  it('lists and reads, and tells absence from failure', async () => {
    const nfs = await served(new Map([['vm/a.vmx', Buffer.from('x = "1"')]]));
    const opened = await openFolder(nfs.access, 'ds', tools);
    expect(await opened.names('vm')).toEqual(['a.vmx']);
    expect(await opened.names('')).toEqual(['vm']);
    expect(Buffer.from(await opened.readFile('vm/a.vmx', 100)).toString()).toBe('x = "1"');
    await expect(opened.readFile('vm/a.vmx', 3)).rejects.toMatchObject({ code: 'L-NET-211' });
    await expect(opened.readFile('vm/b.vmx', 3)).rejects.toMatchObject({ code: 'L-NET-201' });
    await expect(opened.names('none')).rejects.toMatchObject({ code: 'L-NET-201' });
    expect(await opened.folder.open('vm/b.vmx')).toBeUndefined();
    await expect(opened.folder.open('vm')).rejects.toMatchObject({ code: 'L-NET-208' });
    await opened.close();
    await opened.close();
    await expect(opened.names('')).rejects.toMatchObject({ code: 'L-NET-115' });
  });
});
