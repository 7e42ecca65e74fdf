import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { FileStore } from '@leeward/lab/vmfs/file-store';
import { VmfsHostVolume } from '@leeward/lab/vmfs/host-volume';
import { systemClock as clock, systemRandomness as randomness, SeededRandomness } from '@leeward/platform';
import { diskContent } from '@leeward/repository/testing/disk-content';
import { temporaryFolder } from '@leeward/repository/testing/temporary-folder';
import { describe, expect, it } from 'vitest';
import { flatDescriptor } from '../testing/chain-files.ts';
import type { ChainSource } from './disk-source.ts';
import { openDisk } from './open-disk.ts';

const gib = 2 ** 30;
const content = diskContent(6 * 2 ** 20, 21);

describe('a chain on VMFS over devices of this host', () => {
  it('holds what the guest wrote, on several of them', async () => {
    const folder = temporaryFolder();
    const [linkFolder, classFolder] = [join(folder, 'by-id'), join(folder, 'class')];
    mkdirSync(linkFolder);
    const stores = await Promise.all(
      [0, 1].map(async (lun) => {
        const path = join(folder, `sd${lun}`);
        symlinkSync(path, join(linkFolder, `wwn-0x600a09800000000000000000000000a${lun}`));
        return FileStore.create(path, 4 * gib);
      }),
    );
    const random = new SeededRandomness(6);
    const host = await VmfsHostVolume.format(stores, {
      ...{ version: 6, label: 'store', placement: 'scattered', clock, random },
    });
    const flat = await host.createDisk('a-flat.vmdk', content.length, 'thin');
    await flat.write(0, content);
    const text = flatDescriptor([{ fileName: 'a-flat.vmdk', lengthBytes: content.length }]);
    await (await host.createFile('a.vmdk')).write(0, text);
    await Promise.all(stores.map((store) => store.close()));
    const luns = [0, 1].map((lun) => ({
      ...{ kind: 'block' as const, name: `lun ${lun}`, sizeBytes: 4 * gib, serial: '' },
      scsiNames: [`naa.600a09800000000000000000000000a${lun}`],
    }));
    const source: ChainSource = {
      kind: 'chain',
      folders: [{ name: 'ds', hints: [], access: { protocol: 'vmfs', uuid: host.uuid, luns } }],
      ...{ folder: 0, path: 'a.vmdk', sizeBytes: content.length },
    };
    const devices = { linkFolder, classFolder };
    const disk = await openDisk(source, { clock, randomness, devices });
    const whole = Buffer.alloc(content.length);
    await disk.read(0, whole);
    await disk.close();
    expect(whole.equals(content)).toBe(true);
    await expect(disk.read(0, whole)).rejects.toMatchObject({ code: 'L-BLK-306' });
    const lost = openDisk(source, { clock, randomness, devices: { ...devices, linkFolder: classFolder } });
    await expect(lost).rejects.toMatchObject({ code: 'L-BLK-301', details: { name: 'lun 0' } });
  });
});
