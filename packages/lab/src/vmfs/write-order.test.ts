import { type OpenVmfsOptions, openVmfs } from '@leeward/formats/vmfs/open-vmfs';
import { ManualClock, SeededRandomness } from '@leeward/platform';
import { describe, expect, test } from 'vitest';
import type { BlockStore } from './block-store.ts';
import { VmfsHostVolume } from './host-volume.ts';
import { MemoryStore } from './memory-store.ts';

const mebibyte = 2 ** 20;

/** A LUN of which a storage snapshot is taken after every write: `look` sees what it would hold. */
class WatchedStore extends MemoryStore {
  look: (() => Promise<void>) | undefined;

  override async write(offsetBytes: number, data: Uint8Array): Promise<void> {
    await super.write(offsetBytes, data);
    await this.look?.();
  }
}

/** A LUN whose writes fail after a number of them, until it is mended. */
class FailingStore extends MemoryStore {
  left = Number.POSITIVE_INFINITY;

  override async write(offsetBytes: number, data: Uint8Array): Promise<void> {
    if (this.left <= 0) throw new Error('the array does not answer');
    this.left -= 1;
    await super.write(offsetBytes, data);
  }
}

function format(version: 5 | 6, luns: readonly BlockStore[]): Promise<VmfsHostVolume> {
  const random = new SeededRandomness(version);
  return VmfsHostVolume.format(luns, {
    ...{ version, label: 'store', clock: new ManualClock(), random, placement: 'scattered' },
  });
}

async function contentOf(luns: readonly MemoryStore[], path: string, options?: OpenVmfsOptions) {
  return (await (await openVmfs(luns, options)).readFile(path, 64 * mebibyte)).toString('latin1');
}

describe.each([5, 6] as const)('VMFS-%i: the order of writes', (version) => {
  test('a file that replaces another one is there in every moment, and is the old or the new one', async () => {
    const lun = new WatchedStore(600 * mebibyte);
    const host = await format(version, [lun]);
    await host.makeDirectory('vm');
    for (let each = 0; each < 30; each++)
      await (await host.createFile(`vm/other-${each}`)).write(0, Buffer.of(1));
    await (await host.createFile('vm/vm.vmx')).write(0, Buffer.from('0'.repeat(5000)));
    const disk = await host.createDisk('vm/vm-flat.vmdk', 400 * mebibyte, 'thin');
    await disk.write(0, Buffer.alloc(mebibyte, 9));
    let round = 0;
    let moments = 0;
    lun.look = async () => {
      moments += 1;
      const volume = await openVmfs([lun]);
      const names = (await volume.readDirectory('vm')).map(({ name }) => name);
      expect(names).toEqual(expect.arrayContaining(['vm.vmx', 'vm-flat.vmdk', 'other-7']));
      for (const name of names) await volume.openFile(`vm/${name}`);
      const vmx = (await volume.readFile('vm/vm.vmx', mebibyte)).toString('latin1');
      expect([String(round).repeat(5000), String(round - 1).repeat(5000)]).toContain(vmx);
      const first = Buffer.alloc(1);
      await (await volume.openFile('vm/vm-flat.vmdk')).read(0, first);
      expect(first[0]).toBe(9);
    };
    for (round = 1; round < 5; round++) {
      const file = await host.createFile('vm/vm.vmx~');
      await file.write(0, Buffer.from(String(round).repeat(5000)));
      await host.rename('vm/vm.vmx~', 'vm/vm.vmx');
      await host.remove(`vm/other-${round + 10}`);
      await disk.write((round * 70 + 3) * mebibyte - 5, Buffer.alloc(mebibyte, 3));
    }
    expect(moments).toBeGreaterThan(60);
  });

  test('what a failed write left behind is made good by the next one', async () => {
    for (let writes = 0; writes < 12; writes++) {
      const lun = new FailingStore(600 * mebibyte);
      const host = await format(version, [lun]);
      const disk = await host.createDisk('flat', 500 * mebibyte, 'thin');
      await disk.write(0, Buffer.alloc(mebibyte, 1));
      lun.left = writes;
      const data = Buffer.alloc(2 * mebibyte, 2);
      const failed = await disk.write(400 * mebibyte, data).then(
        () => false,
        () => true,
      );
      lun.left = Number.POSITIVE_INFINITY;
      if (failed) await disk.write(400 * mebibyte, data);
      const volume = await openVmfs([lun]);
      const read = Buffer.alloc(data.length);
      await (await volume.openFile('flat')).read(400 * mebibyte, read);
      expect(read.equals(data)).toBe(true);
    }
  });

  test('a move into another folder never loses the file', async () => {
    const lun = new WatchedStore(600 * mebibyte);
    const host = await format(version, [lun]);
    for (const name of ['a', 'b']) await host.makeDirectory(name);
    for (const name of ['a/x', 'b/x']) await (await host.createFile(name)).write(0, Buffer.from(name));
    lun.look = async () => {
      const volume = await openVmfs([lun]);
      const found: string[] = [];
      for (const folder of ['a', 'b'])
        for (const { name } of await volume.readDirectory(folder))
          found.push((await volume.readFile(`${folder}/${name}`, 100)).toString('latin1'));
      expect(found).toContain('a/x');
    };
    await host.rename('a/x', 'b/x');
    expect(await contentOf([lun], 'b/x')).toBe('a/x');
  });
});
