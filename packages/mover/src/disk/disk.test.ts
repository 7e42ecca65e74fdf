import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { systemClock as clock, ManualClock, systemRandomness as randomness } from '@leeward/platform';
import { temporaryFolder } from '@leeward/repository/testing/temporary-folder';
import { describe, expect, it } from 'vitest';
import type { Disk } from './disk.ts';
import { diskSourceSchema } from './disk-source.ts';
import { counted } from './filters/counted.ts';
import { limited } from './filters/limited.ts';
import { openDisk } from './open-disk.ts';

const tools = { clock, randomness };

describe('file disk', () => {
  it('reads exactly what is asked for', async () => {
    const path = join(temporaryFolder(), 'disk');
    writeFileSync(path, Buffer.from('0123456789'));
    const disk = await openDisk({ kind: 'file', path, sizeBytes: 10 }, tools);
    const target = Buffer.alloc(4);
    await disk.read(3, target);
    expect(target.toString()).toBe('3456');
    expect(await disk.allocated()).toBeUndefined();
    await disk.close();
  });

  it('says when the file is shorter than the disk', async () => {
    const path = join(temporaryFolder(), 'disk');
    writeFileSync(path, Buffer.from('0123456789'));
    const disk = await openDisk({ kind: 'file', path, sizeBytes: 1024 }, tools);
    await expect(disk.read(8, Buffer.alloc(4))).rejects.toMatchObject({
      code: 'L-REP-130',
      details: { actualBytes: 10, expectedBytes: 1024 },
    });
    await disk.close();
  });

  it('says when it cannot be opened', async () => {
    const open = openDisk({ kind: 'file', path: join(temporaryFolder(), 'none'), sizeBytes: 1 }, tools);
    await expect(open).rejects.toMatchObject({ code: 'L-REP-131' });
  });
});

describe('source', () => {
  const access = { protocol: 'nfs', addresses: ['127.0.0.1'], exportPath: '/e', rootPath: '' };
  const folder = { name: 'ds', hints: ['ds'], access };
  const chain = { kind: 'chain', folders: [folder], folder: 0, path: 'vm/vm.vmdk', sizeBytes: 10 };
  const lun = { kind: 'block', name: 'v', sizeBytes: 1, serial: '', scsiNames: ['naa.6'] };
  const vmfs = (luns: object[]) => ({
    ...chain,
    folders: [{ ...folder, access: { protocol: 'vmfs', uuid: 'u', luns } }],
  });

  it.each([
    ['a folder', chain, true],
    ['no folder', { ...chain, folders: [] }, false],
    ['a folder that is not there', { ...chain, folder: 1 }, false],
    ['two folders of one name', { ...chain, folders: [folder, folder] }, false],
    ['a device', vmfs([lun]), true],
    ['a device without identity', vmfs([{ ...lun, scsiNames: [] }]), false],
    ['no device', vmfs([]), false],
  ])('with %s', (_, source, isGood) => {
    expect(diskSourceSchema.safeParse(source).success).toBe(isGood);
  });
});

describe('filters', () => {
  const zeros: Disk = {
    sizeBytes: 1e9,
    read: async () => undefined,
    allocated: async () => undefined,
    close: async () => undefined,
  };

  it('count what was read', async () => {
    let bytes = 0;
    const disk = counted(zeros, (read) => {
      bytes += read;
    });
    await Promise.all([disk.read(0, Buffer.alloc(100)), disk.read(5, Buffer.alloc(11))]);
    expect(bytes).toBe(111);
  });

  it('limit the rate over any number of reads at once', async () => {
    const manual = new ManualClock();
    const disk = limited(zeros, 1000, manual);
    let done = 0;
    for (let read = 0; read < 10; read++) {
      disk.read(0, Buffer.alloc(500)).then(() => {
        done++;
      });
    }
    await manual.advance(2000);
    expect(done).toBe(5);
    await manual.advance(10_000);
    expect(done).toBe(10);
  });
});
